"""What is made of words in another language: numbers are masked, and all of it is withheld.

The rules for names read English: in Polish they mask half of the words and miss names. So nobody
who may see masked words only sees these (docs/decisions/0031).
"""

from collections.abc import Sequence

import numpy as np

from storybank.index.readings import Reading
from storybank.tables import DIMENSIONS
from storybank.understand.redact.reviewed import Decided, reviewed
from storybank.values import Mask

BY_RULE = frozenset(
    {
        "bank", "card", "driving_licence", "email", "handle", "link", "network_address", "nhs",
        "nino", "passport", "phone", "postcode", "vehicle",
    }
)  # fmt: skip
"""Kinds of details that are known by how they are written, in whatever language they stand."""


def withheld_reading(
    text: str, found: Sequence[Mask], decisions: Sequence[Decided], language: str
) -> Reading:
    """Give the reading of words in `language`: what is masked in them, and nothing else.

    `found` is what the English rules find; `decisions` are what people said of masks.
    """
    by_rule = [mask for mask in found if mask.kind in BY_RULE]
    return Reading(
        masks=reviewed(text, by_rule, decisions),
        passages=(),
        texts=(),
        vectors=np.zeros((0, DIMENSIONS), dtype=np.float32),
        suggestions=(),
        masked="",
        withheld=True,
        language=language,
    )

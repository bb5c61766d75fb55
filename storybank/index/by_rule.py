"""Masks of words in another language: only those of details that are known by how they look."""

from collections.abc import Sequence

from storybank.understand.redact.reviewed import Decided, reviewed
from storybank.values import Mask

BY_RULE = frozenset(
    {
        "bank", "card", "driving_licence", "email", "handle", "link", "network_address", "nhs",
        "nino", "passport", "phone", "postcode", "vehicle",
    }
)  # fmt: skip
"""Kinds of details that are known by how they are written, in whatever language they stand."""


def by_rule(text: str, found: Sequence[Mask], decisions: Sequence[Decided]) -> tuple[Mask, ...]:
    """Give the masks of withheld words: of `found` those that hold in any language."""
    return reviewed(text, [mask for mask in found if mask.kind in BY_RULE], decisions)

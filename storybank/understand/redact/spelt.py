"""Names spelt out letter by letter: "it's spelt K A R I M", "K for kite, O, F, I"."""

import re
from collections.abc import Iterator

from storybank.understand.redact.details import Detail, detail

_LETTER = r"[^\W\d_](?: (?:for|as in) [^\W\d_]{2,20})?"
_BETWEEN = r"(?: ?[,.\-] ?| )"
_CUE = (
    r"\b(?:spel(?:t|led|ling|l|ls)(?: it| that| this| like(?: that| this)?| as| is|,|:){0,3} ?"
    r"|name(?:['\u2019]s| is|:)? )"
)
_SPELT = re.compile(
    rf"{_CUE}(?P<it>{_LETTER}(?:{_BETWEEN}{_LETTER}){{2,24}})(?![\w'\u2019])", re.IGNORECASE
)
"""Three letters or more: "spelt with a K" tells little, and "spelt out A B C" is no name."""


_ONE = re.compile(_LETTER, re.IGNORECASE)
_LEAST = 4
"""Letters of a spelt name that is looked for as a word, too: shorter ones are too often others."""


def spelt_names(text: str) -> Iterator[Detail]:
    """Find names spelt out right after "spelt" or "my name is", and the same names as words."""
    names = set()
    for match in _SPELT.finditer(text):
        yield detail(match.start("it"), match.end("it"), "person")
        names.add("".join(letter[0][0] for letter in _ONE.finditer(match["it"])).lower())
    whole = "|".join(sorted(name for name in names if len(name) >= _LEAST))
    for match in re.finditer(rf"\b(?:{whole})\b", text, re.IGNORECASE) if whole else ():
        yield detail(match.start(), match.end(), "person")

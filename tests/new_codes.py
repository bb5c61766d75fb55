"""A code that somebody has just written, and a small head that sees words, for reading it."""

import numpy as np

from storybank.understand.heads import Head, View
from storybank.values import Direction
from storybank.versions.draft import blank_code
from tests.fakes import HashEmbedder

WARM = "We sat in the warm library all winter with soup and company"
COLD = "There is nowhere to sit down out of the cold any more"
PAIRS = (("good-place", Direction.LIVED), ("good-place", Direction.MISSING))
WORDS = HashEmbedder()


class WordsAlong:
    """Sees a unit by its own words, and counts how often it is asked."""

    def __init__(self):
        self.asked = 0

    def vectors(self, stories):
        self.asked += 1
        return [[WORDS.encode([unit.of(text) for unit in units]) for text, _, units in stories]]


def head(lived="", missing=""):
    """A head that takes the words of `lived` and `missing` for its one code."""
    words = 20 * WORDS.encode([lived, missing]).T if lived else np.zeros((384, 2))
    view = View(words.astype(np.float32), np.zeros(2, np.float32))
    blank = np.zeros(7, np.float32)
    return Head("hashed-1", "thriving-communities@1", "hashed", PAIRS, (view,), blank, blank + 1,
                blank, np.full(2, -9, np.float32), np.ones(2, np.float32), 1.0)  # fmt: skip


def warm_code():
    """The code: warm spaces, lived as in WARM and missing as in COLD."""
    code = blank_code("outcome", "Warm spaces")
    examples = code.examples.model_copy(update={"present": (WARM,), "missing": (COLD,)})
    return code.model_copy(update={
        "label": "Warm", "question": "Is there somewhere warm?", "examples": examples,
        "definition": "People have somewhere warm to sit without paying.",
        "includes": ("A warm room with company", "Heating turned off early (missing)"),
        "directions": code.directions.model_copy(update={"present": "a", "missing": "b"}),
    })  # fmt: skip

"""What Storybank asks of the parts that read a story."""

from collections.abc import Sequence
from typing import Protocol

from storybank.values import Mask, Span, Suggestion

FROM_EXAMPLES = "examples-of-"
"""How a reader of codes that no head was trained for is named, before the name of its framework."""


class Redactor(Protocol):
    """Finds personal details in a text."""

    @property
    def rules_id(self) -> str:
        """Name and version of the rules, stored with every mask."""

    def find(self, text: str, doubtful: Sequence[Span] = ()) -> tuple[Mask, ...]:
        """Give the masks of `text`, in order and without overlap; none for an empty text.

        `doubtful` are the words, in order, that the speech engine was not sure of.
        """


class Tagger(Protocol):
    """Reads a text against a framework."""

    @property
    def model_id(self) -> str:
        """Name and version of the head, stored with every suggestion."""

    @property
    def framework(self) -> str:
        """The framework version that it reads by, e.g. `thriving-communities@1`."""

    def tag(self, text: str, sentences: Sequence[Span]) -> tuple[Suggestion, ...]:
        """Give the suggested tags of `text`, each with the words that carry it; may be empty.

        `sentences` are the spans that `segment.sentences` found in the same text.
        """

"""Words that the speech engine is not sure of, where a name or an address would stand.

A misheard name is often written down as an everyday word: "my name is Ann Nope". The rules of
names cannot see it; the engine's own doubt can.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from storybank.understand.redact.details import Detail, detail
from storybank.values import Span, Transcript

DOUBTFUL = 0.5
"""Words heard with less confidence than this are doubtful."""
SURE = 0.35
_AFTER_NAME = re.compile(
    r"\b(?:my name(?:['\u2019]s| is)|(?:his|her|their) name(?:['\u2019]s| is| was)"
    r"|i['\u2019]m called|(?:called|named)|this is|speaking to|ask for|surname(?:['\u2019]s| is)"
    r"|i['\u2019]m|i am)\s+",
    re.IGNORECASE,
)
_AFTER_HOME = re.compile(
    r"\b(?:i live (?:at|on|in)|we live (?:at|on|in)|(?:my|the|our) address(?:['\u2019]s| is)"
    r"|i['\u2019]m (?:at|on)|home is|living (?:at|on|in))\s+",
    re.IGNORECASE,
)
_MOST_WORDS = {"person": 4, "address": 6}


def doubtful_words(transcript: Transcript) -> tuple[Span, ...]:
    """Give the words that were heard with little confidence, in order; none for typed text."""
    return tuple(
        word.span
        for segment in transcript.segments
        for word in segment.words
        if word.heard and word.confidence < DOUBTFUL
    )


def heard_details(text: str, doubtful: Sequence[Span]) -> Iterator[Detail]:
    """Give what was heard badly right after "my name is" or "I live at"; `doubtful` in order."""
    if not doubtful:
        return
    starts = [span.start for span in doubtful]
    for kind, form in (("person", _AFTER_NAME), ("address", _AFTER_HOME)):
        for match in form.finditer(text):
            at = match.end()
            first = bisect_left(starts, at)
            row = doubtful[first : first + _MOST_WORDS[kind]]
            end = at
            for span in row:
                if text[end : span.start].strip():
                    break
                end = span.end
            while end > at and not text[end - 1].isalnum():
                end -= 1
            if end > at:
                yield detail(at, end, kind, SURE)

"""Find what a masked text names as good, sentence by sentence, from the parse.

Precision comes first: what is denied, past, wished, ironic or only claimed is left out, and so is
whatever the rules do not understand. Nothing good may be put into a teller's mouth.
"""

import re
from collections.abc import Iterator
from typing import Any

from storybank.understand.nlp import parsed
from storybank.understand.strengths.deeds import each_other, helps
from storybank.understand.strengths.doubts import doubtful, thankful
from storybank.understand.strengths.praise import loved, praised, without_them
from storybank.understand.strengths.skills import skill
from storybank.understand.strengths.who import Named
from storybank.values import Span, Strength

RULES_ID = "strengths-4"
"""Name and version of the rules: stored with every row that they make."""
KINDS = ("skill", "group", "place", "relationship")
GRAMMAR = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer")
MOST_TOKENS = 90
"""A longer sentence is passed over: nobody could say what in it is meant."""

_PLACEHOLDER = re.compile(r"\[[^\[\]\n]{1,60}\]")


def find_strengths(nlp: Any, text: str) -> tuple[Strength, ...]:
    """Give what `text` names as good, in order; one of a kind and name for each sentence.

    `text` is masked. `nlp` is a spaCy pipeline with a parser; without one nothing is found.
    """
    plain = _PLACEHOLDER.sub(_as_name, text)
    found: dict[tuple[str, str, int], Strength] = {}
    for offset, doc in parsed(nlp, plain, GRAMMAR):
        if not doc.has_annotation("DEP"):
            continue
        for sentence in doc.sents:
            for kind, name in _in_sentence(sentence):
                span = _stripped(text, offset + sentence.start_char, offset + sentence.end_char)
                shown = _with_masks(name, span.of(text))
                found.setdefault((kind, shown.lower(), span.start), Strength(kind, span, shown))
    return tuple(found.values())


def _as_name(mask: re.Match[str]) -> str:
    """Give a name as long as a placeholder: the parser sees a person, and places stay."""
    return "P" + "x" * (len(mask[0]) - 1)


def _with_masks(name: str, words: str) -> str:
    """Give a name as it stands in the masked words, which are as long as those that were parsed."""
    at = _PLACEHOLDER.sub(_as_name, words).find(name)
    return name if at < 0 else words[at : at + len(name)]


def _in_sentence(sentence: Any) -> Iterator[Named]:
    if not 3 <= len(sentence) <= MOST_TOKENS:
        return
    if thankful(sentence.text):
        yield from without_them(sentence)
        return
    if doubtful(sentence.text):
        return
    for token in sentence:
        for look in (skill, praised, loved, helps, each_other):
            yield from look(token)


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)

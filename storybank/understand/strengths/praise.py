"""Groups, places and people that a story praises, loves, thanks, or could not do without."""

from collections.abc import Iterator
from typing import Any

from storybank.understand.strengths import lexicon as lex
from storybank.understand.strengths.doubts import denied
from storybank.understand.strengths.who import (
    Named,
    behind,
    kind_of,
    meant,
    name_of,
    past,
    subject_of,
)

_THANKS = frozenset({"thank", "thanks", "grateful", "thankful"})
_LESS = frozenset({"not", "no", "n't", "less", "too", "hardly", "as", "far"})


def praised(token: Any) -> Iterator[Named]:
    """Give what "the library is the only warm place" and "our choir is a lifeline" praise."""
    if token.lemma_.lower() not in {"be", "feel"} or token.pos_ not in {"AUX", "VERB"}:
        return
    who = meant(subject_of(token))
    kind = kind_of(who)
    if kind is None or denied(token, who):
        return
    said = [c for c in token.children if c.dep_ in {"acomp", "attr", "oprd"}]
    if not said or not _good(said[0], told_as_past=past(token), kind=kind):
        return
    if any(c.dep_ == "prep" and c.lower_ == "at" for at in (token, said[0]) for c in at.children):
        return  # a skill, if anything
    yield kind, name_of(who, kind)


def _good(said: Any, *, told_as_past: bool, kind: str) -> bool:
    around = list(said.children)
    if any(c.dep_ == "neg" or c.lower_ in _LESS for c in around):
        return False
    if said.pos_ in {"NOUN", "PROPN"}:
        return not told_as_past and _good_thing(said)
    joined = {c.lower_ for c in around if c.dep_ == "conj" and c.pos_ == "ADJ"}
    words = {said.lemma_.lower(), said.lower_} | joined
    if told_as_past:  # what somebody did stays true; what a place was may be over
        return kind == "relationship" and bool(words & lex.CONDUCT)
    return bool(words & (lex.GOOD | lex.CONDUCT))


def _good_thing(said: Any) -> bool:
    around = list(said.children)
    how = {c.lower_ for c in around if c.dep_ in {"amod", "compound"}}
    good = {said.lemma_.lower()} & lex.GOOD_THINGS | (how & lex.GOOD)
    return bool(good) and not any(c.lower_ == "but" for c in around)


def loved(token: Any) -> Iterator[Named]:
    """Give what "I love the garden" and "thanks to the choir" name."""
    if token.lemma_.lower() in lex.LIKES and token.pos_ == "VERB":
        who = subject_of(token)
        if who is None or who.lower_ in {"they", "he", "you"} or past(token) or denied(token, who):
            return
        things = [c for c in token.children if c.dep_ == "dobj"]
    elif token.lower_ in {"to", "for"} and token.head.lemma_.lower() in _THANKS:
        things = [] if denied(token.head) else [behind(token)]
    else:
        return
    for thing in things:
        kind = kind_of(thing)
        if kind:
            yield kind, name_of(thing, kind)


def without_them(sentence: Any) -> Iterator[Named]:
    """Give whom "I would not have managed without the lunch club" names."""
    words = {t.lower_ for t in sentence}
    if not words & lex.LOST or not words & {"would", "could", "'d", "if"}:
        return
    if words & {"used", "closed", "shut"}:
        return
    for token in sentence:
        thing = behind(token) if token.lower_ in {"without", "for"} else None
        kind = kind_of(thing)
        if thing is None or kind is None or token.dep_ != "prep":
            continue
        if not any(c.lower_ in {"any", "a", "no"} for c in thing.children):
            yield kind, name_of(thing, kind)

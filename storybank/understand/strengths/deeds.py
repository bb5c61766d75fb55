"""What somebody does for others: "she always checks on me", "the choir got me through"."""

import re
from collections.abc import Iterator
from typing import Any

from storybank.understand.strengths import lexicon as lex
from storybank.understand.strengths.doubts import denied
from storybank.understand.strengths.who import (
    Named,
    introduced,
    kind_of,
    name_of,
    neighbour,
    past,
    subject_of,
)

_US = r"(me|us|her|him|them|mum|dad|my \w+)"
_ALL = rf"({_US}|you|people|everyone|everybody|anyone)"
_VERY = r"(so |really |very )?"
_HEART = re.compile(
    rf"\b(got|gets?|gotten) {_US} (through|out of|back)"
    rf"|\b(keeps?|kept) {_US} (going|sane|alive|well|busy|company)"
    rf"|\b(makes?|made) {_ALL} {_VERY}(feel )?{_VERY}(welcome|safe|at home|happy|laugh|smile|proud"
    r"|like (family|one of|part of|i belong))"
    r"|\b(saves?|saved) (my|our|her|his) (life|sanity)|\bchange[ds]? my life"
    r"|\bmeans? (the world|everything|so much|a lot)"
    rf"|\b(gives?|gave|given) {_ALL} (back )?(my |our |her |his |a |some |real |the )?"
    r"(reason to (live|get|go)|confidence|hope|purpose|life|place to)"
    r"|\bbrings? (people|us|everyone|everybody|the (street|estate|neighbours)) together"
    rf"|\b(there for|stood by) {_US}"
)
_TROUBLE = frozenset({"money", "bill", "rent", "notice", "court", "eviction", "fine", "bad"})
_WITH_PARTICLE = frozenset(
    {"look", "keep", "check", "pop", "stand", "sit", "knock", "pick", "drop"}
)
_EVERYBODY = frozenset(
    {"we", "me", "us", "everyone", "everybody", "people", "neighbours", "all", "families"}
)


def helps(token: Any) -> Iterator[Named]:
    """Give who does the deed that a verb names, where it is a good one."""
    if token.pos_ not in {"VERB", "AUX"} or token.dep_ in {"advcl", "csubj"}:
        return
    who = subject_of(token)
    if token.dep_ == "relcl" and who is not None and who.lower_ in {"who", "that"}:
        who = introduced(token.head)
    kind = None if who is None else kind_of(who) or neighbour(who)
    if kind is None or denied(token, who):
        return
    if _gives_heart(token) or (kind != "place" and _kind_deed(token)):
        yield kind, name_of(who, kind)


def each_other(token: Any) -> Iterator[Named]:
    """Give those of whom "we look out for each other" is said."""
    if token.lemma_.lower() not in lex.EACH_OTHER or token.pos_ != "VERB" or past(token):
        return
    who = subject_of(token)
    if who is None or who.lower_ not in _EVERYBODY or denied(token, who):
        return
    said = " ".join(t.lower_ for t in token.subtree)
    if re.search(r"\b(each other|one another)\b", said):
        yield "relationship", "each other" if who.lower_ in {"we", "me", "us"} else who.text


def _kind_deed(verb: Any) -> bool:
    lemma = verb.lemma_.lower()
    words = {t.lower_ for t in verb.subtree}
    if lemma not in lex.HELPS or words & _TROUBLE:
        return False
    if lemma in _WITH_PARTICLE:
        return bool(words & lex.PARTICLES) and bool(words & lex.ANYBODY)
    if lemma in lex.HELPS_ALONE:
        return bool(words & (lex.ANYBODY | {"out", "always"}))
    return bool(words & lex.USUAL) and bool(words & lex.ANYBODY)


def _gives_heart(verb: Any) -> bool:
    return _HEART.search(" ".join(t.lower_ for t in verb.subtree)) is not None

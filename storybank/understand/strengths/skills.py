"""What people are good at: "brilliant at mending bikes", "can fix anything"."""

from collections.abc import Iterator
from typing import Any

from storybank.understand.strengths import lexicon as lex
from storybank.understand.strengths.doubts import denied
from storybank.understand.strengths.misdeeds import is_misdeed
from storybank.understand.strengths.who import Named, behind, past, subject_of, words_of

_GIFTS = frozenset({"knack", "gift", "talent", "flair"})
_TEACHES = frozenset({"teach", "show", "know"})


def skill(token: Any) -> Iterator[Named]:
    """Give the skill that a word of a sentence is the key of, if it is."""
    if token.lower_ in {"at", "with"} and token.dep_ == "prep":
        yield from _good_at(token)
    elif token.lemma_.lower() in lex.DOES and (_can(token) or _taught(token)):
        yield "skill", words_of(token)
    elif token.lemma_.lower() in _GIFTS and token.dep_ in {"dobj", "attr"}:
        yield from _gift(token)


def _good_at(token: Any) -> Iterator[Named]:
    able, what = token.head, behind(token)
    if able.lemma_.lower() == "be":  # the parser hangs "at" on either of them
        able = next((c for c in able.children if c.dep_ in {"acomp", "attr"}), able)
    if what is None or able.lemma_.lower() not in lex.ABLE or not _is_skill(token, what):
        return
    if is_misdeed(what):
        return
    verb = able.head if able.dep_ in {"acomp", "attr", "conj", "oprd"} else able
    who = subject_of(verb) or next((c for c in verb.children if c.dep_ == "expl"), None)
    if verb.lemma_.lower() != "be" or who is None or past(verb) or denied(verb, who):
        return
    thing = who.lower_ in {"it", "this", "that", "which"}
    if not thing and not any(c.lower_ == "not" for c in able.children):
        yield "skill", words_of(what)


def _is_skill(preposition: Any, what: Any) -> bool:
    """Say whether one can do it: "at not answering" is a joke, "with us" no skill."""
    if what.pos_ == "PRON" or any(c.dep_ == "neg" for c in what.children):
        return False
    return preposition.lower_ == "at" or what.lemma_.lower() in lex.HANDLED


def _can(verb: Any) -> bool:
    """Say whether "she can": now, of somebody, with something behind the verb."""
    helpers = [c.lower_ for c in verb.children if c.dep_ == "aux"]
    who = subject_of(verb)
    if verb.tag_ != "VB" or helpers != ["can"] or who is None or not _is_person(who):
        return False
    if any(c.lower_ in {"hardly", "only", "barely"} for c in verb.children):
        return False
    if verb.dep_ not in {"ROOT", "conj", "relcl", "ccomp"}:
        return False
    return _has_object(verb) and not denied(verb, who, can=True)


def _is_person(who: Any) -> bool:
    known = who.lower_ in {"he", "she", "who"} or who.pos_ == "PROPN"
    return known or who.lemma_.lower() in lex.PEOPLE


def _has_object(verb: Any) -> bool:
    return any(
        (c.dep_ == "dobj" and c.lower_ not in {"it", "that", "what"}) or c.lower_ == "for"
        for c in verb.children
    )


def _taught(verb: Any) -> bool:
    if verb.dep_ != "xcomp" or verb.head.lemma_.lower() not in _TEACHES:
        return False
    who = subject_of(verb.head)
    return who is not None and not denied(verb.head, who)


def _gift(token: Any) -> Iterator[Named]:
    if denied(token.head, subject_of(token.head)) or any(t.lower_ == "no" for t in token.children):
        return
    for preposition in (c for c in token.children if c.lower_ in {"for", "with"}):
        what = behind(preposition)
        if what is not None and not is_misdeed(what):
            yield "skill", words_of(what)

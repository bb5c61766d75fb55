"""Who or what a sentence speaks of, and how it is called; people are never called by name."""

import re
from typing import Any

from storybank.understand.strengths import lexicon as lex
from storybank.understand.strengths.doubts import denied

Named = tuple[str, str]
"""A kind of strength, and what is good in the story's own words."""

_KINDS = (("group", lex.GROUPS), ("place", lex.PLACES), ("relationship", lex.PEOPLE))
_VAGUE = frozenset({"no", "any", "another", "some", "every", "other", "former", "next", "last"})


def kind_of(thing: Any | None) -> str | None:
    """Give what a noun is: group, place or relationship; None where it is none, or a vague one."""
    if thing is None or thing.pos_ not in {"NOUN", "PROPN"}:
        return None
    before = {c.lower_ for c in thing.children if c.dep_ in {"det", "neg", "amod"}}
    owned = any(c.dep_ in {"poss", "det"} or c.pos_ == "PROPN" for c in thing.children)
    plural = thing.pos_ == "PROPN" or thing.lower_.endswith("s")
    if before & _VAGUE or not (owned or plural):
        return None
    forms = {thing.lemma_.lower(), thing.lower_}
    return next((kind for kind, words in _KINDS if forms & words), None)


def neighbour(who: Any) -> str | None:
    """Give `relationship` for a name, or the mask of one, with where they live behind it."""
    near = {t.lower_ for t in who.doc[who.i : who.i + 5]}
    beside = who.pos_ == "PROPN" and bool(near & (lex.WHERE | {"door", "flat", "number"}))
    return "relationship" if beside else None


def name_of(thing: Any, kind: str) -> str:
    """Give what is good in the story's own words; of a person what they are, not the name."""
    if kind == "relationship":
        if thing.pos_ == "PROPN" and thing.lower_ not in lex.PEOPLE:
            return "neighbour" if neighbour(thing) else "somebody"
        return str(thing.lower_)
    parts = [c for c in thing.children if c.dep_ in {"compound", "amod", "nmod"} and c.i < thing.i]
    start = min([c.left_edge.i for c in parts], default=thing.i)
    return str(thing.doc[_behind_owner(thing, start) : thing.i + 1].text)


def _behind_owner(thing: Any, start: int) -> int:
    """Give where the words behind a name with 's begin: "wee Jimmy's club" is a club."""
    doc = thing.doc
    ends = [i for i in range(start + 1, thing.i) if doc[i].tag_ == "POS"]
    return max([i + 1 for i in ends if doc[i - 1].pos_ == "PROPN"], default=start)


def meant(who: Any | None) -> Any | None:
    """Give the last of two nouns side by side: in "our street WhatsApp group", the group."""
    if who is None:
        return None
    beside = [c for c in who.children if c.dep_ == "appos" and c.left_edge.i == who.i + 1]
    return beside[0] if beside else who


def introduced(thing: Any) -> Any | None:
    """Give who is meant in "it's the volunteers who ..." and "there is a woman who ..."."""
    verb = thing.head
    first = {c.lower_ for c in verb.children if c.dep_ in {"nsubj", "expl"}}
    told = verb.lemma_.lower() == "be" and bool(first & {"it", "there"})
    return thing if told and not denied(verb) else None


def subject_of(verb: Any) -> Any | None:
    """Give the subject of a verb, or of the verb that it is joined to."""
    at = verb
    for _ in range(3):
        for child in at.children:
            if child.dep_ in {"nsubj", "nsubjpass"}:
                return child
        if at.dep_ not in {"conj", "xcomp"} or at.head is at:
            return None
        at = at.head
    return None


def behind(preposition: Any) -> Any | None:
    """Give what stands behind a preposition."""
    return next((c for c in preposition.children if c.dep_ in {"pobj", "pcomp"}), None)


def past(verb: Any) -> bool:
    """Say whether it is told as past: was, were, had been."""
    if verb.tag_ == "VBD":
        return True
    return any(c.dep_ in {"aux", "auxpass"} and c.tag_ == "VBD" for c in verb.children)


def words_of(head: Any) -> str:
    """Give a word with what belongs to it, at most eight words of the same clause."""
    start = head.i if head.pos_ == "VERB" else head.left_edge.i
    end = min(head.right_edge.i, start + 7, head.sent.end - 1)
    text = str(head.doc[start : end + 1].text)
    return re.split(r"[,.;:!?()]| and | but | so | because | when ", text)[0].strip()

"""What keeps a good word from counting: it is denied, wished, past, ironic, or somebody's claim."""

import re
from typing import Any

from storybank.understand.strengths import lexicon as lex

_AGAINST = re.compile(
    r"\b(used to|used ta|no longer|no more|any ?more|once was|until (they|it|the)|"
    r"before (they|it|the council)|passed away|died|moved away|"
    r"(has|have|had|is|was|been|got|are|were|they|council) (been |being )?"
    r"(shut|close[ds]?|closing|axed|cut|gone|sold|demolished|knocked|scrapped|ended|stopped)|"
    r"so[- ]called|yeah,? right|thanks for nothing|my (foot|arse)|big deal|for all the good|"
    r"supposed(ly)? to|supposedly|meant to be|allegedly|apparently|in theory|on paper|"
    r"as if|as though|if (only|it was|it were|there)|"
    r"if you (like|enjoy|want|don't mind|can|have|are|fancy|know)|"
    r"unless|as long as|when it's open|on the one day|better than nothing|too good|"
    r"wish|would be|would have been|could be|might be|should be|could do with|"
    r"leaflet|brochure|advert|poster|website|slogan)\b"
    r"|\U0001f644|/s\b|[\"\u201c](\w+ )?(helpful|great|brilliant|lovely|caring|welcoming|support"
    r"|community|safe|friendly|team|inclusive)[\"\u201d]",
    re.IGNORECASE,
)
_FIRST = r"great|brilliant|lovely|fantastic|wonderful|marvellous|charming|perfect|nice"
_SARCASM = re.compile(
    rf"^\W*(oh|well|yeah|{_FIRST})\b[,.! ]+"
    rf"({_FIRST}|another|that|thanks|so|more|now|isn't)\b",
    re.IGNORECASE,
)
_THANKFUL = re.compile(r"\b(without|weren'?t for|wasn'?t for|not for|n't for)\b", re.IGNORECASE)
_I = frozenset({"i", "we"})


def doubtful(sentence: str) -> bool:
    """Say whether words of a sentence cast doubt on all that it calls good."""
    return (
        sentence.rstrip(" \"'\u201d\u2019)").endswith("?")
        or _AGAINST.search(sentence) is not None
        or _SARCASM.search(sentence) is not None
    )


def thankful(sentence: str) -> bool:
    """Say whether it is of the kind "I would not be here without them"."""
    return _THANKFUL.search(sentence) is not None


def denied(predicate: Any, subject: Any | None = None, *, can: bool = False) -> bool:
    """Say whether a predicate of the parse is denied, only wished, or only said by others.

    With `can`, "can" is no doubt: it is what is looked for.
    """
    if any(_denies(child) for child in predicate.children if not (can and child.lower_ == "can")):
        return True
    if subject is not None and any(t.lower_ in lex.NEGATIONS for t in subject.subtree):
        return True
    return _governed(predicate)


def _denies(child: Any) -> bool:
    if child.dep_ == "neg" or (
        child.lower_ in lex.NEGATIONS and child.dep_ not in {"prep", "nsubj"}
    ):
        return True
    if child.dep_ in {"aux", "auxpass"}:
        return child.lower_ in lex.MAYBE
    return child.dep_ == "mark" and child.lower_ in {"if", "whether", "unless", "until", "before"}


def _governed(predicate: Any) -> bool:
    """Say whether it hangs on a verb that denies it, or on what somebody else says or thinks."""
    at = predicate
    for _ in range(4):
        if at.dep_ not in {"ccomp", "xcomp", "conj", "advcl"} or at.head is at:
            return False
        above = at.head
        if at.dep_ == "ccomp" and at.i < above.i and above.lemma_.lower() not in lex.CLAIMS:
            return False  # two sentences with a comma between: "he is patient, he don't shout"
        if at.dep_ == "conj":
            at = above
            continue
        if any(c.dep_ == "neg" for c in above.children):
            return True
        if above.lemma_.lower() in lex.CLAIMS and not _of_teller(above):
            return True
        if above.lemma_.lower() in {"want", "hope", "need", "try", "use", "fail", "stop"}:
            return True
        at = above
    return False


def _of_teller(verb: Any) -> bool:
    subjects = [c.lower_ for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}]
    return bool(subjects) and subjects[0] in _I and verb.tag_ != "VBD"

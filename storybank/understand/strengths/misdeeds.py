"""What nobody is praised for: "brilliant at keeping us waiting" is said in bitterness.

Where it is in doubt, it is left out: a strength that is missed harms nobody, a bitter word that is
shown as praise mocks the teller.
"""

from itertools import takewhile
from typing import Any

from storybank.understand.strengths import lexicon as lex

_OURS = frozenset({"us", "our", "ours"})
_INSIDE = frozenset({"of", "up", "away", "off"})
_NEAR = 3
"""Words behind a verb in which its object stands: "making all of us wait"."""


def is_misdeed(what: Any) -> bool:
    """Say whether nobody is praised for it: "ignoring us", "passing the buck", "excuses"."""
    deed = what.lemma_.lower()
    if deed in lex.MISDEEDS or deed in (
        lex.BOTHERS if what.pos_ == "VERB" else lex.SPOILS | lex.EXCUSES
    ):
        return True
    objects = {c.lemma_.lower() for c in what.children if c.i > what.i}
    if objects & lex.EXCUSES or (deed in lex.PLAIN and objects & lex.SPOILS):
        return True
    if deed in lex.RAISES and objects & lex.COSTS:
        return True
    if (deed == "break" and "promise" in objects) or (deed == "take" and "money" in objects):
        return True
    return _promises(what) or _at_our_cost(what, deed)


def _promises(what: Any) -> bool:
    """Whether the parser took a deed for a property: in "promising things" the things promise."""
    return any(c.lower_ == "promising" for c in what.children)


def _at_our_cost(what: Any, deed: str) -> bool:
    """Whether something is done with us, and nothing tells that it is good: "taking our money"."""
    if deed not in lex.AT_COST:
        return False
    near = what.doc[what.i + 1 : what.i + 1 + _NEAR]
    object_ = takewhile(lambda token: token.pos_ != "ADP" or token.lower_ in _INSIDE, near)
    good = {token.lemma_.lower() for token in what.subtree} & lex.GOOD_FOR_US
    return any(token.lower_ in _OURS for token in object_) and not good

"""Who somebody is to whom, in the words that were said: "my son", "her support worker".

A name is replaced by a number; what the person is to the teller is no secret, and is kept.
"""

import re

from storybank.understand.redact.words import KIN, WORKERS
from storybank.values import Span

_WHOSE = r"(?:my|his|her|their|our|your)"
_HOW = (
    r"(?:older|elder|eldest|oldest|younger|youngest|little|big|late|best|old|new|next[- ]door|dear"
    r"|lovely|first|second|middle|twin|foster|adopted|step|great|support|social|key|youth|outreach"
    r"|case|family|housing|health|care|link|project|swimming|school|class|community|tenancy"
    r"|english|football|boxing|cricket|head|playgroup|nursery|job|work|benefits|drugs|debt)"
)
_ROLE = "|".join(sorted({*KIN, *WORKERS}, key=len, reverse=True))
_IN_LAW = r"(?:[- ]in[- ]law|['\u2019]s (?:boy|girl|son|daughter|friend|mum|dad))?"
_PHRASE = rf"{_WHOSE} (?:{_HOW} ){{0,2}}(?:{_ROLE}){_IN_LAW}"
_BEFORE = re.compile(
    rf"\b(?P<role>{_PHRASE})(?:,? (?:who(?:['\u2019]s| is| was)? )?(?:is |was )?"
    r"(?:called|named)|,| is| was)? (?:mr|mrs|ms|miss|dr)?\.? ?\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?:,? (?:is|was|who is|who was|that['\u2019]s)|,) (?P<role>{_PHRASE})\b"
    r"(?! (?:is|was|and)\b)",
    re.IGNORECASE,
)
_LOOK = 70


def role_of(text: str, name: Span) -> str | None:
    """Give what the text just before or after a name says the person is; None where it does not.

    Only words of kin and of work are taken, so that a role names
    nobody.
    """
    found = _BEFORE.search(text, max(0, name.start - _LOOK), name.start)
    found = found or _AFTER.match(text, name.end, name.end + _LOOK)
    return _plain(found["role"]) if found else None


def _plain(role: str) -> str:
    return " ".join(role.lower().replace("\u2019", "'").split())

"""Decisions whose words a correction took away: put them on other words, or drop them.

The decision itself never changes. Put on other words, it is a new one, by whoever put it there, and
the old one is kept as taken back; dropped, it is kept as taken back, and the audit says by whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlmodel import Session

from storybank import audit
from storybank.access import Actor
from storybank.coding import NewTag, Selection, add, held
from storybank.errors import BadInput, Conflict, NotFound
from storybank.framework import Framework
from storybank.index.tags import fits, refresh_tags, rows_read
from storybank.keys import Keyring
from storybank.tables import Coding, now
from storybank.values import Direction, Role, Span

ALIKE = 0.5
"""The share of the quoted words, in their order, that a new place has to hold to be offered."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Words of a passage that are most like those that went."""

    passage_id: int
    words: str


def place_again(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    coding_id: int,
    selection: Selection,
    framework: Framework,
) -> Coding:
    """Put a decision that no longer fits on chosen words; gives the new one.

    Raises NotAllowed, NotFound, Conflict where it fits again or was dropped meanwhile, BadInput for
    a rejection (there is nothing to reject in other words), and the errors of `coding.add`.
    """
    old = _unfit(session, actor, coding_id)
    if old.decision == "rejected":
        raise BadInput(message="A rejection cannot be put on other words. Drop it instead.")
    made = add(
        session, keyring, actor, selection, NewTag(framework, old.code, Direction(old.direction))
    )
    if made.story_id != old.story_id:
        raise NotFound(f"coding {coding_id} is of another story")
    _take_away(session, actor, old, "code-moved")
    return made


def drop(session: Session, actor: Actor, coding_id: int) -> Coding:
    """Drop a decision that no longer fits, whoever took it; raises as `place_again`."""
    old = _unfit(session, actor, coding_id)
    _take_away(session, actor, old, "code-dropped")
    return old


def offer(quote: str, passages: Sequence[tuple[int, str]]) -> Offer | None:
    """Give the words most like `quote` among passages (id, masked words), or None.

    Words count in their order, capitals and punctuation do not.
    """
    wanted = [_plain(word) for word in quote.split()]
    best, found = ALIKE, None
    for number, text in passages:
        words = text.split()
        plain = [_plain(word) for word in words]
        there = set(plain)
        if sum(word in there for word in wanted) < best * len(wanted):
            continue  # an hour of speech has a thousand passages: most are told at a glance
        match = SequenceMatcher(None, wanted, plain, False)
        blocks = [b for b in match.get_matching_blocks() if b.size]
        share = sum(b.size for b in blocks) / max(1, len(wanted))
        if share >= best and blocks:
            first, last = blocks[0].b, blocks[-1].b + blocks[-1].size
            best, found = share, Offer(number, _slice(text, first, last))
    return found


def _slice(text: str, first: int, last: int) -> str:
    """Give the words from number `first` up to `last` exactly as they stand in `text`."""
    at, spans = 0, []
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        spans.append(Span(start, at))
    return text[spans[first].start : spans[last - 1].end]


def _unfit(session: Session, actor: Actor, coding_id: int) -> Coding:
    actor.require(Role.EVALUATOR)
    coding = held(session, actor, coding_id)
    if coding.undone_at is not None or fits(coding, rows_read(session, coding.story_id)):
        raise Conflict(
            f"coding {coding_id}",
            message="This decision stands on words again, or was dropped. Load the story again.",
        )
    return coding


def _take_away(session: Session, actor: Actor, coding: Coding, act: str) -> None:
    coding.undone_at = now()
    session.add(coding)
    session.flush()
    audit.note(session, actor.person_id, act, coding.id or 0)
    refresh_tags(session, coding.story_id)


def _plain(word: str) -> str:
    return "".join(c for c in word.casefold() if c.isalnum()) or word

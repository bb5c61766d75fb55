"""A person confirms, rejects or adds a code: the sole writer of codings.

Suggestions stay as the machine made them; decisions stand beside them and are undone, never
erased. Only evaluators code, and only what they may read.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session, col, select

from storybank import audit
from storybank.access import Actor, readable_story
from storybank.capture.checks import touches, unchecked
from storybank.errors import (
    BadSelection,
    Conflict,
    ConsentWithdrawn,
    NotAllowed,
    NotFound,
    Unchecked,
)
from storybank.framework import Framework
from storybank.index.tags import refresh_tags
from storybank.index.texts import masks_of
from storybank.keys import Keyring
from storybank.spans import find_quote, from_utf16, shown_span, told_span
from storybank.tables import (
    Coding,
    PassageRow,
    Story,
    SuggestionRow,
    TranscriptRow,
    now,
)
from storybank.understand.segment import times
from storybank.values import Direction, Mask, Role, Span
from storybank.vault import open_transcript, story_key
from storybank.versions.progress import reading_of

Decision = Literal["confirmed", "rejected"]

LONGEST_QUOTE = 2_000
_CURLY = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


@dataclass(frozen=True, slots=True)
class Selection:
    """Words that a person chose in a passage, as the page showed it (masked).

    With a mouse `start` and `end` come along, in UTF-16 units of the passage; typed by hand there
    are only the words.
    """

    passage_id: int
    words: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where quoted words stand: transcript, span in the text as told, and the masked words."""

    transcript_id: int
    span: Span
    quote: str


def decide(session: Session, actor: Actor, suggestion_id: int, decision: Decision) -> Coding:
    """Confirm or reject one suggestion; gives the decision, which replaces this person's last.

    The same decision twice is one. Raises NotAllowed, Unchecked, or NotFound where the story is
    not theirs to read or the suggestion has been made anew since.
    """
    actor.require(Role.EVALUATOR)
    found = session.get(SuggestionRow, suggestion_id)
    if found is None:
        raise NotFound(
            f"suggestion {suggestion_id}",
            message="This suggestion has been made anew since. Load the story again.",
        )
    readable_story(session, actor, found.story_id)
    if decision == "confirmed":
        refuse_unchecked(session, found.transcript_id, Span(found.start, found.end))
    coding = Coding(
        story_id=found.story_id,
        transcript_id=found.transcript_id,
        framework=found.framework,
        code=found.code,
        direction=found.direction,
        start=found.start,
        end=found.end,
        quote=found.quote,
        start_ms=found.start_ms,
        decision=decision,
        person_id=actor.person,
    )
    return _keep(session, actor, coding)


def add(
    session: Session, keyring: Keyring, actor: Actor, selection: Selection, tag: "NewTag"
) -> Coding:
    """Add a code that the machine did not suggest, on words that somebody chose.

    Raises UnknownCode, BadSelection where the words do not stand in the passage, NotAllowed, or
    NotFound where the story is not theirs to read.
    """
    actor.require(Role.EVALUATOR)
    tag.framework.code(tag.code)
    passage = session.get(PassageRow, selection.passage_id)
    if passage is None:
        raise NotFound(
            f"passage {selection.passage_id}",
            message="This story has been read anew since. Load it again and select once more.",
        )
    readable_story(session, actor, passage.story_id)
    hold(session, passage.story_id)
    row = session.get_one(TranscriptRow, passage.transcript_id)
    place = _place(passage, masks_of(session, row), selection)
    refuse_unchecked(session, place.transcript_id, place.span)
    coding = Coding(
        story_id=passage.story_id,
        transcript_id=place.transcript_id,
        framework=tag.framework.name,
        code=tag.code,
        direction=tag.direction,
        start=place.span.start,
        end=place.span.end,
        quote=place.quote,
        start_ms=_said_at(session, keyring, actor, passage, place.span),
        decision="added",
        person_id=actor.person,
    )
    return _keep(session, actor, coding)


@dataclass(frozen=True, slots=True)
class NewTag:
    """A code of a framework in one direction, to be put on selected words."""

    framework: Framework
    code: str
    direction: Direction


def undo(session: Session, actor: Actor, coding_id: int) -> Coding:
    """Take back one's own decision; it is kept as undone. Raises NotAllowed or NotFound."""
    actor.require(Role.EVALUATOR)
    coding = held(session, actor, coding_id)
    if coding.person_id != actor.person_id:
        raise NotAllowed(
            f"coding {coding_id}",
            message="Only the person who decided can take a decision back.",
        )
    _check_newest(session, coding)
    _undo(session, actor, coding)
    refresh_tags(session, coding.story_id)
    return coding


def hold(session: Session, story_id: uuid.UUID) -> None:
    """Let nobody else decide about a story, read it or take it back until the transaction ends.

    Two presses at once must not make two decisions, nor write the tags twice. Comes before any row
    of the story is held: erasing and reading take them in this order. Raises ConsentWithdrawn.
    """
    query = select(Story.id).where(Story.id == story_id, col(Story.withdrawn_at).is_(None))
    if session.exec(query.with_for_update()).one_or_none() is None:
        raise ConsentWithdrawn(f"story {story_id}")


def held(session: Session, actor: Actor, coding_id: int) -> Coding:
    """Give a decision about a story that this person may read, and hold both.

    Raises NotFound or ConsentWithdrawn.
    """
    story_id = session.exec(select(Coding.story_id).where(Coding.id == coding_id)).one_or_none()
    if story_id is None:
        raise NotFound(f"coding {coding_id}")
    readable_story(session, actor, story_id)
    hold(session, story_id)
    return session.get_one(Coding, coding_id, populate_existing=True)


def standing(session: Session, story_id: uuid.UUID) -> Sequence[Coding]:
    """Give the decisions about one story that are not undone, the oldest first."""
    query = select(Coding).where(Coding.story_id == story_id, col(Coding.undone_at).is_(None))
    return session.exec(query.order_by(col(Coding.id))).all()


def _keep(session: Session, actor: Actor, coding: Coding) -> Coding:
    """Store a decision in place of what this person had decided about the same words."""
    hold(session, coding.story_id)
    _check_newest(session, coding)
    for earlier in standing(session, coding.story_id):
        if not _same_place(earlier, coding) or earlier.person_id != coding.person_id:
            continue
        if earlier.decision == coding.decision:
            return earlier
        _undo(session, actor, earlier)
    session.add(coding)
    session.flush()
    audit.note(session, actor.person_id, f"code-{coding.decision}", coding.id)
    refresh_tags(session, coding.story_id)
    return coding


def refuse_unchecked(session: Session, transcript_id: int, span: Span) -> None:
    """Raise Unchecked where somebody would vouch for words that may have been misheard."""
    doubted = unchecked(session, [transcript_id]).get(transcript_id, ())
    if touches(doubted, span.start, span.end):
        raise Unchecked(f"transcript {transcript_id}")


def _check_newest(session: Session, coding: Coding) -> None:
    """Raise Conflict where the story has been read by a newer version: the older one is kept."""
    if reading_of(session, coding.story_id, coding.framework, newest=True) != coding.framework:
        raise Conflict(
            f"story {coding.story_id}",
            message="This story is read by a newer version of the codes now. Load it again.",
        )


def _undo(session: Session, actor: Actor, coding: Coding) -> None:
    if coding.undone_at is None:
        coding.undone_at = now()
        session.add(coding)
        session.flush()
        audit.note(session, actor.person_id, "code-undone", coding.id)


def _same_place(one: Coding, other: Coding) -> bool:
    def about(coding: Coding) -> tuple[object, ...]:
        place = (coding.transcript_id, coding.start, coding.end)
        return (coding.framework, coding.code, coding.direction, place)

    return about(one) == about(other)


def _place(passage: PassageRow, masks: Sequence[Mask], selection: Selection) -> Place:
    within = Span(passage.start, passage.end)
    shown = _shown(passage.text, selection)
    told = told_span(masks, within, shown)
    # A selection that cuts a placeholder grew to the whole of it: so does the quote.
    quote = shown_span(masks, within, told).of(passage.text)
    return Place(passage.transcript_id, told, quote)


def _shown(text: str, selection: Selection) -> Span:
    """Find the selected words in the masked text of a passage; raises BadSelection."""
    if selection.start is not None and selection.end is not None:
        found = from_utf16(text, selection.start, selection.end)
        if _plain(found.of(text)) != _plain(selection.words):
            raise BadSelection
    else:
        found = _typed(text, selection.words)
    return _trimmed(text, found)


def _typed(text: str, words: str) -> Span:
    """Find words typed by hand: capitals, curly marks and spacing need not agree."""
    words = words.strip()[:LONGEST_QUOTE]
    exact = find_quote(text, words)
    if exact is not None:
        return exact
    pattern = r"\s+".join(re.escape(word) for word in words.translate(_CURLY).split())
    found = re.search(pattern, text.translate(_CURLY), re.IGNORECASE) if pattern else None
    if found is None:
        raise BadSelection
    return Span(*found.span())


def _trimmed(text: str, span: Span) -> Span:
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    end = span.end - (len(words) - len(words.rstrip()))
    if start >= end or not any(c.isalnum() for c in words):
        raise BadSelection
    return Span(start, end)


def _plain(words: str) -> str:
    return " ".join(words.split())


def _said_at(
    session: Session, keyring: Keyring, actor: Actor, passage: PassageRow, span: Span
) -> int | None:
    """Give when the words are said, in ms; None for typed stories. Only the time leaves here."""
    if passage.start_ms is None:
        return None
    story = readable_story(session, actor, passage.story_id)
    row = session.get_one(TranscriptRow, passage.transcript_id)
    return times(open_transcript(story_key(keyring, story), row), span)[0]

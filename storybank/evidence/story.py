"""One story as staff read it: masked words with times, and the readings of it side by side."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case
from sqlmodel import Session, col, func, select

from storybank.access import Actor, readable_story
from storybank.capture.checks import unchecked
from storybank.capture.recordings import heard_by_staff
from storybank.capture.side_steps import given_up, in_want, waits_by_hand
from storybank.capture.translations import english_by, spoken_by, translation_of
from storybank.evidence.notes import ShownNote, shown_notes
from storybank.evidence.passages import DoubtedSpan, ShownPassage, all_shown
from storybank.evidence.readings import OwnAnswer, Tagged, Text, own_reading, tags_of
from storybank.index.tags import newest_read
from storybank.index.texts import masks_of
from storybank.keys import Keyring
from storybank.tables import (
    Checked,
    Consent,
    Doubt,
    PassageRow,
    Person,
    Place,
    Programme,
    Recording,
    Story,
    TranscriptRow,
)
from storybank.values import Mode, Span, StoryState, Transcript
from storybank.vault import open_transcript, story_key
from storybank.versions.shelf import version_of


@dataclass(frozen=True, slots=True)
class StoryView:
    """Everything that the page of one story shows.

    `withheld` says that it was told in another language: its words are not shown. `english_by` is
    the model that made the English, or the person, who made it `english_on` that day.
    `names_unheard` says that nobody knows when names are said: there is no machine's English.
    """

    story: Story
    programme: str
    place: str | None
    consents: tuple[Consent, ...]
    passages: tuple[ShownPassage, ...]
    tags: tuple[Tagged, ...]
    own: tuple[OwnAnswer, ...]
    notes: tuple[ShownNote, ...]
    recording: Recording | None
    sent_by: str | None
    read_by: str | None
    corrected_on: datetime | None
    language: str = "en"
    withheld: bool = False
    english: tuple[ShownPassage, ...] = ()
    english_by: str | None = None
    english_on: datetime | None = None
    names_unheard: bool = False


def view_story(
    session: Session,
    keyring: Keyring,
    actor: Actor,
    story_id: uuid.UUID,
    framework: str | None = None,
) -> StoryView:
    """Give what `actor` may read of one story; raises NotFound.

    Of the versions of a framework only `framework` is shown, or all (None): side by side the same
    words would seem to be read twice.

    The recording is there only where the teller let their voice be played and the muted copy is
    made. From the sealed transcripts times are taken, and what a worker says, masked.
    """
    story = readable_story(session, actor, story_id)
    transcript = newest_read(session, story_id)
    translation = translation_of(session, transcript)
    text = _text(session, story_id, transcript)
    english = _text(session, story_id, translation) if translation else None
    every = tags_of(session, actor, story_id, [text, *([english] if english else [])])
    tags = tuple(tag for tag in every if _shown_under(tag.framework, framework))
    told, told_in_english = _opened(keyring, story, transcript, translation)
    sender = session.get(Person, story.sent_by) if story.sent_by else None
    place = session.get(Place, story.place_id) if story.place_id else None
    return StoryView(
        story=story,
        programme=session.get_one(Programme, story.programme_id).name,
        place=place.name if place else None,
        consents=_consents(session, story_id),
        passages=() if text.withheld else all_shown(text, told, tags, _doubts(session, text)),
        tags=tags,
        own=own_reading(session, story_id),
        notes=shown_notes(session, story_id),
        recording=heard_by_staff(session, story_id) if story.may_voice else None,
        sent_by=sender.name if sender else None,
        read_by=_heard_by(session, story_id),
        corrected_on=transcript.created_at if transcript and transcript.version > 1 else None,
        language=transcript.language if transcript else "en",
        withheld=transcript.withheld if transcript else False,
        english=all_shown(english, told_in_english, tags, _doubts(session, english))
        if english
        else (),
        english_by=english_by(session, translation),
        english_on=translation.created_at if translation and translation.person_id else None,
        names_unheard=_names_unheard(session, story_id),
    )


def _names_unheard(session: Session, story_id: uuid.UUID) -> bool:
    is_read, by_machine = (
        col(TranscriptRow.rules_id).is_not(None),
        (col(TranscriptRow.translates).is_not(None) & col(TranscriptRow.person_id).is_(None)),
    )
    query = select(TranscriptRow.withheld, is_read & by_machine)
    rows = session.exec(query.where(TranscriptRow.story_id == story_id)).all()
    heard = any(in_english and not withheld for withheld, in_english in rows)
    return any(withheld for withheld, _ in rows) and not heard


def _shown_under(name: str, framework: str | None) -> bool:
    return framework in (None, name) or version_of(name)[0] != version_of(framework or "")[0]


MOST_WAITING = 200
"""So many stories in progress are listed at once."""


def waiting(session: Session, condition: ColumnElement[bool]) -> Sequence[Story]:
    """Give the stories under `condition` that are not read yet, MOST_WAITING at most.

    Those in need of help come first: among them are stories of which something beside the words
    could not be made. Last come those that are read all the same.
    """
    at_work = col(Story.state) != StoryState.READY
    order = case((help_needed(), 0), (at_work, 1), else_=2)
    query = select(Story).where(condition, at_work | given_up())
    return session.exec(query.order_by(order, col(Story.created_at)).limit(MOST_WAITING)).all()


def count_waiting(session: Session, condition: ColumnElement[bool]) -> int:
    """Give how many stories `waiting` would list if it listed all."""
    at_work = col(Story.state) != StoryState.READY
    query = select(func.count()).select_from(Story)
    return session.exec(query.where(condition, at_work | given_up())).one()


def help_needed() -> ColumnElement[bool]:
    """Give the condition on `Story` that it cannot be found before somebody does something."""
    return (col(Story.state) == StoryState.NEEDS_HELP) | in_want()


def count_help_needed(session: Session, condition: ColumnElement[bool]) -> int:
    """Give how many stories under `condition` are in need of help.

    Each kind is counted by its own index: with "or" between them every story would be read.
    """
    helpless = col(Story.state) == StoryState.NEEDS_HELP
    number = select(func.count()).select_from(Story)
    kinds = (number.where(condition, helpless), number.where(condition, ~helpless, in_want()))
    first, second = (kind.scalar_subquery() for kind in kinds)
    return session.scalar(select(first + second)) or 0


def waiting_for_english(session: Session, condition: ColumnElement[bool]) -> Sequence[Story]:
    """Give the stories under `condition` that wait for a person to put them into English.

    The oldest come first, MOST_WAITING at most.
    """
    query = select(Story).where(condition, waits_by_hand()).order_by(col(Story.created_at))
    return session.exec(query.limit(MOST_WAITING)).all()


def count_for_english(session: Session, condition: ColumnElement[bool]) -> int:
    """Give how many stories `waiting_for_english` would list if it listed all."""
    query = select(func.count()).select_from(Story).where(condition, waits_by_hand())
    return session.exec(query).one()


def _text(session: Session, story_id: uuid.UUID, row: TranscriptRow | None) -> Text:
    query = select(PassageRow).where(PassageRow.story_id == story_id)
    if row is not None:
        query = query.where(PassageRow.transcript_id == row.id)
    rows = session.exec(query.order_by(col(PassageRow.ordinal))).all()
    doubted = unchecked(session, [row.id] if row and row.id else [])
    return Text(
        row,
        rows,
        masks_of(session, row) if row is not None else (),
        doubted.get(row.id or 0, ()) if row else (),
        translation=row is not None and row.translates is not None,
    )


def _doubts(session: Session, text: Text) -> tuple[DoubtedSpan, ...]:
    """Give the marked sentences of a text, and who said that they are right (None: nobody)."""
    if text.row is None:
        return ()
    said = {
        (checked.start, checked.end): name or "the teller"
        for checked, name in session.exec(
            select(Checked, Person.name)
            .join(Person, col(Person.id) == col(Checked.person_id), isouter=True)
            .where(Checked.story_id == text.row.story_id, col(Checked.undone_at).is_(None))
            .where(Checked.transcript_id == (text.row.translates or text.row.id))
        )
    }
    query = select(Doubt).where(Doubt.transcript_id == text.row.id).order_by(col(Doubt.start))
    found = []
    for doubt in session.exec(query):
        span = Span(doubt.start, doubt.end)
        is_open = any(span == one for one in text.doubted)
        root = session.get(Doubt, doubt.root_id) if doubt.root_id else doubt
        name = said.get((root.start, root.end)) if root is not None else None
        found.append((span, doubt, None if is_open else name or "somebody"))
    return tuple(found)


def _consents(session: Session, story_id: uuid.UUID) -> tuple[Consent, ...]:
    query = select(Consent).where(Consent.story_id == story_id).order_by(col(Consent.id).desc())
    return tuple(session.exec(query).all())


def _opened(
    keyring: Keyring, story: Story, row: TranscriptRow | None, translation: TranscriptRow | None
) -> tuple[Transcript | None, Transcript | None]:
    """Open a spoken story's text and its English: for their times, and for who speaks where.

    What a worker says is shown in one of the two only.
    """
    if row is None or story.mode != Mode.SPOKEN:
        return None, None
    key = story_key(keyring, story)
    told = open_transcript(key, row)
    if translation is None or not row.withheld:
        return told, None
    return told, spoken_by(open_transcript(key, translation), told)


def _heard_by(session: Session, story_id: uuid.UUID) -> str | None:
    """Give what wrote the story down first; None where it was typed."""
    query = select(TranscriptRow.model_id).where(
        TranscriptRow.story_id == story_id, col(TranscriptRow.translates).is_(None)
    )
    return session.exec(query.order_by(col(TranscriptRow.version)).limit(1)).first()

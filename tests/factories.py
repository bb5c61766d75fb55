"""Plain functions that put rows into a test's database; each gives what it made."""

import uuid
from typing import Any

from sqlmodel import Session, select

from storybank.tables import DIMENSIONS, PassageRow, Person, Place, Programme, Story, TranscriptRow
from storybank.values import Channel, Mode, Role, StoryState


def make_programme(session: Session, slug: str = "thriving", **more: Any) -> Programme:
    found = session.exec(select(Programme).where(Programme.slug == slug)).one_or_none()
    if found:
        return found
    row = Programme(slug=slug, name=slug.title(), prompt="What changed for you?", **more)
    session.add(row)
    session.flush()
    return row


def make_place(session: Session, slug: str = "blackbird-leys", **more: Any) -> Place:
    found = session.exec(select(Place).where(Place.slug == slug)).one_or_none()
    if found:
        return found
    row = Place(slug=slug, name=slug.replace("-", " ").title(), **more)
    session.add(row)
    session.flush()
    return row


def make_person(session: Session, role: Role = Role.EVALUATOR, **more: Any) -> Person:
    values = {"email": f"{uuid.uuid4().hex[:8]}@example.org", "name": "Ada", "password_hash": "x"}
    row = Person(role=role, **(values | more))
    session.add(row)
    session.flush()
    return row


def make_story(session: Session, text: str = "", **more: Any) -> Story:
    """A finished story; with `text`, it has one transcript and one passage of those words.

    By default the teller agreed to everything. The transcript is not really sealed: use
    `capture.intake.receive` where a test has to open it.
    """
    programme = make_programme(session)
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "told_on": "2026-11-01",
        "programme_id": programme.id,
        "channel": Channel.WEB,
        "mode": Mode.TYPED,
        "content_digest": b"",
        "receipt_digest": uuid.uuid4().bytes,
        "key_id": "test",
        "wrapped_key": b"test",
        "state": StoryState.READY,
        "title": text[:60],
        "language": "en",
    } | {f"may_{use}": True for use in ("learn", "quote", "voice", "publish", "named")}
    story = Story(**(values | more))
    session.add(story)
    session.flush()
    if text:
        make_passages(session, story, text)
    return story


def make_passages(session: Session, story: Story, *texts: str) -> list[PassageRow]:
    """Give `story` a first transcript made of `texts`, one passage each."""
    whole = " ".join(texts)
    transcript = TranscriptRow(
        story_id=story.id, version=1, source="typed", sealed=b"", masked=whole, rules_id="test"
    )
    session.add(transcript)
    session.flush()
    rows, at = [], 0
    for ordinal, text in enumerate(texts):
        row = PassageRow(
            story_id=story.id, transcript_id=transcript.id, ordinal=ordinal,
            start=at, end=at + len(text), text=text, model_id="test",
            embedding=[1.0] + [0.0] * (DIMENSIONS - 1),
        )  # fmt: skip
        session.add(row)
        rows.append(row)
        at += len(text) + 1
    session.flush()
    return rows

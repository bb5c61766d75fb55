"""A database of its own for measuring: made for the purpose, and gone afterwards."""

import contextlib
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from storybank import db
from storybank.access import Actor
from storybank.index.passages import replace_passages
from storybank.tables import Programme, Story, TranscriptRow
from storybank.understand.embed import Embedder
from storybank.understand.segment import passages, sentences
from storybank.values import Channel, Mode, Role, StoryState, Transcript

MEASURER = Actor(role=Role.EVALUATOR, name="measurement")
"""Who searches in a measurement: it sees what an evaluator sees."""

_QUICK = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


@contextlib.contextmanager
def throwaway_database(extra: str = "") -> Iterator[Engine]:
    """Give an engine on a fresh, migrated database on a server of its own; all of it goes after.

    The real database is never touched, whatever the settings say. `extra` are lines for the
    server's settings file.
    """
    with (
        tempfile.TemporaryDirectory(prefix="storybank-measure-") as folder,
        db.embedded_server(Path(folder) / "postgres", _QUICK + extra) as server,
    ):
        engine = db.make_engine(db.dialect(server.get_uri(database="postgres")))
        try:
            db.upgrade(engine)
            yield engine
        finally:
            engine.dispose()


@dataclass(frozen=True)
class Loader:
    """Puts plain texts into a throw-away database as finished stories, cut and embedded.

    The words are neither sealed nor masked: gold texts are invented or public.
    """

    engine: Engine
    nlp: Any
    embedder: Embedder

    def load(self, stories: Mapping[str, str]) -> dict[str, uuid.UUID]:
        """Store each text under its external id; gives the story's id for each."""
        cut = {
            name: passages(Transcript(words), sentences(self.nlp, words))
            for name, words in stories.items()
        }
        texts = {name: [p.span.of(stories[name]) for p in cut[name]] for name in stories}
        vectors = self.embedder.encode([shown for of_story in texts.values() for shown in of_story])
        ids, at = {}, 0
        with db.transaction(self.engine) as session:
            programme = measured_programme(session)
            for name in stories:
                row = add_story(session, programme, name)
                mine = vectors[at : at + len(texts[name])]
                model_id = self.embedder.model_id
                replace_passages(session, row, cut[name], texts[name], mine, model_id=model_id)
                ids[name], at = row.story_id, at + len(texts[name])
        vacuum(self.engine)
        return ids


def vacuum(engine: Engine) -> None:
    """Let the planner know what is in the tables now."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def add_story(session: Session, programme: Programme, external_id: str) -> TranscriptRow:
    """Store a finished story that allows all; gives its transcript, without words of its own."""
    assert programme.id is not None  # noqa: S101 (the caller flushed it)
    story = Story(
        id=uuid.uuid5(
            uuid.NAMESPACE_OID, external_id
        ),  # ties are in the order of ids, ever the same
        told_on="2026-01-01",
        programme_id=programme.id,
        channel=Channel.IMPORT,
        mode=Mode.TYPED,
        external_id=external_id,
        content_digest=b"",
        receipt_digest=uuid.uuid4().bytes,
        key_id="none",
        state=StoryState.READY,
        may_learn=True,
        may_quote=True,
        invented=True,
    )
    session.add(story)
    session.flush()
    row = TranscriptRow(story_id=story.id, version=1, source="typed", sealed=b"")
    session.add(row)
    session.flush()
    return row


def measured_programme(session: Session) -> Programme:
    """Store a programme for stories to hang on."""
    row = Programme(slug="measurement", name="Measurement", prompt="")
    session.add(row)
    session.flush()
    return row

"""The tagger of now: made for the current framework version and for what was learnt last."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sqlalchemy import Engine
from sqlmodel import Session

from storybank.db import reading
from storybank.engines import Engines
from storybank.errors import HeadDamaged, HeadMissing, StorybankError
from storybank.framework import Framework
from storybank.installed import in_use
from storybank.settings import Settings
from storybank.understand.along import Along
from storybank.understand.embed import Changes
from storybank.understand.engines import Tagger
from storybank.understand.examples import ground_of
from storybank.understand.heads import Head
from storybank.understand.learnt import LearningTagger, load_learnt
from storybank.understand.sight import LastSeen
from storybank.understand.tag import HeadTagger
from storybank.understand.together import TaggerTogether
from storybank.versions.fates import Fate
from storybank.versions.shelf import current_name, named, names_of, what_became

log = logging.getLogger(__name__)

ANOTHER_ENCODER = (
    "was learnt with another language model than the one in use. "
    "Run storybank train --install to learn again, or storybank train --undo."
)

FLOOR = 0.05
"""Under corrections the head tells of all that it finds at least so likely."""


class Wanted(NamedTuple):
    """What a tagger is made for."""

    framework: str
    learnt: Path | None


class Taggers:
    """Gives the tagger of now, and makes a new one only when something has changed.

    One object serves a worker. What cannot be loaded does not take the place of what could.
    """

    def __init__(self, engines: Engines, engine: Engine) -> None:
        self._engines, self._engine = engines, engine
        self._heads: dict[str, Head] = {}
        self._readers: dict[str, Along] = {}
        self._made: tuple[Wanted, Tagger] | None = None
        self._lock = threading.Lock()

    def now(self) -> Tagger:
        """Give the tagger for the version that is current; raises HeadMissing, HeadDamaged."""
        settings: Settings = self._engines.settings
        with self._lock, reading(self._engine) as session:
            wanted = Wanted(current_name(session, settings.framework), self._learnt(settings))
            if self._made is None or self._made[0] != wanted:
                self._made = self._changed(session, wanted)
            return self._made[1]

    def _learnt(self, settings: Settings) -> Path | None:
        """Give what is in use; where nobody knows any more, what this worker reads with."""
        try:
            return in_use(settings)
        except StorybankError as error:
            if self._made is None:
                raise
            log.warning("tagger kept", extra={"error": type(error).__name__})
            return self._made[0].learnt

    def _changed(self, session: Session, wanted: Wanted) -> tuple[Wanted, Tagger]:
        try:
            tagger = self.make(session, wanted)
        except StorybankError as error:
            if self._made is None or self._made[0].framework != wanted.framework:
                raise
            log.warning("tagger kept", extra={"error": type(error).__name__})
            return wanted, self._made[1]
        log.info("tagger made", extra={"model": tagger.model_id})
        return wanted, tagger

    def make(self, session: Session, wanted: Wanted, *, floor: bool = False) -> Tagger:
        """Make the tagger for a version; with `floor`, it tells of all that is at all likely."""
        learnt = load_learnt(wanted.learnt) if wanted.learnt else None
        if learnt is not None and learnt.encoder != self._engines.embedder.model_id:
            raise HeadDamaged(learnt.model_id, message=f"{learnt.model_id} {ANOTHER_ENCODER}")
        framework = named(session, wanted.framework)
        head, first = self.head_for(session, framework)
        low = floor or learnt is not None
        trained = HeadTagger(
            lowered(head) if low else head,
            lambda model_id, views: LastSeen(self._reader(first, model_id, views)),
        )
        tagger: Tagger = trained
        if first != framework.name:
            known, ground = _known(session, first, framework.name), ground_of(named(session, first))
            tagger = TaggerTogether(
                framework, trained, known, trained.sight, self._engines.embedder, ground
            )
        if learnt is not None and not floor:
            return LearningTagger(tagger, learnt, self._engines.embedder, offered=head.offered)
        return tagger

    def head_for(self, session: Session, framework: Framework) -> tuple[Head, str]:
        """Give the head trained for this version or the newest before it, and for which it was."""
        names = names_of(session, framework.id)
        for name in names[names.index(framework.name) :]:
            try:
                if name not in self._heads:
                    self._heads[name] = self._engines.head(name)
            except HeadMissing:
                continue
            return self._heads[name], name
        raise HeadMissing(framework.name)

    def _reader(self, name: str, model_id: str, views: Sequence[Changes]) -> Along:
        """Give the encoder of the head for one framework version, the same one every time."""
        if name not in self._readers:
            self._readers[name] = self._engines.reader(model_id, views)
        return self._readers[name]


def lowered(head: Head) -> Head:
    """Give the head with bars so low that corrections see all that is at all likely."""
    return replace(head, bars=np.minimum(head.bars, np.float32(FLOOR)), offered=FLOOR)


def _known(session: Session, first: str, now: str) -> dict[str, str]:
    """Give, for each code that the head knows, the code of this version that it has become."""
    return {
        code: became.to[0]
        for code, became in what_became(session, first, now).items()
        if became.to and became.fate != Fate.SPLIT
    }

"""What one running web process holds: made once in `create_app`, handed to handlers by `deps`."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from storybank.capture.intake import Desk
from storybank.db import reading
from storybank.framework import Framework
from storybank.passwords import Passwords
from storybank.settings import Settings
from storybank.understand.embed import Embedder
from storybank.versions.shelf import current_name, named
from web.current import Current
from web.turns import Turns


@dataclass
class Held:
    """The opened database, keys, recordings and frameworks of one web process."""

    engine: Engine
    desk: Desk
    make_embedder: Callable[[Settings], Embedder]
    passwords: Passwords = field(default_factory=Passwords)
    assembling: Turns = field(default_factory=Turns)
    """Taken while a phone's recordings are opened and joined: that is when memory is needed."""
    listening: Turns = field(default_factory=Turns)
    """Taken while what was said on a page is looked at whole, though nothing is sent."""
    _embedder: Embedder | None = None
    _frameworks: dict[str, Framework] = field(default_factory=dict)
    _current: Current | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def settings(self) -> Settings:
        """The settings that this process was started with."""
        return self.desk.settings

    @property
    def embedder(self) -> Embedder:
        """The sentence encoder, loaded when it is first asked for; raises ModelMissing."""
        with self._lock:
            if self._embedder is None:
                self._embedder = self.make_embedder(self.settings)
            return self._embedder

    def framework(self, name: str | None = None) -> Framework:
        """Give the framework `name` (`id@version`; default: the one current now)."""
        name = name or self.current.name()
        found = self._frameworks.get(name)
        if found is None:
            with reading(self.engine) as session:
                found = self._frameworks[name] = named(session, name)
        return found

    @property
    def current(self) -> Current:
        """Say which version new stories are read by."""
        with self._lock:
            if self._current is None:
                self._current = Current(self._current_name)
            return self._current

    def _current_name(self) -> str:
        with reading(self.engine) as session:
            return current_name(session, self.settings.framework)

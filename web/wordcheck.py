"""The language check for the pages: it runs in a process of its own, begun when first asked for.

spaCy brings in torch, and with it some 300 MB; the pages do without (decision 13). The process has
neither: it holds the words of grammar, the list of wordings, and nothing that anybody wrote.
"""

import multiprocessing
import os
import sys
import threading
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends
from starlette.requests import Request

from storybank.settings import Settings
from storybank.values import Finding

if TYPE_CHECKING:
    from storybank.understand.people_first import LanguageCheck
    from storybank.understand.reading_age import ReadingAge

MOST_CHARS = 20_000
"""What is checked of one text as somebody types: about ten pages."""
PATIENCE_S = 60.0
"""The first check waits for the grammar: seconds, on a busy machine many."""

_held: dict[str, "LanguageCheck"] = {}


@dataclass(frozen=True, slots=True)
class Looked:
    """What the check says of a text; `age` is None where there are no words.

    `cut` says that there is more of the text, which was not looked at.
    """

    findings: tuple[Finding, ...]
    age: "ReadingAge | None"
    cut: bool = False


class WordCheck:
    """Checks words in another process; gives None where it cannot be done just now."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Begin the process while nobody waits."""
        self._running().submit(len, "")

    def look(self, text: str) -> Looked | None:
        """Check `text`, at most MOST_CHARS of it."""
        try:
            return self._running().submit(_look, text).result(timeout=PATIENCE_S)
        except (TimeoutError, BrokenProcessPool):
            self.close()  # the next one who asks begins a new one
            return None
        except CancelledError:  # somebody who waited longer has just closed it
            return None

    def _running(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    max_workers=1,
                    mp_context=multiprocessing.get_context("spawn"),
                    initializer=_begin,
                    initargs=(self._settings,),
                )
            return self._pool

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


def look_with(checker: Any, text: str) -> Looked:
    """Check `text` with a LanguageCheck, in this process, at most MOST_CHARS of it."""
    from storybank.understand.reading_age import reading_age

    age = reading_age(checker.nlp, text[:MOST_CHARS])
    return Looked(checker.check(text, MOST_CHARS), age, cut=len(text) > MOST_CHARS)


async def get_words(request: Request) -> WordCheck:
    """Give the check of this web process."""
    words: WordCheck = request.app.state.words
    return words


WordsDep = Annotated[WordCheck, Depends(get_words)]


def _begin(settings: Settings) -> None:
    os.environ["TRANSFORMERS_VERBOSITY"] = "error"
    # Grammar needs no torch: without it the process holds 180 MB instead of 450.
    sys.modules["torch"] = None  # type: ignore[assignment]
    from storybank.engines import Engines

    _held["check"] = Engines(settings).language


def _look(text: str) -> Looked:
    return look_with(_held["check"], text)

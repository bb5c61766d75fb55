"""A worker as it is, with small slow engines: it starts in a second and dies in mid-work.

Run as `python -m tests.faults.worker_of_fakes`. Queue, steps, sealing and rows are the real ones.
"""

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from storybank.commands.opening import open_house, read_settings
from storybank.log import start_logging
from storybank.values import Span, Suggestion, Transcript, Vector
from storybank.worker import run
from tests.fakes import CannedTranscriber, KeywordTagger, make_workshop

HEARD = "The bus never comes. We walked home in the rain."


@dataclass(frozen=True)
class Sentence:
    """A stretch of a text up to a full stop, as spaCy's spans say it."""

    text: str
    start_char: int


@dataclass(frozen=True)
class Parsed:
    """A text cut at full stops, as spaCy's documents say it."""

    sents: tuple[Sentence, ...]

    def has_annotation(self, name: str) -> bool:
        """Say that nothing but sentences is known of it."""
        return name == "SENT_START"


class FullStops:
    """Cuts texts at full stops; stands in for spaCy, which takes seconds to import."""

    pipe_names = ()

    def pipe(self, texts: Iterable[str], **options: object) -> Iterator[Parsed]:
        """Give one parsed text for each."""
        for text in texts:
            yield Parsed(tuple(Sentence(m[0], m.start()) for m in re.finditer(r"[^.]+\.?", text)))


class SlowTranscriber(CannedTranscriber):
    """Takes up to a second, so that a kill may come while it listens."""

    def transcribe(
        self,
        audio: Vector,
        *,
        language: str | None = None,
        on_progress: Callable[[float], None] | None = None,
        **more: Any,
    ) -> Transcript:
        """Give the canned words after a while."""
        for step in range(4):
            time.sleep(random.uniform(0.05, 0.25))  # noqa: S311
            if on_progress:
                on_progress(step / 4)
        return super().transcribe(audio, language=language)


class SlowTagger(KeywordTagger):
    """Takes up to half a second, so that a kill may come while it reads."""

    def tag(self, text: str, sentences: Sequence[Span]) -> tuple[Suggestion, ...]:
        """Give the keyword's suggestions after a while."""
        time.sleep(random.uniform(0.0, 0.3))  # noqa: S311
        return super().tag(text, sentences)


def main() -> None:
    """Work until killed."""
    settings = read_settings()
    start_logging(settings.log_level)
    with open_house(settings) as house:
        shop = make_workshop(house.engine, house.desk, nlp=FullStops())
        run(replace(shop, transcriber=SlowTranscriber(HEARD), tagger=SlowTagger()))


if __name__ == "__main__":
    main()

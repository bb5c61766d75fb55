"""A worker as it is, with small slow engines: it starts in a second and dies in mid-work.

Run as `python -m tests.faults.worker_of_fakes`. Queue, steps, sealing and rows are the real ones.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from storybank.commands.opening import open_house, read_settings
from storybank.log import start_logging
from storybank.values import Span, Suggestion, Transcript, Vector
from storybank.worker import run
from tests.fakes import CannedTranscriber, KeywordTagger, make_workshop

HEARD = "The bus never comes. We walked home in the rain."


class SlowTranscriber(CannedTranscriber):
    """Takes up to a second, so that a kill may come while it listens."""

    def transcribe(
        self,
        audio: Vector,
        *,
        language: str | None = None,
        on_progress: Callable[[float], None] | None = None,
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
        shop = make_workshop(house.engine, house.desk)
        run(replace(shop, transcriber=SlowTranscriber(HEARD), tagger=SlowTagger()))


if __name__ == "__main__":
    main()

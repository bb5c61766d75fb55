"""Masking ends, and soon, whatever was typed: one story must not keep a worker busy for ever."""

import subprocess
import sys

import pytest

WORDS = 3_000
FORMS = {
    "a line to fill in": "_" * WORDS,
    "snake case": "a_" * WORDS,
    "initials": "a." * WORDS,
    "hyphens": "a-" * WORDS,
    "quotes": "'" * WORDS,
    "weekdays": "born " + "day" * WORDS,
    "one shouted word": "at " + "A" * WORDS,
    "one endless word": "my name is " + "q" * 200_000,
    "apostrophes": "live at " + "A'" * WORDS,
    "it is": "it's " * WORDS,
    "numbered roads": "12 old new road, " * 600,
    "one, one, one": "one " * WORDS,
    "nicknames": "me and badger, who said " * 600,
    "nicknames with capitals": "told Badger Potter. Shorty said " * 600,
    "double double": "double " * WORDS,
}
CHILD = (
    "import sys; from storybank.understand.redact.redactor import pattern_details;"
    "from storybank.understand.redact.clues import clues;"
    "from storybank.understand.redact.lexicon import Lexicon;"
    "from types import SimpleNamespace as N;"
    "text = sys.stdin.read(); pattern_details(text); clues(text);"
    "bare = N(has_pipe=lambda name: False, Defaults=N(stop_words=()));"
    "lexicon = Lexicon(bare); lexicon.slip(text.split()[-1]);"
    "from storybank.understand.redact.capitals import Capitals;"
    "from storybank.understand.redact.judging import Judging;"
    "from storybank.understand.redact.small_letters import SmallLetters;"
    "from storybank.understand.redact.tokens import Sight;"
    "walk = Judging(text, Sight(), lexicon);"
    "list(Capitals(walk).find()); list(SmallLetters(walk).find())"
)


@pytest.mark.parametrize("typed", FORMS.values(), ids=FORMS)
def test_written_forms_end_soon_on_endless_repetition(typed: str) -> None:
    # In a process of its own: a pattern that tries every cutting cannot be stopped from outside.
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=typed, text=True, timeout=20, check=False
    )
    assert done.returncode == 0

"""Masking ends, and soon, whatever was typed: one story must not keep a worker busy for ever."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

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
CHILD = """
import json, sys
from types import SimpleNamespace as N
from storybank.understand.redact.capitals import Capitals
from storybank.understand.redact.clues import clues
from storybank.understand.redact.judging import Judging
from storybank.understand.redact.lexicon import Lexicon
from storybank.understand.redact.redactor import pattern_details
from storybank.understand.redact.small_letters import SmallLetters
from storybank.understand.redact.tokens import Sight

for name, text in json.load(sys.stdin).items():
    print("begun:", name, flush=True)
    pattern_details(text)
    clues(text)
    lexicon = Lexicon(N(has_pipe=lambda _: False, Defaults=N(stop_words=())))
    lexicon.slip(text.split()[-1])
    walk = Judging(text, Sight(), lexicon)
    list(Capitals(walk).find())
    list(SmallLetters(walk).find())
print("all of them")
"""
WITHIN_S = 60
"""All together take two; one that tries every cutting takes hours."""


def test_written_forms_end_soon_on_endless_repetition(tmp_path: Path) -> None:
    # In a process of its own: a pattern that tries every cutting cannot be stopped from outside.
    said = tmp_path / "said"
    with said.open("w") as out, contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            [sys.executable, "-c", CHILD], input=json.dumps(FORMS), text=True, stdout=out,
            timeout=WITHIN_S, check=True,
        )  # fmt: skip
    assert said.read_text().splitlines()[-1] == "all of them"

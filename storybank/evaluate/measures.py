"""Measure the real engines on one gold set each; what is shown of it is for commands to choose."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from storybank.capture.starting import starting_list
from storybank.evaluate import gold_details, language, strengths, tagging, transcription
from storybank.evaluate import invented as noise
from storybank.evaluate import redaction as masking
from storybank.evaluate import search as searching
from storybank.evaluate import voices_heard as hearing
from storybank.framework import read_framework
from storybank.understand.examples import ExampleReader, ground_of
from storybank.understand.segment import sentences
from storybank.understand.strengths import find_strengths
from storybank.understand.tag import suggestions
from storybank.values import Strength

if TYPE_CHECKING:
    from storybank.engines import Engines
    from storybank.understand.people_first import LanguageCheck

Done = Callable[[], None]
Count = Callable[[int | None], Done]
"""Is told how many texts there are, and gives what is called after each; None: nobody knows."""


def tags(engines: "Engines", gold: Path, count: Count) -> tagging.TaggingScores:
    """Measure suggested tags on a file of coded stories."""
    stories = tagging.read_gold(gold, engines.framework)
    done = count(len(stories))
    found = []
    for some in suggestions(engines.tagger, engines.nlp, [story.text for story in stories]):
        found.append(some)
        done()
    return tagging.score(stories, found)


def new_codes(engines: "Engines", gold: Path, count: Count) -> tagging.TaggingScores:
    """Measure what is offered of codes without a head, on a file of stories coded by those.

    The codes stand in `framework.toml` beside the file; those are read that its stories name.
    """
    framework = read_framework(gold.with_name("framework.toml"))
    stories = tagging.read_gold(gold, framework)
    codes = {code for story in stories for code, _ in story.quotes}
    ground = ground_of(engines.framework)
    reader = ExampleReader(framework, codes, engines.tagger.sight, engines.embedder, ground)
    done, found = count(len(stories)), []
    for story in stories:
        found.append(reader.tag(story.text, sentences(engines.nlp, story.text)))
        done()
    return tagging.score(stories, found)


def masks(engines: "Engines", gold: Path, part: str | None, count: Count) -> masking.RedactionScore:
    """Measure masks on a file of marked details, or on one part of it.

    The places of the starting list are known, as they are in a new Storybank.
    """
    texts = gold_details.read_gold(gold, part)
    redactor = engines.redactor_knowing(starting_list().places, engines.known_places)
    return masking.score(texts, redactor, count(len(texts)))


def wordings(checker: "LanguageCheck", gold: Path, count: Count) -> language.LanguageScore:
    """Measure the language check on a folder of plain and of marked sentences."""
    plain, marked = language.read_gold(gold)
    return language.score(plain, marked, checker, count(len(plain) + len(marked)))


def register(engines: "Engines", gold: Path, count: Count) -> tuple[strengths.StrengthScore, ...]:
    """Measure the strengths found in a file of texts that name them, by half."""
    rows = strengths.read_gold(gold)
    done = count(len(rows))

    def find(text: str) -> tuple[Strength, ...]:
        done()
        return find_strengths(engines.nlp, text)

    return strengths.score(rows, find)


def answers(engines: "Engines", gold: Path, count: Count) -> searching.SearchScores:
    """Measure search on a folder of stories and judged queries, in a database of its own."""
    stories, judged = searching.read_gold(gold)
    done = count(len(judged))
    return searching.evaluate_search(stories, judged, engines.nlp, engines.embedder, done)


def noises(
    engines: "Engines", model_id: str, *, seconds: float, seed: int, count: Count
) -> list[noise.Invented]:
    """Measure what a speech model writes down of clips in which nobody speaks."""
    done = count(None)
    found = []
    for one in noise.invented(engines.speech(model_id), seconds=seconds, seed=seed):
        found.append(one)
        done()
    return found


def speech(
    engines: "Engines", gold: Path, model_id: str, *, detect_language: bool, count: Count
) -> tuple[transcription.ClipScore, ...]:
    """Measure what a speech model writes down of recordings with known words."""
    clips = transcription.read_gold(gold)
    heard, done = engines.speech(model_id), count(len(clips))
    return transcription.score(clips, heard, detect_language=detect_language, on_clip=done)


def voices(
    engines: "Engines", folder: Path, *, expected: bool, made: bool, count: Count
) -> list[hearing.Measured]:
    """Measure how voices are told apart in recordings, and in made talks if asked for."""
    finder, done = engines.voices, count(None)
    found = []
    for sound in hearing.sounds(folder, made=made):
        found.append(hearing.measured(finder, sound, expected=expected))
        done()
    return found

"""A code that a council has just written, read with the real encoder from its words alone."""

import pytest

from storybank.engines import Engines
from storybank.framework import load_framework
from storybank.understand.examples import ExampleReader, ground_of
from storybank.values import Direction, Span
from storybank.versions.draft import Draft, added, blank_code, next_version

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    from storybank.settings import Settings

    first = load_framework("thriving-communities@1")
    code = blank_code("outcome", "Warm spaces")
    examples = code.examples.model_copy(update={
        "present": ("The library lets you sit in the warm all day.",
                    "There's a room at the church with the heating on and soup.",
                    "We go to the warm hub on Tuesdays."),
        "missing": ("There is nowhere warm to go without buying a coffee.",
                    "They shut the day centre and I sit in my coat at home.",
                    "I ride the bus to keep warm."),
    })  # fmt: skip
    code = code.model_copy(update={
        "definition": "People have somewhere warm to sit without paying.", "examples": examples,
    })  # fmt: skip
    draft = added(Draft(first, first.codes, {}, frozenset(first.by_id)), code)
    engines = Engines(Settings(data_dir=tmp_path_factory.mktemp("codes")))
    now, ground = next_version(draft, 2), ground_of(first)
    sight = engines.tagger.sight
    return ExampleReader(now, ["warm-spaces"], sight, engines.embedder, ground)


@pytest.mark.parametrize(("text", "way"), [
    ("All winter the community hall kept its heaters on so anyone could come in and get warm.",
     Direction.LIVED),
    ("They closed the lunch club, so I stay at home with my coat on.",
     Direction.MISSING),
    ("My nephew passed his driving test at the second go.", None),
    ("The bins are emptied on a Thursday now.", None),
])  # fmt: skip
def test_sentences_that_say_it_in_other_words_are_offered(reader, text, way):
    # Which direction is the surer one is not promised: a definition says how it should be.
    found = reader.tag(text, [Span(0, len(text))])
    assert way in {one.direction for one in found} if way else not found
    assert all(one.offered for one in found)

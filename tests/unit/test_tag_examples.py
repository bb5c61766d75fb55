from dataclasses import replace
from itertools import pairwise

import pytest

from storybank.framework import load_framework
from storybank.understand.examples import LEAST, MOST, ExampleReader, written
from storybank.understand.together import TaggerTogether
from storybank.values import Direction, Span
from storybank.versions.draft import Draft, added, blank_code, next_version
from tests.fakes import HashEmbedder, KeywordTagger

WARM = "We sat in the warm library all winter with soup and company"
COLD = "There is nowhere to sit down out of the cold any more"


@pytest.fixture(scope="module")
def framework():
    first = load_framework("thriving-communities@1")
    code = blank_code("outcome", "Warm spaces")
    examples = code.examples.model_copy(update={"present": (WARM,), "missing": (COLD,)})
    code = code.model_copy(update={
        "label": "Warm", "question": "Is there somewhere warm?", "examples": examples,
        "definition": "People have somewhere warm to sit without paying.",
        "includes": ("A warm room with company", "Heating turned off early (missing)"),
        "directions": code.directions.model_copy(update={"present": "a", "missing": "b"}),
    })  # fmt: skip
    draft = Draft(first, first.codes, {}, frozenset(first.by_id))
    return next_version(added(draft, code), 2)


def read(reader, text):
    return reader.tag(text, [Span(0, len(text))])


def test_a_new_code_is_offered_at_once_in_the_direction_of_its_examples(framework):
    reader = ExampleReader(framework, ["warm-spaces"], HashEmbedder())
    for text, way in ((WARM, Direction.LIVED), (COLD, Direction.MISSING)):
        best = read(reader, text)[0]
        assert (best.code, best.direction, best.offered) == ("warm-spaces", way, True)
        assert LEAST <= best.score <= MOST
        assert best.model_id == "examples-of-thriving-communities@2"
        assert best.quote == text
    assert read(reader, "My sister married a plumber") == ()
    assert reader.tag("", []) == ()


def test_what_two_sentences_say_alike_is_quoted_with_both(framework):
    reader = ExampleReader(framework, ["warm-spaces"], HashEmbedder())
    far = "My sister married a plumber."
    text = f"{far} {WARM}. {WARM}."
    edges = [0, len(far) + 1, len(far) + len(WARM) + 3, len(text) + 1]
    sentences = [Span(a, b - 1) for a, b in pairwise(edges)]
    assert reader.tag(text, sentences)[0].quote == f"{WARM}. {WARM}."


def test_what_counts_stands_in_its_direction_and_other_codes_stand_against(framework):
    lived, missing = written(framework, ["warm-spaces"])
    assert "A warm room with company" in lived.here
    assert "Heating turned off early" in missing.here
    assert WARM in missing.elsewhere
    assert COLD in lived.elsewhere
    both = list(written(framework, ["warm-spaces", "good-place"]))
    assert WARM in both[0].elsewhere  # good-place stands first, and is read this way, too


def test_the_head_reads_what_it_knows_and_examples_the_rest(framework):
    known = {code: code for code in framework.by_id if code != "warm-spaces"}
    tagger = TaggerTogether(framework, KeywordTagger(), known, HashEmbedder())
    text = f"The bus never comes. {WARM}"
    found = tagger.tag(text, [Span(0, 20), Span(21, len(text))])
    assert [(s.code, s.offered) for s in found[:2]] == [
        ("aim-adapting", False), ("warm-spaces", True)]  # fmt: skip
    assert found[0].model_id == "keyword-1"
    assert tagger.model_id == "keyword-1+examples-of-thriving-communities@2"
    assert tagger.framework == "thriving-communities@2"


def test_a_code_that_was_merged_is_read_as_the_one_that_took_it_in(framework):
    into = {"aim-adapting": "learning", "aim-enabling": "learning"}

    class Two(KeywordTagger):
        def tag(self, text, sentences):
            (one,) = super().tag(text, sentences)
            return (one, replace(one, code="aim-enabling", score=0.9))

    tagger = TaggerTogether(framework, Two(), into, HashEmbedder())
    text = "The bus never comes."
    found = [s for s in read(tagger, text) if not s.offered]
    assert [(s.code, s.score) for s in found] == [("learning", 0.9)]

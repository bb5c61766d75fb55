from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from storybank.framework import load_framework
from storybank.understand.examples import LEAST, MOST, ExampleReader, ground_of, written
from storybank.understand.heads import View
from storybank.understand.sight import LastSeen, Sight
from storybank.understand.tag import STRETCH, HeadTagger
from storybank.understand.together import TaggerTogether
from storybank.values import Direction, Span
from storybank.versions.draft import Draft, added, next_version
from tests.fakes import KeywordTagger
from tests.growth import IN_LINE, growth
from tests.new_codes import COLD, PAIRS, WARM, WORDS, WordsAlong, head, warm_code


@pytest.fixture(scope="module")
def first():
    return load_framework("thriving-communities@1")


@pytest.fixture(scope="module")
def framework(first):
    draft = Draft(first, first.codes, {}, frozenset(first.by_id))
    return next_version(added(draft, warm_code()), 2)


@pytest.fixture(scope="module")
def ground(first):
    return ground_of(first)


@pytest.fixture
def reader(framework, ground):
    sight = Sight(head(), WordsAlong())
    return ExampleReader(framework, ["warm-spaces"], sight, WORDS, ground)


def read(reader, text):
    return reader.tag(text, [Span(0, len(text))])


def told(*sentences):
    text = " ".join(sentences)
    edges = np.cumsum([0, *(len(one) + 1 for one in sentences)]).tolist()
    return text, [Span(a, b - 1) for a, b in pairwise(edges)]


def test_a_new_code_is_offered_at_once_in_the_direction_of_its_examples(reader):
    for text, way in ((WARM, Direction.LIVED), (COLD, Direction.MISSING)):
        best = read(reader, text)[0]
        assert (best.code, best.direction, best.offered) == ("warm-spaces", way, True)
        assert LEAST <= best.score <= MOST
        assert best.model_id == "examples-of-thriving-communities@2"
        assert best.quote == text
    assert read(reader, "My sister married a plumber") == ()
    assert reader.tag("", []) == ()


def test_what_two_sentences_say_alike_is_quoted_with_both(reader):
    text, sentences = told("My sister married a plumber.", f"{WARM}.", f"{WARM}.")
    assert reader.tag(text, sentences)[0].quote == f"{WARM}. {WARM}."


def test_what_a_head_has_learnt_of_lived_and_missing_turns_the_direction(framework, ground):
    half = "There is somewhere to sit down in the library with company"

    def chance(view):
        reader = ExampleReader(framework, ["warm-spaces"], view, WORDS, ground)
        own = view.vectors([(half, (), (Span(0, len(half)),))])[0]
        return reader.odds(own, WORDS.encode([half]))[0]

    neither = chance(Sight(head(), WordsAlong()))
    lived = chance(Sight(head("library company", "nowhere"), WordsAlong()))
    missing = chance(Sight(head("nowhere", "library company"), WordsAlong()))
    assert lived[0] > neither[0] > missing[0]
    assert lived[1] < neither[1] < missing[1]


def test_a_head_of_one_direction_says_nothing_about_the_other():
    one = replace(head("library", "library"), pairs=PAIRS[:1])
    vectors = WORDS.encode(["the library"])
    one = replace(one, views=(View(one.views[0].weights[:, :1], one.views[0].bias[:1]),))
    assert Sight(one, WordsAlong()).leaning(vectors).tolist() == [0.0]


def test_what_all_sentences_of_the_ground_say_does_not_count_as_like_a_code(framework):
    said = "to be quite honest with you at the end of the day"
    text = f"{said} we sat in the library"
    ground = [f"{said} {word}" for word in ("we went", "he saw", "it rained", "they sang")]
    sight = Sight(head(), WordsAlong())
    code = framework.code("warm-spaces")
    examples = code.examples.model_copy(update={"present": (f"{said} soup",)})
    code = code.model_copy(update={"examples": examples, "includes": (), "definition": ""})
    one = framework.model_copy(update={"codes": (code,)})
    upon = ExampleReader(one, ["warm-spaces"], sight, WORDS, ground)
    without = ExampleReader(one, ["warm-spaces"], sight, WORDS, ())
    assert read(without, text)
    assert not read(upon, text)


def test_a_long_text_is_read_in_stretches_and_keeps_the_surest_quote(reader):
    filler = ["It went on for a good while about the weather."] * STRETCH
    text, sentences = told(f"{WARM} and a plumber and his van.", *filler, f"{WARM}.")
    (found,) = [one for one in reader.tag(text, sentences) if one.direction == Direction.LIVED]
    assert found.quote == f"{WARM}."


def test_time_grows_in_line_with_the_number_of_sentences(reader):
    def work(size):
        reader.tag(*told(*["No."] * size))

    assert growth(work, 400) < IN_LINE


def test_head_and_examples_read_a_story_and_it_is_encoded_once(framework, ground):
    along = WordsAlong()
    trained = HeadTagger(head(), lambda _, __: LastSeen(along))
    known = {code: code for code in framework.by_id if code != "warm-spaces"}
    tagger = TaggerTogether(framework, trained, known, trained.sight, WORDS, ground)
    read(tagger, COLD)
    before = along.asked
    text, sentences = told("The bus never comes, and so we stay in and see nobody.", f"{WARM}.")
    assert [s.code for s in tagger.tag(text, sentences)] == ["warm-spaces"]
    assert along.asked == before + 1


def test_what_is_like_an_example_of_neither_is_not_offered(framework, ground):
    code = framework.code("warm-spaces")
    near = "The warm library had soup in winter all the same"
    held = code.examples.model_copy(update={"none": (near,)})
    fields = [code, code.model_copy(update={"examples": held})]
    versions = [framework.model_copy(update={"codes": (one,)}) for one in fields]
    sight = Sight(head(), WordsAlong())
    before, after = (ExampleReader(one, ["warm-spaces"], sight, WORDS, ground) for one in versions)
    assert read(before, near)
    assert read(after, near) == ()
    assert read(after, WARM)


def test_what_counts_stands_in_its_direction(framework):
    lived, missing = written(framework, ["warm-spaces"])
    assert "A warm room with company" in lived.here
    assert "Heating turned off early" in missing.here
    assert WARM not in missing.here
    assert COLD not in lived.here


def together(framework, ground, tagger, known):
    sight = Sight(head(), WordsAlong())
    return TaggerTogether(framework, tagger, known, sight, WORDS, ground)


def test_the_head_reads_what_it_knows_and_examples_the_rest(framework, ground):
    known = {code: code for code in framework.by_id if code != "warm-spaces"}
    tagger = together(framework, ground, KeywordTagger(), known)
    text = f"The bus never comes. {WARM}"
    found = tagger.tag(text, [Span(0, 20), Span(21, len(text))])
    assert [(s.code, s.offered) for s in found[:2]] == [
        ("aim-adapting", False), ("warm-spaces", True)]  # fmt: skip
    assert found[0].model_id == "keyword-1"
    assert tagger.model_id == "keyword-1+examples-of-thriving-communities@2"
    assert tagger.framework == "thriving-communities@2"


def test_a_code_that_was_merged_is_read_as_the_one_that_took_it_in(framework, ground):
    into = {"aim-adapting": "learning", "aim-enabling": "learning"}

    class Two(KeywordTagger):
        def tag(self, text, sentences):
            (one,) = super().tag(text, sentences)
            return (one, replace(one, code="aim-enabling", score=0.9))

    tagger = together(framework, ground, Two(), into)
    text = "The bus never comes."
    found = [s for s in read(tagger, text) if not s.offered]
    assert [(s.code, s.score) for s in found] == [("learning", 0.9)]

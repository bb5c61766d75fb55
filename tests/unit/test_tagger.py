"""The tagger over a small encoder: a hand-made head that knows what two words stand for."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from storybank.taggers import lowered
from storybank.understand.along import Story
from storybank.understand.heads import Head, View
from storybank.understand.learnt import Correction, LearningTagger, Learnt
from storybank.understand.quotation import MOST_WORDS, NEARLY, quotation
from storybank.understand.tag import STRETCH, HeadTagger, suggested
from storybank.understand.units import units
from storybank.values import Direction, Span, Vector
from tests.fakes import HashEmbedder

WORDS = ("neighbour", "form")
PAIRS = (("weak-ties", Direction.LIVED), ("clear-language", Direction.MISSING))


class WordSpotter:
    """Sees which of WORDS stand in a unit, each the less the longer the unit is."""

    def __init__(self, views: int) -> None:
        self._views = views

    def vectors(self, stories: Sequence[Story]) -> list[list[Vector]]:
        found = [
            np.array([_spotted(unit.of(text)) for unit in units], np.float32).reshape(-1, 2)
            for text, _, units in stories
        ]
        return [found] * self._views


def _spotted(unit: str) -> list[float]:
    return [(word in unit) / (1 + len(unit.split()) / 50) for word in WORDS]


def head(bars: Sequence[float] = (0.5, 0.5), offered: float = 0.5) -> Head:
    view = View(np.eye(2, dtype=np.float32) * 8, np.full(2, -4, np.float32))
    shares = np.zeros(14, np.float32)
    shares[[0, 7]] = 1  # the best unit of each view
    blank = np.zeros(14, np.float32)
    return Head(
        model_id="tagger-spot-1",
        framework="spot@1",
        encoder="word-spotter",
        pairs=PAIRS,
        views=(view, view),
        means=blank,
        scales=blank + 1,
        shares=shares,
        levels=blank[:2],
        bars=np.array(bars, np.float32),
        offered=offered,
    )


def made(one: Head) -> HeadTagger:
    return HeadTagger(one, lambda name, views: WordSpotter(len(views)))


@pytest.fixture
def tagger() -> HeadTagger:
    return made(head())


def lines(text: str) -> list[Span]:
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        found.append(Span(at, at + len(line.rstrip("\n"))))
        at += len(line)
    return found


STORY = (
    "It rained.\n"
    "I had been up at the crack of dawn, and my neighbour came round with soup, "
    "so I did not have to go out at all.\n"
    "The form was sixteen pages."
)


def test_tags_carry_the_exact_words_of_the_sentence_that_says_it(tagger):
    found = tagger.tag(STORY, lines(STORY))

    assert {(s.code, s.direction.value) for s in found} == {
        ("weak-ties", "+"),
        ("clear-language", "-"),
    }
    by_code = {s.code: s for s in found}
    assert by_code["weak-ties"].quote == STORY.splitlines()[1]
    assert by_code["clear-language"].quote == "The form was sixteen pages."
    for one in found:
        assert one.span.of(STORY) == one.quote
        assert 0.5 <= one.score <= 1
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)


def test_a_text_that_carries_nothing_and_an_empty_text_give_no_tags(tagger):
    assert tagger.tag("It rained.", [Span(0, 10)]) == ()
    assert tagger.tag("", []) == ()
    assert tagger.tag_all([]) == ()


def test_several_texts_at_once_give_what_each_gives_alone(tagger):
    texts = [(text, lines(text)) for text in (STORY, "", "It rained.", "A form.\nAnd soup.")]
    assert tagger.tag_all(texts) == tuple(tagger.tag(*one) for one in texts)


def test_a_long_text_is_read_in_stretches_and_keeps_the_surest_quote_of_each_code(tagger):
    filler = "\n".join(["We went on for a good while about the weather and the news."] * STRETCH)
    text = f"A neighbour in a very long sentence {'indeed ' * 30}waved.\n{filler}\nMy neighbour."
    found = tagger.tag(text, lines(text))

    assert [s.code for s in found] == ["weak-ties"]
    assert found[0].quote == "My neighbour."


def test_each_pair_has_its_bar_and_below_it_is_only_offered():
    assert made(head((1.1, 1.1), offered=1.1)).tag(STORY, lines(STORY)) == ()

    found = made(head((1.1, 0.5), offered=0.3)).tag(STORY, lines(STORY))
    assert [(s.code, s.offered) for s in found] == [("clear-language", False), ("weak-ties", True)]
    assert [s.code for s in suggested(found)] == ["clear-language"]


def test_what_a_head_only_offers_stays_offered_under_corrections():
    plain = replace(head(offered=0.3), levels=np.array([-6.5, 0], np.float32))
    other = {("aim-adapting", Direction.LIVED): Correction(np.zeros(384, np.float32), 0.0)}
    learnt = Learnt("learnt-1", plain.framework, "hashed", plain.threshold, other)
    tagger = LearningTagger(made(lowered(plain)), learnt, HashEmbedder(), offered=plain.offered)

    before, after = (one.tag(STORY, lines(STORY)) for one in (made(plain), tagger))
    assert [s.offered for s in before] == [False, True]
    assert after == before


def test_the_tagger_says_who_read_and_by_what(tagger):
    assert (tagger.model_id, tagger.framework) == ("tagger-spot-1", "spot@1")


BREATHS = "It was a wet Monday. We sat down with the planners. They drew it all again. Nobody had."


def quoted(text: str, strengths: Sequence[float], sentences: Sequence[Span]) -> str:
    """Give what is quoted where each sentence is as strong as said; each clause is weaker."""
    part = units(text, sentences)
    strength = [*strengths, *(strengths[parent] - 1 for parent in part.parents)]
    return quotation(text, part, np.array(strength, np.float32)).of(text)


def told(text: str) -> list[Span]:
    """Give the sentences of a text whose sentences all end in a full stop."""
    found, at = [], 0
    for piece in text.split(".")[:-1]:
        start = at + len(piece) - len(piece.lstrip())
        at += len(piece) + 1
        found.append(Span(start, at))
    return found


def test_what_is_told_in_two_breaths_is_quoted_with_both():
    one, other = "We sat down with the planners.", "They drew it all again."
    near, far = 3 - NEARLY, 3 - NEARLY - 0.1
    sentences = told(BREATHS)

    assert quoted(BREATHS, [-4, 3, near, -4], sentences) == f"{one} {other}"
    assert quoted(BREATHS, [-4, near, 3, -4], sentences) == f"{one} {other}"
    assert quoted(BREATHS, [near, 3, near + 0.1, -4], sentences) == f"{one} {other}"
    assert quoted(BREATHS, [-4, 3, far, -4], sentences) == one
    assert quoted(BREATHS, [-4, far, -4, 3], sentences) == "Nobody had."
    assert quoted(BREATHS, [3, -4, 3, -4], sentences) == "It was a wet Monday."


def test_a_sentence_is_as_strong_as_its_strongest_clause():
    text = "The rain came down all night long, and then nobody had asked us about it. It rained."
    part = units(text, told(text))
    assert part.parents == (0, 0)
    strength = np.array([-4, 0, -4, 1], np.float32)
    assert quotation(text, part, strength).of(text) == text


@pytest.mark.parametrize("between", ["\n", " ... ", "\n\n"])
def test_no_quote_reaches_over_a_line_end_or_over_words_that_are_not_read(between):
    text = f"We sat down together.{between}They drew it again."
    sentences = [Span(0, 21), Span(21 + len(between), len(text))]
    assert quoted(text, [3, 3], sentences) == "We sat down together."


def test_two_sentences_that_are_long_together_are_not_quoted_together():
    long = "and then " * (MOST_WORDS // 2 - 2) + "home."
    for more, both in (("We went home early.", True), ("We went home early then.", False)):
        text = f"{long} {more}"
        found = quoted(text, [3, 3], [Span(0, len(long)), Span(len(long) + 1, len(text))])
        assert (found == text) is both

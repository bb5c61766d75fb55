"""The tagger over a small encoder: a hand-made head that knows what two words stand for."""

from collections.abc import Sequence

import numpy as np
import pytest

from storybank.understand.heads import Head, View
from storybank.understand.tag import STRETCH, HeadTagger
from storybank.values import Direction, Span, Vector

WORDS = ("neighbour", "form")
PAIRS = (("weak-ties", Direction.LIVED), ("clear-language", Direction.MISSING))


class WordSpotter:
    """Encodes which of WORDS stand in a text, each the less the longer the text is."""

    model_id = "word-spotter"

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vector:
        self.seen += texts
        rows = [[(word in text) / (1 + len(text.split()) / 50) for word in WORDS] for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), len(WORDS))


def head(threshold: float = 0.5) -> Head:
    views = tuple(
        View("word-spotter", kind, np.eye(2, dtype=np.float32) * 8, np.full(2, -4, np.float32))
        for kind in ("all", "sentences")
    )
    shares = np.zeros(14, np.float32)
    shares[[0, 7]] = 1  # the best unit of each view
    blank = np.zeros(14, np.float32)
    return Head(
        "tagger-spot-1", "spot@1", PAIRS, views, blank, blank + 1, shares, blank[:2], threshold
    )


@pytest.fixture
def tagger() -> HeadTagger:
    return HeadTagger(head(), lambda name, changes: WordSpotter())


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


def test_tags_carry_the_exact_words_and_the_shortest_clause_that_says_it(tagger):
    found = tagger.tag(STORY, lines(STORY))

    assert {(s.code, s.direction.value) for s in found} == {
        ("weak-ties", "+"),
        ("clear-language", "-"),
    }
    by_code = {s.code: s for s in found}
    assert by_code["weak-ties"].quote == "and my neighbour came round with soup"
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


def test_the_threshold_decides_what_is_suggested():
    strict = HeadTagger(head(threshold=1.1), lambda name, changes: WordSpotter())
    assert strict.tag(STORY, lines(STORY)) == ()


def test_the_tagger_says_who_read_and_by_what(tagger):
    assert (tagger.model_id, tagger.framework) == ("tagger-spot-1", "spot@1")

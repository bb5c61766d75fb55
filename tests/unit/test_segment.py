from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybank.understand.nlp import BLOCK_CHARS, parsed
from storybank.understand.segment import (
    LONGEST_WORDS,
    MOST_SENTENCES,
    passages,
    sentences,
    times,
)
from storybank.values import Segment, Span, Transcript, Word
from tests.fakes import plain_nlp
from tests.growth import IN_LINE, growth


def said(text: str) -> list[str]:
    return [span.of(text) for span in sentences(plain_nlp(), text)]


def test_sentences_are_slices_without_the_space_around_them():
    assert said("  One here.  Two!\n\nThree \n four 😀. ") == [
        "One here.", "Two!", "Three", "four 😀.",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", " ", "\n\n", "...", "😀 😀"])
def test_a_text_without_words_has_no_sentences(text):
    assert said(text) == []
    assert passages(Transcript(text), ()) == ()


def test_speech_without_full_stops_is_cut_at_a_comma_or_joining_word():
    text = "we went there " * 20 + "and then it shut " * 20
    parts = said(text.strip())

    assert all(len(part.split()) <= LONGEST_WORDS for part in parts)
    assert " ".join(parts) == " ".join(text.split())
    assert parts[1].startswith("and ")


def test_passages_hold_one_to_three_sentences_and_stop_at_an_empty_line():
    text = "One sat. Two ran. Six hid. Ten won.\n\nAll sang. " + "word " * 50 + "end. Last one."
    spans = sentences(plain_nlp(), text)
    found = [p.span.of(text) for p in passages(Transcript(text), spans)]

    assert found[0] == "One sat. Two ran. Six hid."
    assert found[1] == "Ten won."
    assert found[2].startswith("All sang. word")
    assert found[3] == "Last one."
    assert all(part.count(".") <= MOST_SENTENCES for part in found)


def test_a_passage_knows_when_it_was_said():
    text = "Hello there. Goodbye now."
    words = tuple(
        Word(Span(*at), n, n + 0.5, 0.9)
        for n, at in enumerate([(0, 5), (6, 12), (13, 20), (21, 25)])
    )
    spoken = Transcript(text, segments=(Segment(Span(0, 25), 0.0, 3.5, 0.9, (), words),))

    assert times(spoken, Span(13, 25)) == (2000, 3500)
    assert times(spoken, Span(8, 9)) == (1000, 1500)
    assert times(Transcript(text), Span(0, 5)) == (None, None)


@given(st.text(max_size=300))
def test_whatever_the_text_spans_are_in_order_and_inside_it(text):
    spans = sentences(plain_nlp(), text)

    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_long_texts_are_parsed_in_blocks_that_make_the_text_again():
    text = ("A sentence here. " * 300 + "\n") * 4
    blocks = [(at, doc.text) for at, doc in parsed(plain_nlp(), text)]

    assert len(blocks) > 2
    assert all(len(block) <= BLOCK_CHARS for _, block in blocks)
    assert "".join(block for _, block in blocks) == text
    assert all(text.startswith(block, at) for at, block in blocks)


@pytest.mark.parametrize("sign", ["_", "!", "😀"])
def test_a_row_of_signs_is_read_in_time_in_line(sign):
    nlp = plain_nlp()
    text = f"sign here {sign * 2_000}here"
    assert "".join(doc.text_with_ws for _, doc in parsed(nlp, text)) == text
    assert growth(lambda times: list(parsed(nlp, sign * times + "here")), 1_500) < IN_LINE

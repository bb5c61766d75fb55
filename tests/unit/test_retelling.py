"""Transcripts to lines with times, typed stories to paragraphs."""

from hypothesis import given
from hypothesis import strategies as st

from storybank.values import Segment, Span, Transcript, Word
from tests import told
from web.render import in_fours, lower_first, say_clock, say_date, say_month
from web.retelling import lines, paragraphs


def test_lines_end_with_sentences_even_inside_a_segment() -> None:
    found = lines(told.spoken_transcript())
    assert [line.text for line in found] == list(told.SENTENCES)
    assert [line.start for line in found] == [0.0, 3.0]
    assert all(line.span.of(told.TEXT) == line.text for line in found)


def test_a_sentence_over_two_segments_is_one_line_and_none_is_lost() -> None:
    text = "It was. a long way to go"
    words = [Word(Span(0, 2), 0, 1, 1), Word(Span(3, 7), 1, 2, 1), Word(Span(8, 9), 2, 3, 1)]
    rest = [Word(Span(10, 14), 3, 4, 1), Word(Span(15, 24), 4, 5, 1)]
    transcript = Transcript(
        text,
        segments=(
            Segment(Span(0, 9), 0, 3, 1, words=tuple(words)),
            Segment(Span(10, 24), 3, 5, 1, words=tuple(rest)),
        ),
    )
    assert [line.text for line in lines(transcript)] == ["It was.", "a long way to go"]


def test_segments_without_words_are_lines_and_doubt_is_kept() -> None:
    transcript = Transcript(
        "Hello. Um",
        segments=(
            Segment(Span(0, 6), 0.0, 1.0, 0.9),
            Segment(Span(7, 9), 1.0, 2.0, 0.2, flags=("low-confidence",)),
        ),
    )
    assert [(line.text, line.unsure) for line in lines(transcript)] == [
        ("Hello.", False),
        ("Um", True),
    ]


def test_typed_text_has_no_lines() -> None:
    assert lines(Transcript("Typed.")) == []


@given(st.text())
def test_paragraphs_lose_no_word(text: str) -> None:
    assert "".join("".join(paragraphs(text)).split()) == "".join(text.split())


def test_dates_times_and_codes_are_said_as_people_say_them() -> None:
    assert say_date("2026-11-03") == "3 November 2026"
    assert (say_month("2026-05"), say_month("2024")) == ("May 2026", "2024")
    assert [say_clock(s) for s in (0, 7.9, 750, 3723)] == ["0:00", "0:07", "12:30", "1:02:03"]
    assert in_fours("1234567812345678") == "1234 5678 1234 5678"
    assert (lower_first("Published"), lower_first("")) == ("published", "")

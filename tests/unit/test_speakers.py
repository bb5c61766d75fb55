"""Whose words they are: what a worker asks is in no sentence, passage, tag or quotation."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybank.understand.segment import (
    passages,
    tellers_sentences,
    tellers_words,
    times,
    workers_words,
)
from storybank.understand.silences import AFTER_S, MARGIN_S, silences, taken_out
from storybank.understand.stretches import tag_stretches
from storybank.values import Direction, Segment, Span, Suggestion, Transcript, Word
from tests.fakes import KeywordTagger, plain_nlp


def talk(*turns: tuple[str, str | None]) -> Transcript:
    """A recording in which each turn is a segment, and each word takes a second."""
    text, segments, second = "", [], 0
    for said, speaker in turns:
        at = len(text) + bool(text)
        text = f"{text} {said}".strip()
        words = [
            Word(Span(at + m.start(), at + m.end()), second + n, second + n + 1.0, 0.9)
            for n, m in enumerate(re.finditer(r"\S+", said))
        ]
        span = Span(at, at + len(said))
        segments.append(
            Segment(span, second, words[-1].end, 0.9, words=tuple(words), speaker=speaker)
        )
        second += len(words)
    return Transcript(text, seconds=second, segments=tuple(segments))


ASKED = talk(
    ("The bus was late. We", None), ("and did you wait", "worker"), ("for the bus?", "worker"),
    ("waited. Then it rained.", "teller"), ("Thank you.", "worker"),
)  # fmt: skip


def said(told: Transcript, spans) -> list[str]:
    return [span.of(told.text) for span in spans]


def test_stretches_are_the_tellers_or_the_workers():
    assert said(ASKED, workers_words(ASKED)) == ["and did you wait for the bus?", "Thank you."]
    assert said(ASKED, tellers_words(ASKED)) == ["The bus was late. We", "waited. Then it rained."]
    assert tellers_words(Transcript(" Typed. ")) == (Span(0, 8),)


def test_no_sentence_and_no_passage_reaches_over_a_question():
    spans = tellers_sentences(plain_nlp(), ASKED)
    assert said(ASKED, spans) == ["The bus was late.", "We", "waited.", "Then it rained."]
    found = passages(ASKED, spans)
    assert said(ASKED, [p.span for p in found]) == [
        "The bus was late. We", "waited. Then it rained.",
    ]  # fmt: skip
    assert [(p.start_ms, p.end_ms) for p in found] == [(0, 5000), (12000, 16000)]


def test_a_worker_who_says_bus_is_not_tagged():
    spans = tellers_sentences(plain_nlp(), ASKED)
    (tag,) = tag_stretches(KeywordTagger(), ASKED.text, tellers_words(ASKED), spans)
    assert tag.quote == tag.span.of(ASKED.text) == "The bus was late."


class Whole:
    """A tagger that quotes every sentence, and remembers what it was given."""

    model_id = framework = "whole"

    def __init__(self) -> None:
        self.read = ""

    def tag(self, text, sentences):
        self.read = text
        way = Direction.LIVED
        return tuple(Suggestion("learning", way, s, s.of(text), 0.7) for s in sentences)


turns = st.lists(
    st.tuples(
        st.sampled_from(["Hello there. We", "it is", "Why?", "And then. They asked us"]),
        st.sampled_from(["teller", "worker", None]),
    ),
    min_size=1,
    max_size=7,
)


@given(turns)
def test_whoever_speaks_when_no_quotation_mixes_the_two(conversation):
    told = talk(*conversation)
    theirs = [s.span for s in told.segments if s.speaker == "worker"]
    spans = tellers_sentences(plain_nlp(), told)
    tagger = Whole()
    tags = tag_stretches(tagger, told.text, tellers_words(told), spans)
    everything = [*spans, *(p.span for p in passages(told, spans)), *(t.span for t in tags)]
    assert not any(span.overlaps(other) for span in everything for other in theirs)
    assert [t.span for t in tags] == list(spans)
    teller = [s.span.of(told.text) for s in told.segments if s.speaker != "worker"]
    assert tagger.read.split() == " ".join(teller).split()
    covered = "".join("".join(said(told, spans)).split())
    assert covered == "".join(" ".join(teller).split())


def test_words_without_a_time_are_looked_for_between_their_neighbours():
    words = (Word(Span(0, 2), 1.0, 2.0, 0.9), Word(Span(9, 11), 6.0, 7.0, 0.9))
    text = "my Annie is Bob"
    told = Transcript(text, segments=(Segment(Span(0, 15), 0.5, 9.0, 0.9, words=words),))
    assert times(told, Span(3, 8)) == (2000, 6000)
    assert times(told, Span(12, 15)) == (7000, 9000)
    assert times(told, Span(0, 15)) == (1000, 9000)
    assert times(told, Span(2, 3)) == (None, None)


def test_a_masked_word_whose_time_was_worked_out_is_silent_with_all_round_it():
    words = (
        Word(Span(0, 2), 0.0, 1.0, 0.9), Word(Span(3, 7), 1.0, 2.0, 0.0),
        Word(Span(8, 12), 2.0, 3.0, 0.0), Word(Span(13, 16), 3.0, 4.0, 0.9),
    )  # fmt: skip
    told = Transcript("my Anna Hall too", segments=(Segment(Span(0, 16), 0, 4, 1, words=words),))
    assert times(told, Span(3, 7)) == (1000, 2000)
    assert silences(told, [Span(3, 7)]) == [(1.0 - MARGIN_S, 3.0 + AFTER_S)]


def test_what_a_correction_took_out_is_silent_and_what_it_replaced_is_not():
    before = talk(("Ring me on seven seven two please", None), ("Goodbye Anna", None))
    words = [w for w in before.segments[0].words if w.start < 3 or w.start >= 6]
    text = "Ring us on please"
    kept = (
        Word(Span(0, 4), 0, 1, 0.9), Word(Span(5, 7), 1, 2, 0.0),
        Word(Span(8, 10), 2, 3, 0.9), Word(Span(11, 17), 6, 7, 0.9),
    )  # fmt: skip
    assert len(words) == len(kept)
    after = Transcript(text, segments=(Segment(Span(0, 17), 0.0, 7.0, 1.0, words=kept),))
    out = taken_out(before, after)
    assert [round((a + MARGIN_S + b - AFTER_S) / 2, 1) for a, b in out] == [3.5, 4.5, 5.5, 7.5, 8.5]
    assert taken_out(before, before) == []
    assert taken_out(Transcript("Typed."), after) == []


def test_many_words_are_compared_quickly():
    long = talk(*[("one two three four five six seven eight", None)] * 800)
    assert taken_out(long, long) == []


@pytest.mark.parametrize("speaker", ["teller", None])
def test_one_speaker_is_read_as_before(speaker):
    told = talk(("The bus was late.", speaker), ("Then it rained.", speaker))
    assert tellers_words(told) == (Span(0, len(told.text)),)

"""Voices are put on the words of a transcript, and nothing unnamed is read."""

import itertools
import random

import pytest

from storybank.capture.lines import corrected, lines_of
from storybank.capture.translations import spoken_by, still_true
from storybank.capture.voices import Voice, guessed_worker, voices_in
from storybank.transcribe.voices.assign import untold, voice_at, with_voices
from storybank.transcribe.voices.turns import Turn
from storybank.understand.segment import tellers_words, workers_words
from storybank.values import UNTOLD, Segment, Span, Transcript, Word
from storybank.vault import _from_json, _to_json

ASK, ANSWER = "How was the bus today, Anna?", "It was late. I waited in the rain for an hour."


def heard(*segments, pace=0.5):
    """One segment each, its words `pace` seconds apart, one segment after another."""
    text, found, at = "", [], 0.0
    for said in segments:
        text += " " if text else ""
        start, words = len(text), []
        for word in said.split():
            text += " " if text[-1:].strip() and words else ""
            words.append(Word(Span(len(text), len(text) + len(word)), at, at + pace * 0.8, 0.9))
            text += word
            at += pace
        span = Span(start, len(text))
        found.append(Segment(span, words[0].start, words[-1].end, 0.9, ("cut-off",), tuple(words)))
    return Transcript(text, seconds=at, segments=tuple(found), model_id="test")


def said_by(told, voice):
    return " ".join(s.span.of(told.text) for s in told.segments if s.voice == voice)


def test_a_segment_is_cut_where_the_voice_changes_and_keeps_its_words_and_marks():
    told = with_voices(heard(f"{ASK} {ANSWER}"), [Turn(0, 3.0, 1), Turn(3.0, 9, 2)])
    assert (said_by(told, 1), said_by(told, 2)) == (ASK, ANSWER)
    assert told.text == f"{ASK} {ANSWER}"
    assert [(s.start, s.end, s.flags) for s in told.segments] == [
        (0.0, pytest.approx(2.9), ("cut-off",)), (3.0, pytest.approx(7.9 + 0.5), ("cut-off",)),
    ]  # fmt: skip
    assert all(s.span.start <= w.span.start and w.span.end <= s.span.end
               for s in told.segments for w in s.words)  # fmt: skip


def test_where_nobody_can_tell_how_many_speak_no_word_is_the_tellers_and_a_person_is_asked():
    told = with_voices(heard(ASK, ANSWER), [Turn(0, 3.0, UNTOLD), Turn(3.0, 9, UNTOLD)])
    assert {segment.voice for segment in told.segments} == {UNTOLD}
    assert tellers_words(told) == ()
    (asked,) = voices_in(told)
    assert (asked.number, asked.named, asked.guess) == (UNTOLD, None, None)


@pytest.mark.parametrize("change", [2.1, 2.6, 3.0, 3.4, 3.6])
def test_a_change_of_voice_near_the_end_of_a_sentence_is_there(change):
    told = with_voices(heard(f"{ASK} {ANSWER}"), [Turn(0, change, 1), Turn(change, 9, 2)])
    assert (said_by(told, 1), said_by(told, 2)) == (ASK, ANSWER)


def test_a_last_word_that_is_a_little_late_stays_in_its_sentence():
    told = with_voices(heard(ASK, ANSWER), [Turn(0, 2.4, 1), Turn(2.4, 9, 2)])
    assert (said_by(told, 1), said_by(told, 2)) == (ASK, ANSWER)
    told = with_voices(heard(ASK, ANSWER), [Turn(0, 3.6, 1), Turn(3.6, 9, 2)])
    assert (said_by(told, 1), said_by(told, 2)) == (ASK, ANSWER)


def test_one_voice_leaves_the_transcript_as_it_is():
    told = heard(ASK, ANSWER)
    assert with_voices(untold(told), [Turn(0, 9, 1)]) == told
    assert with_voices(told, []) == told
    # a second voice under which there are no words is none that anybody has to name
    assert with_voices(told, [Turn(0, 8, 1), Turn(30, 31, 2)]) == told


def test_before_voices_are_told_apart_nothing_is_a_tellers_and_each_sentence_stands_alone():
    told = untold(heard(ASK, ANSWER))
    assert tellers_words(told) == ()
    assert [span.of(told.text) for span in workers_words(told)] == [ASK, ANSWER]


def test_a_word_between_turns_goes_to_the_nearest():
    turns = [Turn(0, 2, 1), Turn(5, 9, 2)]
    assert [voice_at(turns, *at) for at in ((2.2, 2.6), (4.4, 4.8), (1.8, 3), (0, 8))] == [
        1, 2, 1, 2,
    ]  # fmt: skip


def test_voices_are_kept_sealed_and_through_corrections():
    told = with_voices(heard(ASK, ANSWER), [Turn(0, 3, 1), Turn(3, 9, 2)])
    assert _from_json(_to_json(told)) == told
    fixed = corrected(told, {0: "How was the tram today, Anna?"}, {1: "teller"})
    assert [(s.voice, s.speaker) for s in fixed.segments] == [(1, None), (2, "teller"), (2, None)]


def test_nothing_is_read_before_somebody_named_the_voices():
    told = with_voices(heard(ASK, ANSWER), [Turn(0, 3, 1), Turn(3, 9, 2)])
    assert tellers_words(told) == ()
    assert [s.of(told.text) for s in workers_words(told)] == [ASK, ANSWER]


@pytest.mark.parametrize("seed", range(20))
def test_no_word_of_a_voice_that_is_not_a_tellers_is_ever_read(seed):
    rng = random.Random(seed)  # noqa: S311
    told = heard(*[rng.choice([ASK, ANSWER]) for _ in range(6)])
    cuts = sorted(rng.uniform(0, told.seconds) for _ in range(5))
    turns = [Turn(a, b, 1 + n % 3) for n, (a, b) in enumerate(itertools.pairwise([0, *cuts, 99]))]
    told = with_voices(told, turns)
    names = {n: rng.choice(["teller", "teller 2", "worker", "other", ""]) for n in (1, 2, 3)}
    lines = lines_of(told)
    speakers = {n: names[line.voice] for n, line in enumerate(lines) if line.voice}
    named = corrected(told, {}, speakers)
    read = {p for span in tellers_words(named) for p in range(span.start, span.end)}
    for segment in named.segments:
        spoken = {p for w in segment.words for p in range(w.span.start, w.span.end)}
        mine = segment.voice is None or segment.speaker in {"teller", "teller 2"}
        assert spoken <= read if mine else not spoken & read
    # and no stretch that is read as one holds the words of two tellers
    for span in tellers_words(named):
        who = {s.speaker for s in named.segments if s.span.overlaps(span)}
        assert who <= {"teller", None} or who == {"teller 2"}


def test_who_asks_and_says_less_is_guessed_to_be_the_worker():
    told = with_voices(
        heard(ASK, ANSWER, "And then?", ANSWER, pace=0.3),
        [Turn(0, 1.8, 1), Turn(1.8, 5.1, 2), Turn(5.1, 5.7, 1), Turn(5.7, 99, 2)],
    )
    one, two = voices_in(told)
    assert (one.guess, two.guess) == ("worker", "teller")
    assert (one.sentences, one.questions, two.questions) == (2, 2, 0)
    assert two.sample in {"I waited in the rain for an hour."}


@pytest.mark.parametrize(
    ("asks", "tells"),
    [((9.0, 5, 5), (4.0, 3, 0)), ((2.0, 5, 1), (4.0, 5, 0)), ((2.0, 5, 4), (9.0, 5, 3))],
)
def test_otherwise_nobody_is_guessed(asks, tells):
    made = [Voice(n, s, all_, q, "", 0, 0) for n, (s, all_, q) in enumerate((asks, tells), 1)]
    assert guessed_worker(made) is None
    assert guessed_worker([*made, made[0]]) is None


def test_the_english_of_a_line_that_voices_cut_in_the_middle_stays_true():
    before = untold(heard("Nasz autobus tutaj prawie nigdy już nie jeździ.", "Anna gotuje zupę."))
    english = heard("Our bus here hardly ever runs any more.", "Anna cooks soup.")
    after = corrected(before, {1: "Maria gotuje zupę."}, {})
    cut = with_voices(after, [Turn(0, 1.95, 1), Turn(1.95, 6, 2)])
    assert [line.text for line in lines_of(cut)][:2] == [
        "Nasz autobus tutaj prawie", "nigdy już nie jeździ.",
    ]  # fmt: skip
    assert still_true(english, before, cut).text == "Our bus here hardly ever runs any more."
    for piece, words in ((0, ""), (1, "nigdy nie jeździ."), (1, "nigdy już nie jeździ. Nigdy.")):
        again = corrected(cut, {piece: words}, {})
        assert still_true(english, before, again).text == ""


def test_words_of_both_are_nobodys_in_english_however_short_the_question():
    def said(start, end, speaker=None):
        return Segment(Span(0, 1), start, end, 0.9, (), (), speaker)

    told = Transcript("x", "pl", 0.9, 9, (said(0, 0.25, "worker"), said(0.3, 6, "teller")))
    english = Transcript("y", "en", 0.9, 9, (said(0, 5), said(5, 6, "worker")))
    found = spoken_by(english, told).segments
    assert [one.is_tellers for one in found] == [False, True]

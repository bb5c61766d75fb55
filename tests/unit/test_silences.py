"""What is masked is silent from its first sound to its last, whatever the word times are like."""

import random

import pytest

from storybank.understand.silences import AFTER_S, MARGIN_S, silences
from storybank.values import Segment, Span, Transcript, Word

NAMES = ("Anna", "Cholmondeley", "07700", "Bo")
OTHERS = ("and", "we", "always", "said")


def heard(*words, edges=None):
    """A transcript of one segment from (word, start, end, confidence) or (word,) without times."""
    text, at, timed = " ".join(w[0] for w in words), 0, []
    for word, *when in words:
        if when:
            timed.append(Word(Span(at, at + len(word)), *when))
        at += len(word) + 1
    start, end = edges or (timed[0].start, timed[-1].end)
    one = Segment(Span(0, len(text)), start, end, 0.9, words=tuple(timed))
    return Transcript(text, segments=(one,))


def span_of(told, words):
    return Span(told.text.index(words), told.text.index(words) + len(words))


def quiet(told, words):
    ((start, end),) = silences(told, [span_of(told, words)])
    return start, end


def test_a_name_that_was_given_no_time_is_silent_for_as_long_as_it_takes_to_say():
    told = heard(("with", 9.2, 9.52, 0.9), ("Andy", 9.52, 9.52, 0.9), ("and", 9.52, 9.8, 0.9))
    start, end = quiet(told, "Andy")
    assert start <= 9.2
    assert end >= 9.8
    whole = heard(("with", 9.0, 9.2, 0.9), ("Andy", 9.2, 9.5, 0.9), ("and", 9.5, 9.8, 0.9))
    assert quiet(whole, "Andy") == (pytest.approx(9.2 - MARGIN_S), pytest.approx(9.5 + AFTER_S))


@pytest.mark.parametrize("number", ["07700", "1999"])
def test_digits_take_longer_than_letters(number):
    start, end = quiet(heard(("ring", 1.0, 1.4, 0.9), (number, 1.4, 1.6, 0.9)), number)
    assert end - start >= 0.15 * len(number)


def test_times_that_are_not_in_order_silence_the_whole_of_their_segment():
    told = heard(("ask", 2.0, 2.4, 0.9), ("Anna", 5.0, 5.4, 0.9), ("Hall", 3.0, 3.4, 0.9))
    start, end = quiet(told, "Anna Hall")
    assert start <= 2.0
    assert end >= 5.4


def test_a_name_between_words_heard_badly_has_a_wider_margin():
    told = heard(("ask", 2.0, 2.4, 0.2), ("Anna",), ("please", 3.0, 3.4, 0.9))
    assert quiet(told, "Anna") == (pytest.approx(2.0), pytest.approx(3.4))


def test_segments_that_run_backwards_leave_nothing_of_a_name_between_them():
    words = (Word(Span(0, 4), 8.0, 8.4, 0.9),), (Word(Span(5, 9), 4.0, 4.4, 0.9),)
    told = Transcript(
        "Anna Hall",
        segments=(
            Segment(Span(0, 4), 8.0, 8.4, 0.9, words=words[0]),
            Segment(Span(5, 9), 4.0, 4.4, 0.9, words=words[1]),
        ),
    )
    start, end = quiet(told, "Anna Hall")
    assert start <= 4.0
    assert end >= 8.4


@pytest.mark.parametrize("seed", range(200))
def test_no_masked_word_is_heard_at_the_times_it_was_given(seed):
    chance = random.Random(seed)  # noqa: S311 (the same words every time)
    at, words = 0.0, []
    for _ in range(chance.randint(1, 9)):
        word = chance.choice((*NAMES, *OTHERS))
        start = at + chance.choice((0.0, 0.0, 0.3, -0.4))
        at = start + chance.choice((0.0, 0.02, 0.4, 1.5, -0.3))
        times = (start, at, chance.choice((0.0, 0.1, 0.9)))
        words.append((word, *times) if chance.random() < 0.8 else (word,))
    if not any(len(w) > 1 for w in words):
        words.append(("end", at, at + 0.4, 0.9))
    told = heard(*words)
    (segment,) = told.segments
    for word in segment.words:
        if not word.heard:
            continue
        ((start, end),) = silences(told, [word.span])
        low, high = sorted((word.start, word.end))
        assert start <= max(0.0, low - MARGIN_S) + 1e-3
        assert end >= high + AFTER_S - 1e-3

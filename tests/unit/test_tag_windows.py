"""Windows: every unit is read once, with what was said just before it, and nothing is too long."""

from hypothesis import given
from hypothesis import strategies as st

from storybank.understand.windows import LAP, LONGEST, windows
from storybank.values import Span


def words_of(lengths: list[int]) -> tuple[list[tuple[int, int]], list[Span]]:
    """Give one token a character, and sentences of the lengths given with a blank between."""
    sentences, at = [], 0
    for length in lengths:
        sentences.append(Span(at, at + length))
        at += length + 1
    offsets = [(n, n + 1) for s in sentences for n in range(s.start, s.end)]
    return offsets, sentences


def test_a_short_story_is_one_window_and_units_know_their_tokens():
    offsets, sentences = words_of([4, 3])
    clause = Span(6, 8)
    (only,) = windows(range(7), offsets, sentences, [*sentences, clause])

    assert only.tokens == tuple(range(7))
    assert only.units == (0, 1, 2)
    assert only.places == ((0, 4), (4, 7), (5, 7))


def test_a_later_window_begins_with_the_sentences_before_and_judges_only_its_own():
    fifth = LONGEST // 5
    offsets, sentences = words_of([fifth] * 7)
    first, second = windows(range(fifth * 7), offsets, sentences, sentences)

    assert first.units == (0, 1, 2, 3, 4)
    assert second.units == (5, 6)
    assert second.tokens[0] == fifth * 4, "the sentence before is read again"
    assert second.places[0] == (fifth, fifth * 2)


def test_a_sentence_without_end_is_cut_and_what_is_beyond_stands_for_nothing():
    offsets, sentences = words_of([LONGEST * 3])
    far = Span(LONGEST * 2, LONGEST * 2 + 5)
    (only,) = windows(range(LONGEST * 3), offsets, sentences, [*sentences, far])

    assert len(only.tokens) == LONGEST
    assert only.places == ((0, LONGEST), (0, 0))


def test_nothing_to_read_gives_no_windows():
    assert windows([], [], [], []) == ()


@given(st.lists(st.integers(1, LONGEST + 50), max_size=12))
def test_each_unit_is_in_one_window_and_no_window_is_too_long(lengths):
    offsets, sentences = words_of(lengths)
    found = windows(range(len(offsets)), offsets, sentences, sentences)

    assert sorted(n for window in found for n in window.units) == list(range(len(sentences)))
    for window in found:
        assert len(window.tokens) <= LONGEST
        for n, (start, end) in zip(window.units, window.places, strict=True):
            shown = offsets[window.tokens[start]][0]
            assert shown == sentences[n].start
            assert end - start == min(lengths[n], LONGEST - start)
        before = window.places[0][0]
        assert before <= sum(lengths[max(0, window.units[0] - LAP) : window.units[0]])

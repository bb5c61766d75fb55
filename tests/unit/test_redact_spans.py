"""The arithmetic that every masked page, quotation and tag rests on."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storybank.spans import apply_masks, told_span
from storybank.values import Mask, Span

ALPHABET = "ab é😀\n[]1"


@st.composite
def masked_texts(draw):
    """A text, some masks in order and without overlap (they may touch), and a passage of it."""
    text = draw(st.text(ALPHABET, min_size=1, max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    chosen = [pair for pair in pairwise(cuts) if draw(st.booleans())]
    masks = [
        Mask(Span(start, end), "person", draw(st.sampled_from(["[person 1]", "[x]", "[address]"])))
        for start, end in chosen
    ]
    start = draw(st.integers(0, len(text) - 1))
    return text, masks, Span(start, draw(st.integers(start + 1, len(text))))


def told_characters(masks, within):
    """For each shown character, the told span it stands for: slow, and plain to see right."""
    row, at = [], within.start
    for mask in masks:
        if mask.span.overlaps(within):
            row += [Span(n, n + 1) for n in range(at, mask.span.start)]
            row += [mask.span] * len(mask.placeholder)
            at = mask.span.end
    return row + [Span(n, n + 1) for n in range(at, within.end)]


@given(masked_texts())
def test_masked_words_are_the_kept_words_with_placeholders_between(case):
    text, masks, within = case
    shown = apply_masks(text, masks, within)
    row = told_characters(masks, within)

    assert len(shown) == len(row)
    for letter, told in zip(shown, row, strict=True):
        if told not in [m.span for m in masks]:
            assert letter == text[told.start]


@given(masked_texts(), st.data())
def test_any_selection_of_masked_words_finds_the_words_as_told(case, data):
    text, masks, within = case
    shown = apply_masks(text, masks, within)
    row = told_characters(masks, within)
    start = data.draw(st.integers(0, len(shown) - 1))
    end = data.draw(st.integers(start + 1, len(shown)))

    told = told_span(masks, within, Span(start, end))

    assert told == Span(row[start].start, row[end - 1].end)


@given(masked_texts())
def test_a_selected_stretch_shows_the_same_masked_words_again(case):
    text, masks, within = case
    shown = apply_masks(text, masks, within)

    told = told_span(masks, within, Span(0, len(shown)))

    assert apply_masks(text, masks, told) == shown


@given(masked_texts())
def test_passages_side_by_side_show_every_kept_word_once(case):
    text, masks, within = case
    parts = [Span(0, within.start), within, Span(within.end, len(text))]
    kept = [n for n in range(len(text)) if not any(m.span.start <= n < m.span.end for m in masks)]

    shown = [
        told.start
        for part in parts
        if part.start < part.end
        for told in told_characters(masks, part)
        if told.start in kept
    ]

    assert shown == kept


def test_no_masks_leave_the_text_as_it_is():
    assert apply_masks("Plain words.", []) == "Plain words."
    assert apply_masks("", []) == ""
    assert told_span([], Span(3, 9), Span(1, 4)) == Span(4, 7)


def test_half_a_name_at_the_edge_of_a_passage_is_never_shown():
    mask = Mask(Span(4, 9), "person", "[person 1]")

    assert apply_masks("Ask Maria now", [mask], Span(6, 13)) == "[person 1] now"
    assert apply_masks("Ask Maria now", [mask], Span(0, 6)) == "Ask [person 1]"
    assert told_span([mask], Span(6, 13), Span(11, 14)) == Span(10, 13)

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybank.errors import BadSelection
from storybank.spans import (
    apply_masks,
    find_quote,
    found_again,
    from_utf16,
    shown_span,
    told_span,
)
from storybank.values import Mask, Span

TEXT = "Ask Rosa Lopez on 07700 900123, she knows Rosa's bus."
MASKS = (
    Mask(Span(4, 14), "name", "[name]"),
    Mask(Span(18, 30), "phone", "[phone number]"),
    Mask(Span(42, 46), "name", "[name]"),
)
WHOLE = Span(0, len(TEXT))


def test_a_selection_in_masked_words_points_at_the_words_as_told():
    shown = apply_masks(TEXT, MASKS)
    at = shown.index("she knows [name]'s bus")

    told = told_span(MASKS, WHOLE, Span(at, at + len("she knows [name]'s bus")))

    assert told.of(TEXT) == "she knows Rosa's bus"


def test_told_words_are_found_again_in_the_masked_passage():
    within = Span(TEXT.index("on"), len(TEXT))
    passage = apply_masks(TEXT, MASKS, within)
    told = Span(TEXT.index("900123"), TEXT.index(" she"))

    assert shown_span(MASKS, within, told).of(passage) == "[phone number],"
    assert shown_span(MASKS, within, Span(0, 17)).of(passage) == "on"


@st.composite
def _masked(draw):
    text = draw(st.text("abc ", min_size=1, max_size=40))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    masks = tuple(
        Mask(Span(a, b), "k", draw(st.sampled_from(["[x]", "[longer name]"])))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    )
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return text, masks, Span(start, end)


@given(_masked(), st.data())
def test_to_told_and_back_covers_the_selection_and_never_half_a_placeholder(made, data):
    text, masks, within = made
    passage = apply_masks(text, masks, within)
    start = data.draw(st.integers(0, max(0, len(passage) - 1)))
    end = data.draw(st.integers(start, len(passage)))
    if start == end:
        return

    told = told_span(masks, within, Span(start, end))
    again = shown_span(masks, within, told)

    assert again.start <= start
    assert again.end >= end
    assert told_span(masks, within, again) == told
    assert apply_masks(text, masks, told) == again.of(passage)


def test_selections_of_browsers_count_utf16_units():
    assert from_utf16("a😀bc", 3, 4) == Span(2, 3)
    for start, end in [(2, 3), (0, 9), (3, 3), (-1, 2)]:
        with pytest.raises(BadSelection):
            from_utf16("a😀bc", start, end)


def test_the_nearest_of_several_occurrences_is_found():
    assert find_quote("bus, bus, bus", "bus", near=6) == Span(5, 8)
    assert find_quote("bus", "tram") is None


MET = f"{TEXT} It never comes.\nShe knows it."


def cut(*starts: int) -> list[tuple[Span, str]]:
    """Give passages of MET that begin at `starts`, each with its masked words."""
    spans = [Span(a, b - 1) for a, b in pairwise([*starts, len(MET) + 1])]
    return [(span, apply_masks(MET, MASKS, span)) for span in spans]


def test_words_over_where_two_passages_meet_are_found_again_as_told():
    passages = cut(0, MET.index("It never"), MET.index("She"))
    quote = "she knows [name]'s bus. It never comes."

    (place,) = found_again(passages, MASKS, quote)
    assert place.of(MET) == "she knows Rosa's bus. It never comes."
    assert [p.of(MET) for p in found_again(passages, MASKS, "never comes.\nShe")] == [
        "never comes.\nShe"
    ]
    (within,) = found_again(passages, MASKS, "It never comes.")
    assert within.of(MET) == "It never comes."
    assert list(found_again(passages, MASKS, "bus. She knows")) == []
    assert list(found_again(passages, MASKS, "")) == []


def test_words_are_not_found_over_what_somebody_else_says_in_between():
    passages = [cut(0, 54)[0], cut(0, MET.index("She"))[1]]
    assert list(found_again(passages, MASKS, "'s bus. She knows it.")) == []
    assert [p.of(MET) for p in found_again(passages, MASKS, "knows")] == ["knows", "knows"]

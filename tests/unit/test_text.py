import pytest

from storybank.capture.text import clean, count_words
from storybank.errors import EmptyStory, StoryTooLong


def test_line_ends_controls_and_outer_space_go_and_the_rest_stays():
    assert clean("  one\r\ntwo\rthree\x00\x07 ", max_words=9) == "one\ntwo\nthree"


def test_emoji_joiners_and_right_to_left_words_stay_as_they_were_told():
    told = "👩‍👧 شكرا thank you \u200fأهلا"

    assert clean(told, max_words=9) == told


def test_half_a_surrogate_pair_cannot_be_stored_and_goes():
    assert clean("ok \ud83d then", max_words=9) == "ok  then"


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "\x00", "...", "😀"])
def test_a_story_without_words_is_empty(typed):
    with pytest.raises(EmptyStory):
        clean(typed, max_words=9)


def test_a_story_over_the_limit_is_told_the_limit():
    with pytest.raises(StoryTooLong) as caught:
        clean("word " * 60_000, max_words=50_000)

    assert "50,000 words" in caught.value.message
    assert count_words(clean("word " * 50_000, max_words=50_000)) == 50_000

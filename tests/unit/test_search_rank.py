"""The order of stories from signs of meaning and of words."""

import uuid

from storybank.search.candidates import Candidate
from storybank.search.rank import BEST, MEANING_ONLY, WORDS_ONLY, Shares, ranked

ONE, TWO, THREE = (uuid.UUID(int=n) for n in (1, 2, 3))


def passage(story: uuid.UUID, cosine: float, *held: bool, ordinal: int = 0) -> Candidate:
    bits = sum(1 << n for n, is_held in enumerate(held) if is_held)
    return Candidate(story.int * 10 + ordinal, story, ordinal, cosine, bits)


def order(*found: Candidate, weights: tuple[float, ...] = (), how=BEST) -> list[uuid.UUID]:
    return [story.story_id for story in ranked(found, weights, how)]


def test_nothing_gives_nothing() -> None:
    assert order() == []


def test_the_nearer_story_comes_first_and_ties_keep_the_order_of_ids() -> None:
    found = (passage(THREE, 0.5), passage(TWO, 0.5), passage(ONE, 0.6))
    assert order(*found) == [ONE, TWO, THREE]
    assert order(*reversed(found)) == [ONE, TWO, THREE]


def test_a_shared_word_lifts_a_story_but_not_over_one_that_is_much_nearer() -> None:
    assert order(passage(ONE, 0.5, False), passage(TWO, 0.45, True), weights=(1,)) == [TWO, ONE]
    assert order(passage(ONE, 0.8, False), passage(TWO, 0.45, True), weights=(1,)) == [ONE, TWO]


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    rare, common = passage(ONE, 0.4, True, False), passage(TWO, 0.4, False, True)
    assert order(common, rare, weights=(5.0, 1.0)) == [ONE, TWO]


def test_a_second_near_passage_counts_for_a_story() -> None:
    found = (passage(ONE, 0.5), passage(TWO, 0.5), passage(TWO, 0.4, ordinal=1))
    assert order(*found) == [TWO, ONE]


def test_what_is_far_below_the_best_was_not_found_unless_it_holds_every_word() -> None:
    far = passage(TWO, 0.0, True, False)
    assert order(passage(ONE, 0.9, False, False), far, weights=(1, 1)) == [ONE]
    every = passage(TWO, -0.2, True, True)
    assert order(passage(ONE, 0.9, False, False), every, weights=(1, 1)) == [ONE, TWO]


def test_where_no_word_is_held_and_nothing_is_near_it_was_nonsense() -> None:
    assert order(passage(ONE, 0.25)) == []
    assert order(passage(ONE, 0.25, False), weights=(2,)) == []
    assert order(passage(ONE, 0.27)) == [ONE]
    assert order(passage(ONE, 0.1, True), weights=(2,)) == [ONE]


def test_each_way_alone_looks_at_its_own_sign_only() -> None:
    near, worded = passage(ONE, 0.9, False), passage(TWO, 0.1, True)
    assert order(near, worded, weights=(1,), how=WORDS_ONLY) == [TWO]
    assert order(near, worded, weights=(1,), how=MEANING_ONLY) == [ONE, TWO]


def test_passages_stand_best_first_and_early_ones_first_where_equal() -> None:
    found = [passage(ONE, 0.3, ordinal=2), passage(ONE, 0.3, ordinal=1), passage(ONE, 0.6)]
    (story,) = ranked(found, (), BEST)
    assert [candidate.ordinal for candidate, _ in story.passages] == [0, 1, 2]


def test_the_share_of_words_is_by_weight() -> None:
    assert Shares(())[0] == 0.0
    assert Shares((0.0,))[1] == 0.0
    shares = Shares((3.0, 1.0))
    assert (shares[0b01], shares[0b10], shares[0b11], shares[0]) == (0.75, 0.25, 1.0, 0.0)

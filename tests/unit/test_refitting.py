"""Which words are offered for a decision whose own are gone."""

from storybank.refitting import Offer, offer

PASSAGES = [(1, "We cook together on Fridays."), (2, "The trams never come on time, she said.")]


def test_the_words_most_alike_are_offered_exactly_as_they_stand():
    assert offer("The tram never come on time", PASSAGES) == Offer(
        2, "The trams never come on time,"
    )
    assert offer("we COOK, together", PASSAGES) == Offer(1, "We cook together")


def test_words_that_are_not_alike_are_not_offered():
    assert offer("Nobody rang me back about the damp", PASSAGES) is None
    assert offer("anything", []) is None
    assert offer("", PASSAGES) is None

"""British spelling of what was heard: spans and times stay with their words."""

import re

from storybank.transcribe.spelling import british, spellings
from storybank.values import Segment, Span, Transcript, Word


def heard(text: str, language: str = "en") -> Transcript:
    words = tuple(
        Word(Span(*m.span()), n / 2, n / 2 + 0.4, 0.9)
        for n, m in enumerate(re.finditer(r"\S+", text))
    )
    half = len(words) // 2
    segments = tuple(
        Segment(Span(part[0].span.start, part[-1].span.end), part[0].start, part[-1].end, 0.9,
                ("low-confidence",), part)
        for part in (words[:half], words[half:])
    )  # fmt: skip
    return Transcript(text, language=language, segments=segments, model_id="m")


def test_words_are_spelt_the_british_way_and_keep_their_times():
    before = heard("My neighbor organized it. The community center, our favorite, is gray now.")
    after = british(before)

    assert after.text == (
        "My neighbour organised it. The community centre, our favourite, is grey now."
    )
    words = [w for s in after.segments for w in s.words]
    assert [w.span.of(after.text) for w in words] == after.text.split()
    assert [(w.start, w.end) for w in words] == [
        (w.start, w.end) for s in before.segments for w in s.words
    ]
    assert " ".join(s.span.of(after.text) for s in after.segments) == after.text
    assert all(s.flags == ("low-confidence",) for s in after.segments)


def test_names_and_words_with_another_sense_stay():
    for text in (
        "He works at the Humana Center on Labor Day.",
        "The program and the meter.",
        "Gray said that the check was in the story.",
        "Your hours are our colours.",
    ):
        assert british(heard(text)).text == text  # fmt: skip


def test_the_first_word_of_a_sentence_keeps_its_capital():
    assert british(heard("It was shut. Realizing that hurt.")).text == (
        "It was shut. Realising that hurt."
    )


def test_another_language_is_left_alone():
    told = heard("El color gray", "es")
    assert british(told) is told


def test_no_british_spelling_is_changed_again():
    assert not set(spellings()) & set(spellings().values())

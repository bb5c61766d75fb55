"""Which stretches of a transcript are marked as doubtful, and why."""

from dataclasses import replace

import numpy as np
import pytest

from storybank.evaluate.noises import clips
from storybank.transcribe.marks import Evidence, cut_ends, marked, repeated
from storybank.transcribe.vad import FRAME, Timeline, stretches, unheard
from storybank.values import Mark, Segment, Span, Transcript, Word


def told(*parts: str, confidence: float = 0.9, seconds: float = 20.0) -> Transcript:
    """Sentences one after another, a word each half second from second 1 on."""
    text, segments, second = "", [], 1.0
    for part in parts:
        text += " " if text else ""
        at, words = len(text), []
        for word in part.split():
            start = len(text) + bool(words)
            text += f" {word}" if words else word
            words.append(Word(Span(start, len(text)), second, second + 0.4, confidence))
            second += 0.5
        span = Span(at, len(text))
        segments.append(
            Segment(span, words[0].start, words[-1].end, confidence, words=tuple(words))
        )
    return Transcript(text, seconds=seconds, segments=tuple(segments), model_id="m")


def chances(seconds: float, *spoken: tuple[float, float]) -> np.ndarray:
    found = np.zeros(int(seconds * 16_000) // FRAME, np.float32)
    for start, end in spoken:
        found[int(start * 16_000 / FRAME) : int(end * 16_000 / FRAME)] = 0.95
    return found


def flags(heard: Transcript) -> list[tuple[str, ...]]:
    return [segment.flags for segment in heard.segments]


def test_what_is_heard_well_has_no_mark():
    heard = told("We cook dinner together.", "Every Friday.")
    assert flags(marked(heard, Evidence(chances(20, (0.9, 4.2))))) == [(), ()]


def test_low_confidence_is_marked_also_where_only_three_words_in_a_row_are_guessed():
    low = told("We cook dinner together.", confidence=0.5)
    assert flags(marked(low, Evidence(chances(20, (0.9, 3))))) == [("low-confidence",)]

    heard = told("We cook dinner together now and then again.")
    words = list(heard.segments[0].words)
    for number in (1, 2, 3):
        words[number] = Word(words[number].span, words[number].start, words[number].end, 0.1)
    guessed = Segment(heard.segments[0].span, 1.0, 5.0, 0.8, words=tuple(words))
    again = Transcript(heard.text, seconds=20, segments=(guessed,), model_id="m")
    assert flags(marked(again, Evidence(chances(20, (0.9, 5))))) == [("low-confidence",)]
    one_less = Segment(
        guessed.span, 1.0, 5.0, 0.8, words=(*words[:2], *heard.segments[0].words[2:])
    )
    sure = Transcript(heard.text, seconds=20, segments=(one_less,), model_id="m")
    assert flags(marked(sure, Evidence(chances(20, (0.9, 5))))) == [()]


def test_a_translation_may_be_less_sure_of_its_words():
    evidence = Evidence(chances(20, (0.9, 3)), translated=True)
    assert flags(marked(told("We cook dinner.", confidence=0.6), evidence)) == [()]
    assert flags(marked(told("We cook dinner.", confidence=0.45), evidence)) == [
        ("low-confidence",)
    ]


def test_words_without_a_voice_are_marked():
    heard = told("Thank you for watching.", "We cook together.")
    assert flags(marked(heard, Evidence(chances(20, (3.0, 4.6))))) == [("no-speech",), ()]


def test_circles_are_marked_and_people_may_say_no_no_no():
    assert repeated(["We cook. We cook. We cook."]) == frozenset()
    assert repeated(["No, no, no, no.", "Very, very, very good."]) == frozenset()
    assert repeated(["and then we went " * 3]) == {0}
    assert repeated(["no " * 8]) == {0}
    assert repeated(["Thank you."] * 3 + ["We cook."]) == {0, 1, 2}
    assert repeated(["Thank you."] * 2 + ["We cook."]) == frozenset()
    assert repeated(["We cook.", *["I met my friends at lunch."] * 2]) == {1, 2}
    assert repeated(["The lunch club is where I met my friends. " * 2]) == {0}
    squeezed = Evidence(chances(20, (0.9, 5)), squeezed=(2.5,))
    assert flags(marked(told("We cook dinner together."), squeezed)) == [("repetition",)]


def test_speech_that_was_not_written_down_is_a_segment_without_words():
    heard = marked(told("We cook.", "Every day."), Evidence(chances(20, (0.9, 12.0))))
    gap = heard.segments[-1]
    assert (gap.span.of(heard.text), gap.flags) == ("", ("gap",))
    assert (gap.start, gap.end) == (pytest.approx(3.5, abs=0.1), pytest.approx(12, abs=0.1))
    assert [s.flags for s in heard.segments[:-1]] == [(), ()]

    before = marked(told("We cook."), Evidence(chances(20, (0.0, 1.9))))
    assert flags(before) == [()], "half a second is no gap"
    late = told("We cook.")
    moved = tuple(Word(w.span, w.start + 9, w.end + 9, 0.9) for w in late.segments[0].words)
    late = Transcript(
        late.text, seconds=20, segments=(Segment(Span(0, 8), 10.0, 10.9, 0.9, (), moved),)
    )
    first = marked(late, Evidence(chances(20, (0.2, 11.0)))).segments[0]
    assert (first.span, first.flags) == (Span(0, 0), ("gap",))
    assert first.end < 10


def test_a_word_drawn_over_what_was_not_written_down_hides_no_gap():
    said = told("We cook.").segments[0]
    drawn = (said.words[0], replace(said.words[1], end=12.0))
    heard = replace(told("We cook."), segments=(replace(said, end=12.0, words=drawn),))

    found = marked(heard, Evidence(chances(20, (0.9, 12.0)))).segments

    assert [(s.start, s.end, s.flags) for s in found[1:]] == [
        (pytest.approx(4.1, abs=0.1), pytest.approx(12, abs=0.1), ("gap",))
    ]


def test_a_doubtful_language_marks_its_own_seconds_only():
    heard = told("We cook dinner together.", "Every Friday.")
    evidence = Evidence(chances(20, (0.9, 4.2)), doubted=((3.0, 20.0),))
    assert flags(marked(heard, evidence)) == [(), ("language-doubt",)]


def test_cut_ends_mark_the_first_and_the_last():
    heard = told("We cook.", "Every day.", "With him.")
    evidence = Evidence(chances(20, (0.9, 4.0)), cut=(True, True))
    assert flags(marked(heard, evidence)) == [("cut-off",), (), ("cut-off",)]


def test_a_voice_that_stops_by_itself_is_not_cut():
    t = np.arange(32_000) / 16_000
    voice = np.sin(2 * np.pi * 200 * t)
    fading = (voice * np.minimum(1, np.minimum(t, 2 - t) * 3)).astype(np.float32)
    spoken = np.full(len(t) // FRAME + 1, 0.9, np.float32)
    assert cut_ends(fading, spoken) == (False, False)
    whole = np.cos(2 * np.pi * 200 * t).astype(np.float32)
    whole[:160] *= 2  # a loud vowel, cut in the middle
    whole /= 2
    assert cut_ends(whole, spoken) == (True, True)
    assert cut_ends(whole, np.zeros_like(spoken)) == (False, False)
    assert cut_ends(whole[:0], spoken[:0]) == (False, False)


def test_every_mark_is_explained_in_the_table():
    from storybank.transcribe import marks

    assert all(f"| `{mark.value}` |" in (marks.__doc__ or "") for mark in Mark)


def test_stretches_join_over_short_pauses_and_share_narrow_ones():
    found = chances(10, (1.0, 2.0), (3.0, 4.0), (8.0, 9.0))
    long_pauses = stretches(found, silence_s=2.0, pad_s=0.0, samples=160_000)
    assert [(round(a / 16_000), round(b / 16_000)) for a, b in long_pauses] == [(1, 4), (8, 10)]
    padded = stretches(found, silence_s=0.5, pad_s=0.8, samples=160_000)
    assert len(padded) == 3
    assert padded[0][1] <= padded[1][0]
    assert stretches(found[:0], silence_s=1, pad_s=1, samples=0) == ()


def test_times_come_back_from_the_joined_speech():
    timeline = Timeline(((16_000, 32_000), (64_000, 96_000)))
    audio = np.arange(96_000, dtype=np.float32)
    assert len(timeline.joined(audio)) == 48_000
    assert timeline.told(0.25, 0.75) == (1.25, 1.75)
    assert timeline.told(1.5, 2.0) == (4.5, 5.0)
    assert len(Timeline(()).joined(audio)) == 0


def test_what_no_word_covers_is_unheard():
    spoken = ((0, 160_000),)
    assert unheard(spoken, [(2, 3), (6, 7)], beside_s=0.5) == ((0, 1.5), (3.5, 5.5), (7.5, 10))
    assert unheard(spoken, [], beside_s=0.5) == ((0, 10),)
    assert unheard((), [(2, 3)], beside_s=0.5) == ()


def test_the_twenty_clips_are_twenty_and_always_the_same():
    made = clips(1.0)
    assert len(made) == 20
    assert all(np.array_equal(made[name], again) for name, again in clips(1.0).items())
    assert all(np.abs(clip).max() <= 1 for clip in made.values())

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybank.capture.lines import WORKED_OUT, aligned, corrected, lines_of
from storybank.errors import BadInput
from storybank.values import Segment, Span, Transcript, Word
from tests.growth import IN_LINE, growth


def heard(*segments: str, flags: tuple[str, ...] = (), model: str | None = "whisper") -> Transcript:
    """What an engine hears: a word each second, segments one after another."""
    text, found, second = "", [], 0
    for part in segments:
        at = len(text) + bool(text)
        text = f"{text} {part}" if text else part
        words, place = [], at
        for word in part.split():
            place = text.index(word, place)
            words.append(Word(Span(place, place + len(word)), second, second + 1.0, 0.9))
            place, second = place + len(word), second + 1
        span = Span(at, len(text))
        found.append(Segment(span, words[0].start, words[-1].end, 0.9, flags, tuple(words)))
    return Transcript(text, seconds=second, segments=tuple(found), model_id=model)


def shown(transcript: Transcript) -> list[tuple[str, float | None, float | None]]:
    return [(line.text, line.start, line.end) for line in lines_of(transcript)]


def timed(transcript: Transcript) -> list[tuple[str, float, float]]:
    return [(w.span.of(transcript.text), w.start, w.end)
            for s in transcript.segments for w in s.words]  # fmt: skip


def test_lines_are_sentences_whatever_the_engine_cut():
    told = heard("We went there. It", "was shut! Nobody", "came back")
    assert shown(told) == [
        ("We went there.", 0, 3), ("It was shut!", 3, 6), ("Nobody came back", 6, 9),
    ]  # fmt: skip


def test_typed_text_has_its_paragraphs_and_no_times():
    told = Transcript("One.\nStill one.\n\n \nTwo. \n")
    assert shown(told) == [("One.\nStill one.", None, None), ("Two.", None, None)]
    assert lines_of(Transcript("")) == ()


def test_endless_speech_is_cut_where_the_engine_paused():
    told = heard(*["and then we went on"] * 40)
    assert all(len(line.text.split()) <= 60 for line in lines_of(told))


@given(st.text(alphabet="ab .!?\n\t😀é", max_size=60))
def test_lines_cover_every_word_of_any_text(text):
    for told in (Transcript(text), _one_segment(text)):
        lines = lines_of(told)
        assert "".join("".join(line.text.split()) for line in lines) == "".join(text.split())
        assert all(line.span.of(text) == line.text for line in lines)
        assert corrected(told, {n: line.text for n, line in enumerate(lines)}, {}) is told


def _one_segment(text: str) -> Transcript:
    segment = Segment(Span(0, len(text)), 0.0, 5.0, 0.5)
    return Transcript(text, segments=(segment,) if text.strip() else (), model_id="m")


def test_one_edit_moves_the_rest_and_keeps_its_times():
    told = heard("The buzz never comes. Nobody", "asks us.", flags=("low-confidence",))
    after = corrected(told, {0: "The  bus never\r\ncomes any more."}, {})

    assert after.text == "The bus never comes any more. Nobody asks us."
    assert after.model_id is None
    first, second = after.segments
    assert (first.start, first.end, first.flags) == (0, 4, ())
    assert second.flags == ("low-confidence",)
    assert timed(after) == [
        ("The", 0, 1), ("bus", 1, 2), ("never", 2, 3), ("comes", 3, 4),
        ("Nobody", 4, 5), ("asks", 5, 6), ("us.", 6, 7),
    ]  # fmt: skip
    assert first.words[1].confidence == WORKED_OUT
    assert lines_of(after)[0].text == first.span.of(after.text)


def test_capitals_and_marks_do_not_make_another_word():
    told = heard("the bus, never comes")
    assert timed(corrected(told, {0: "The bus never – comes!"}, {})) == [
        ("The", 0, 1), ("bus", 1, 2), ("never", 2, 3), ("–", 3, 3), ("comes!", 3, 4),
    ]  # fmt: skip


def test_several_changed_words_share_the_time_between_kept_ones_and_edges_get_none():
    told = heard("oh a b c d yes")
    assert timed(corrected(told, {0: "Well now a q r s d indeed"}, {})) == [
        ("a", 1, 2), ("q", 2, pytest.approx(2 + 2 / 3)),
        ("r", pytest.approx(2 + 2 / 3), pytest.approx(2 + 4 / 3)),
        ("s", pytest.approx(2 + 4 / 3), 4), ("d", 4, 5),
    ]  # fmt: skip


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_times_never_run_backwards(old, new):
    told = heard(" ".join(old)) if old else Transcript("", model_id="m")
    words = [w for s in told.segments for w in s.words]
    found = aligned(told.text, words, " ".join(new), 5)
    times = [t for w in found for t in (w.start, w.end)]
    assert times == sorted(times)
    assert [w.span for w in found] == sorted({w.span for w in found})
    assert all(w.span.start >= 5 for w in found)


def test_an_emptied_line_goes_with_its_time():
    told = heard("Thank you for watching. We like it here. Yes.")
    after = corrected(told, {0: " ", 2: "..."}, {})
    assert after.text == "We like it here."
    assert [s.start for s in after.segments] == [4]


def test_a_sentence_that_an_engine_wrote_with_accents_apart_keeps_its_marks():
    told = heard("Yes. Cafe\u0301 \u0958alam was shut.", flags=("low-confidence",))
    apart, second = lines_of(told)[1].text, {1: lines_of(told)[1].text}

    after = corrected(told, {0: "Yes, please."}, {})
    assert [line.flags for line in lines_of(after)] == [(), ("low-confidence",)]
    assert lines_of(after)[1].text == apart
    assert corrected(told, second, {}) is told


def test_a_speaker_is_kept_on_its_line_and_can_be_taken_off():
    told = heard("What changed? Everything did.")
    after = corrected(told, {}, {0: "worker", 1: "teller"})
    assert [s.speaker for s in after.segments] == ["worker", "teller"]
    assert after.text == told.text
    again = corrected(after, {}, {0: ""})
    assert [s.speaker for s in again.segments] == [None, "teller"]
    assert corrected(again, {}, {0: "", 1: "teller"}) is again


def test_typed_lines_have_no_speaker():
    told = Transcript("One.\n\nTwo.")
    assert corrected(told, {}, {0: "worker"}) is told
    assert corrected(told, {1: "Three."}, {}).text == "One.\n\nThree."


@pytest.mark.parametrize(("edits", "speakers"), [({5: "x"}, {}), ({}, {9: "teller"}),
                                                 ({}, {0: "dog"})])  # fmt: skip
def test_what_is_not_there_cannot_be_changed(edits, speakers):
    with pytest.raises(BadInput):
        corrected(heard("One sat."), edits, speakers)


def test_a_line_made_endless_keeps_nobody_waiting():
    before = heard("a " * 60 + "a.")

    def line(words: int) -> str:
        return "a " + "b " * words + "a."

    def twice(words: int) -> Transcript:
        return corrected(corrected(before, {0: line(words)}, {}), {0: line(words + 1)}, {})

    assert growth(twice, 2_000) < IN_LINE
    [whole] = lines_of(twice(8_000))
    assert (whole.start, whole.end) == (0, 61), "the line keeps its time"

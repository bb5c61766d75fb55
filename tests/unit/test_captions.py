"""A transcript as captions and as plain text."""

from storybank.transcribe.captions import clock, plain, webvtt
from storybank.values import Segment, Span, Transcript

TEXT = "Tea & <cake>. Then we talked. Later on."
HEARD = Transcript(
    TEXT,
    seconds=3700.0,
    segments=(
        Segment(Span(0, 13), 0.0, 1.5, 0.9),
        Segment(Span(14, 29), 1.9, 3.25, 0.9),
        Segment(Span(30, 39), 3661.0, 3661.0, 0.9),
    ),
)


def test_captions_escape_the_words_and_no_cue_is_empty() -> None:
    assert webvtt(HEARD) == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:01.500\nTea &amp; &lt;cake&gt;.\n\n"
        "00:00:01.900 --> 00:00:03.250\nThen we talked.\n\n"
        "01:01:01.000 --> 01:01:01.001\nLater on.\n"
    )


def test_plain_text_has_a_paragraph_after_a_long_pause() -> None:
    assert plain(HEARD) == "Tea & <cake>. Then we talked.\n\nLater on.\n"


def test_what_is_doubtful_says_so_in_plain_text_as_in_captions() -> None:
    heard = Transcript(
        "We sang. Hat hill.",
        seconds=30.0,
        segments=(
            Segment(Span(0, 8), 0.0, 1.0, 0.9),
            Segment(Span(9, 18), 1.2, 2.0, 0.3, ("unsure",)),
            Segment(Span(18, 18), 20.0, 22.0, 0.0, ("gap",)),
        ),
    )
    assert plain(heard) == "We sang. Hat hill. [?]\n\n[somebody speaks]\n"


def test_nothing_heard_gives_only_the_heading_or_nothing() -> None:
    assert webvtt(Transcript("")) == "WEBVTT\n"
    assert plain(Transcript("")) == ""
    assert plain(Transcript("Typed words.")) == "Typed words.\n"


def test_a_clock_never_shows_sixty() -> None:
    assert clock(59.9996) == "00:01:00.000"
    assert clock(36_000) == "10:00:00.000"

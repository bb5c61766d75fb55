"""A transcript as captions (WebVTT) or as plain text to read."""

from storybank.values import Segment, Transcript

PAUSE_S = 2.0
"""A longer pause starts a new paragraph."""
GAP = "[somebody speaks]"
"""What a caption says where speech was heard and no words were written down."""


def webvtt(transcript: Transcript) -> str:
    """Give WebVTT captions (W3C), one cue a segment; only the heading where nothing was heard.

    What is doubtful says so: a question mark in brackets, or the words of `GAP`.
    """
    cues = [
        f"{clock(segment.start)} --> {clock(max(segment.end, segment.start + 0.001))}\n"
        f"{_escaped(segment.span.of(transcript.text) or GAP)}{_doubt(segment)}\n"
        for segment in transcript.segments
    ]
    return "\n".join(["WEBVTT\n", *cues])


def plain(transcript: Transcript) -> str:
    """Give the words, a new paragraph after each long pause; ends with a line end if any.

    What is doubtful says so as in captions.
    """
    paragraphs: list[str] = []
    before: Segment | None = None
    for segment in transcript.segments:
        words = (segment.span.of(transcript.text) or GAP) + _doubt(segment)
        if before is None or segment.start - before.end > PAUSE_S:
            paragraphs.append(words)
        else:
            paragraphs[-1] += f" {words}"
        before = segment
    text = "\n\n".join(paragraphs) if transcript.segments else transcript.text
    return f"{text}\n" if text else ""


def clock(seconds: float) -> str:
    """Give a time as WebVTT writes it: `00:01:02.345`, hours always there."""
    ms = round(max(0.0, seconds) * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def _doubt(segment: Segment) -> str:
    return " [?]" if segment.flags and segment.span.start < segment.span.end else ""


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

"""Put voices on the words of a transcript: its segments are cut where the voice changes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from storybank.transcribe.voices.turns import Turn
from storybank.values import UNTOLD, Segment, Span, Transcript, Word

SHORT_S = 0.5
"""A run of words this short between two of another voice is that voice's: nobody takes a turn so
quickly in the middle of a sentence, and Whisper's word times are off by as much."""
REACH = 2
"""A change of voice is moved to the end of a sentence that is so many words away."""

_ENDS = re.compile(r"[.?!\u2026\u0964\u06d4\u061f][\"'\u201d\u2019\xbb)\]]*$")


def with_voices(transcript: Transcript, turns: Sequence[Turn]) -> Transcript:
    """Give `transcript` with the voice of each segment; with none where one voice is heard or none.

    What was said of voices before is forgotten. Where nobody can tell how many speak, `untold`.
    Each word is the voice's that speaks longest while it is said, or the nearest one's. Segments
    without times of words go whole to one voice. The text does not change.
    """
    transcript = _all_of(transcript, None)
    voices = {turn.voice for turn in turns}
    if len(voices) < 2:
        return untold(transcript) if UNTOLD in voices else transcript
    cut = [piece for segment in transcript.segments for piece in _cut(transcript, segment, turns)]
    if len({one.voice for one in cut if one.span.start < one.span.end}) < 2:
        return transcript
    return replace(transcript, segments=tuple(cut))


def untold(transcript: Transcript) -> Transcript:
    """Give `transcript` as one of which nobody knows yet how many people speak in it."""
    return _all_of(transcript, UNTOLD)


def voice_at(turns: Sequence[Turn], start: float, end: float) -> int:
    """Give the voice that speaks longest between two seconds, or the nearest before or after."""
    shared: dict[int, float] = {}
    for turn in turns:
        together = min(turn.end, end) - max(turn.start, start)
        if together > 0:
            shared[turn.voice] = shared.get(turn.voice, 0.0) + together
    if shared:
        return max(shared, key=lambda voice: shared[voice])
    middle = (start + end) / 2
    return min(turns, key=lambda t: max(t.start - middle, middle - t.end)).voice


def _all_of(transcript: Transcript, voice: int | None) -> Transcript:
    return replace(
        transcript, segments=tuple(replace(one, voice=voice) for one in transcript.segments)
    )


def _cut(transcript: Transcript, segment: Segment, turns: Sequence[Turn]) -> list[Segment]:
    if len(segment.words) < 2:
        return [replace(segment, voice=voice_at(turns, segment.start, segment.end))]
    voices = [voice_at(turns, word.start, word.end) for word in segment.words]
    before = transcript.text[: segment.span.start].rstrip()
    ends = [not before or bool(_ENDS.search(before[-4:]))]
    ends += [bool(_ENDS.search(word.span.of(transcript.text))) for word in segment.words]
    runs = _runs(_at_sentences(_without_short(voices, segment.words), ends))
    found = []
    for number, (first, last) in enumerate(runs):
        words = segment.words[first:last]
        start = segment.span.start if number == 0 else words[0].span.start
        end = words[-1].span.end if last < len(segment.words) else segment.span.end
        piece = replace(
            segment,
            span=Span(start, end),
            start=segment.start if number == 0 else words[0].start,
            end=words[-1].end if last < len(segment.words) else segment.end,
            confidence=sum(word.confidence for word in words) / len(words),
            words=words,
            voice=voices[first],
        )
        found.append(piece if len(runs) > 1 else replace(segment, voice=voices[0]))
    return found


def _runs(voices: Sequence[int]) -> list[tuple[int, int]]:
    """Give the half-open ranges of places that have the same voice."""
    found, at = [], 0
    for _, run in groupby(voices):
        length = len(list(run))
        found.append((at, at + length))
        at += length
    return found


def _without_short(voices: list[int], words: Sequence[Word]) -> list[int]:
    """Give a short run between two runs of another voice to that voice."""
    runs = _runs(voices)
    for before, (first, last), after in zip(runs, runs[1:], runs[2:], strict=False):
        around = voices[before[0]]
        if around == voices[after[0]] and words[last - 1].end - words[first].start < SHORT_S:
            voices[first:last] = [around] * (last - first)
    return voices


def _at_sentences(voices: list[int], ends: Sequence[bool]) -> list[int]:
    """Move each change of voice to the nearest end of a sentence, where one is near.

    `ends` says of each place, from before the first word to after the last, whether one is there.
    """
    for first, _ in _runs(voices)[1:]:
        places = range(max(0, first - REACH), min(len(voices), first + REACH) + 1)
        near = [place for place in places if ends[place]]
        if not near:
            continue
        there = min(near, key=lambda place: abs(place - first))
        if there < first:
            voices[there:first] = [voices[first]] * (first - there)
        else:
            voices[first:there] = [voices[first - 1]] * (there - first)
    return voices

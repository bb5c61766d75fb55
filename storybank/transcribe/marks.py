"""Marks on what was heard: where a transcript may be wrong, and why.

| mark | rule | what it means to a reader |
|---|---|---|
| `low-confidence` | the words' mean probability is under `SHAKY`, or `SHAKY_RUN` words in a row are under `VERY_SHAKY` | some of these words may be wrong |
| `no-speech` | the voice detector's mean chance of speech over the words is under `NO_VOICE` | perhaps nobody speaks here |
| `repetition` | the text compresses better than `SQUEEZED`, or a phrase of it comes again and again | the computer may have gone round in circles |
| `gap` | `GAP_S` of speech in a row without a word | somebody speaks, and nothing was written down |
| `language-doubt` | the language was detected with a chance under `LANGUAGE_SURE`, is none that the model knows, or is another one in a later window | perhaps another language is spoken |
| `cut-off` | speech as loud as the rest at the very start or end of the recording | the recording may begin or end in the middle of a word |

A gap stands as a segment of its own without words, so that its times say where it is. A marked
sentence is not quoted or counted until a person has checked it (docs/decisions/0021).
"""  # noqa: E501 (a table)

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from storybank.transcribe.engine import SAMPLE_RATE
from storybank.transcribe.vad import FRAME, SPEECH, share_spoken, stretches, unheard
from storybank.values import Mark, Segment, Span, Transcript, Vector

SHAKY = 0.65
"""Mean probability of the words. On the 28 real recordings what is marked by it is for the most
part Urdu, a small child, or speech in a crowd (docs/transcription.md has the figures)."""
SHAKY_RUN, VERY_SHAKY = 3, 0.3
"""A guess of three words stands out of a sentence that is else sure; single odd words are names."""
SHAKY_ENGLISH = 0.58
"""The same for a translation: there are many ways to say a thing, so each word is less likely. Of
four real recordings read out in three languages, sentences had 0.59 to 0.79; what it made of a
synthetic voice was invented."""
NO_VOICE = 0.15
"""Pauses and times that are off pull the mean down, to 0.24 at worst in the real recordings; over
noise, hum, music and breathing it is under 0.1."""
SQUEEZED = 2.4
"""Whisper's own limit."""
GAP_S = 4.0
"""A sentence takes two to four seconds; shorter runs are laughter, hesitation, `mm-hm`."""
LONGEST_WORD_S = 2.0
"""Nobody who tells something says one word for longer."""
BESIDE_S = 0.6
"""Whisper's word times are off by up to so much, and it leaves `um` out."""
LANGUAGE_SURE = 0.65
"""Of the real recordings 26 were detected rightly with 0.70 or more, and two wrongly: with 0.61
(a child's English for Chinese) and 0.46 (Urdu for Hindi)."""
START_S, START_LOUD = 0.01, 1.4
"""Of the loudness of the recording's speech. Who begins to speak takes longer to be as loud: up to
0.6 in the real recordings, 1.3 where a vowel is synthesised at once; cut words had 1.5 to 3.4."""
END_S, END_LOUD = 0.05, 0.2
"""A voice that ends by itself falls below a tenth, and the detector hears it end."""
EDGE_FRAMES = 3
"""All frames of the last tenth of a second have to be speech."""
EDGE_NEAR_FRAMES = 60 * SAMPLE_RATE // FRAME
"""How loud the recording's speech is, is taken from the minute beside the edge."""

_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a recording beside its words.

    `chances` are those of speech (`vad.speech_chances`) and `squeezed` the compression ratio of
    each segment's text; `doubted` are the seconds in which the language is not sure; `cut` says
    whether speech runs into the start and into the end; `translated` that the words are English
    for others.
    """

    chances: Vector
    squeezed: tuple[float, ...] = ()
    doubted: tuple[tuple[float, float], ...] = ()
    cut: tuple[bool, bool] = (False, False)
    translated: bool = False


def marked(told: Transcript, evidence: Evidence) -> Transcript:
    """Give `told` with flags on its segments, and a segment without words for each gap."""
    segments = list(told.segments)
    circles = repeated([s.span.of(told.text) for s in segments])
    found = []
    for number, segment in enumerate(segments):
        squeezed = evidence.squeezed[number] if evidence.squeezed else 0.0
        flags = [mark for mark, holds in _RULES if holds(segment, evidence)]
        if squeezed > SQUEEZED or number in circles:
            flags.append(Mark.REPETITION)
        if (number == 0 and evidence.cut[0]) or (number == len(segments) - 1 and evidence.cut[1]):
            flags.append(Mark.CUT_OFF)
        found.append(replace(segment, flags=tuple(flag.value for flag in flags)))
    return replace(told, segments=tuple(_with_gaps(found, evidence.chances, told.seconds)))


def _is_shaky(segment: Segment, evidence: Evidence) -> bool:
    """Say whether the engine itself was unsure of a stretch, or of three words in a row."""
    if evidence.translated:
        return segment.confidence < SHAKY_ENGLISH
    unsure = (word.heard and word.confidence < VERY_SHAKY for word in segment.words)
    longest = max((len(list(run)) for bad, run in groupby(unsure) if bad), default=0)
    return segment.confidence < SHAKY or longest >= SHAKY_RUN


def repeated(texts: Sequence[str]) -> frozenset[int]:
    """Give the numbers of the texts that hold a loop, or belong to one.

    A loop is one word eight times in a row, two words five times, three to five words three times,
    six to twelve words twice; or the same text three times in a row, twice if it has five words:
    more than people say on purpose.
    """
    words = [[w.casefold() for w in _WORD.findall(text)] for text in texts]
    found = {number for number, said in enumerate(words) if _goes_round(said)}
    at = 0
    for said, run in groupby(words):
        length = len(list(run))
        if said and length >= (2 if len(said) >= LONG_WORDS else 3):
            found |= set(range(at, at + length))
        at += length
    return frozenset(found)


def cut_ends(audio: Vector, chances: Vector) -> tuple[bool, bool]:
    """Say whether speech runs into the start, and into the end, of a recording as loud as else.

    `chances` are those of `audio`. Whoever stops by themselves grows quiet first.
    """
    near = EDGE_NEAR_FRAMES
    first, last = int(START_S * SAMPLE_RATE), int(END_S * SAMPLE_RATE)
    begin, end = audio[: near * FRAME], audio[max(0, len(chances) - near) * FRAME :]
    return (
        _is_cut(begin, chances[:near], begin[:first], chances[:EDGE_FRAMES], START_LOUD),
        _is_cut(end, chances[-near:], end[-last:], chances[-EDGE_FRAMES:], END_LOUD),
    )


def _is_cut(sound: Vector, chances: Vector, edge: Vector, there: Vector, least: float) -> bool:
    """Say whether all frames `there` are speech and `edge` is as loud as the speech of `sound`."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    spoken = frames[chances[: len(frames)] >= SPEECH]
    if not len(spoken) or not len(there) or not bool((there >= SPEECH).all()):
        return False
    usual = float(np.median(_loudness(spoken)))
    return usual > 0 and float(_loudness(edge[None, :])[0]) > least * usual


def gaps(segments: Sequence[Segment], chances: Vector) -> tuple[tuple[float, float], ...]:
    """Give where speech is heard for `GAP_S` or longer without a word, in seconds."""
    spoken = stretches(chances, silence_s=1.0, pad_s=0.0, samples=len(chances) * FRAME)
    words = _said(segments)
    return tuple(
        (round(start, 2), round(end, 2))
        for start, end in unheard(spoken, words, beside_s=BESIDE_S)
        if end - start >= GAP_S
    )


def missed(segments: Sequence[Segment], chances: Vector, parts: Sequence[tuple[int, int]]) -> float:
    """Give how many seconds of speech within `parts` (samples) have no word, short runs as well."""
    words, lost = _said(segments), 0.0
    for start, end in parts:
        there = chances[start // FRAME : -(-end // FRAME)]
        spoken = stretches(there, silence_s=1.0, pad_s=0.0, samples=len(there) * FRAME)
        at = start // FRAME * FRAME
        moved = [(first + at, last + at) for first, last in spoken]
        lost += sum(b - a for a, b in unheard(moved, words, beside_s=BESIDE_S))
    return lost


def _said(segments: Sequence[Segment]) -> list[tuple[float, float]]:
    """Give the seconds of the words; of segments without any, their own.

    A word has `LONGEST_WORD_S` at most: the last one before what is left out is drawn over it.
    """
    words = [(w.start, min(w.end, w.start + LONGEST_WORD_S)) for s in segments for w in s.words]
    return words + [(s.start, s.end) for s in segments if not s.words]


def _with_gaps(segments: Sequence[Segment], chances: Vector, seconds: float) -> Iterator[Segment]:
    missing = list(gaps(segments, chances))
    at = 0
    for segment in segments:
        while missing and missing[0][0] < segment.start:
            yield _gap(at, missing.pop(0), seconds)
        yield segment
        at = segment.span.end
    yield from (_gap(at, gap, seconds) for gap in missing)


def _gap(at: int, gap: tuple[float, float], seconds: float) -> Segment:
    end = min(gap[1], seconds) if seconds else gap[1]
    return Segment(Span(at, at), gap[0], end, 0.0, (Mark.GAP.value,))


def _is_silent(segment: Segment, evidence: Evidence) -> bool:
    said = segment.words or (segment,)
    share = share_spoken(evidence.chances, said[0].start, said[-1].end)
    return len(evidence.chances) > 0 and share < NO_VOICE


def _is_foreign(segment: Segment, evidence: Evidence) -> bool:
    return any(segment.start < end and start < segment.end for start, end in evidence.doubted)


_RULES: tuple[tuple[Mark, Callable[[Segment, Evidence], bool]], ...] = (
    (Mark.LOW_CONFIDENCE, _is_shaky),
    (Mark.NO_SPEECH, _is_silent),
    (Mark.LANGUAGE_DOUBT, _is_foreign),
)

LONG_WORDS = 5
_TIMES = {1: 8, 2: 5} | dict.fromkeys(range(3, 6), 3) | dict.fromkeys(range(6, 13), 2)
"""How often a phrase of so many words has to come in a row to be a loop."""


def _goes_round(words: Sequence[str]) -> bool:
    for length, times in _TIMES.items():
        run = 0
        for place in range(length, len(words)):
            run = run + 1 if words[place] == words[place - length] else 0
            if run >= length * (times - 1):
                return True
    return False


def _loudness(frames: Vector) -> Vector:
    loud: Vector = np.sqrt((frames.astype(np.float64) ** 2).mean(axis=1)).astype(np.float32)
    return loud

"""Translations kept beside the words: which one belongs to which version, and what it says.

Whisper translates what it hears, not what is written down. Where a person corrected a sentence, or
took it out, the English of those seconds goes as well: it would say what they did not.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlmodel import Session, col, func, select

from storybank.capture.lines import Line, lines_of
from storybank.tables import Person, TranscriptRow
from storybank.values import Span, Transcript
from storybank.vault import open_transcript, seal_transcript

TRANSLATED = "translated"
SURE_ENOUGH = 0.65
"""The language has to be this sure: from a wrong one Whisper translates what nobody said."""
BESIDE_S = 0.3
"""Sentences of the two share a time where they overlap by more than this, short ones by half."""


def to_translate(heard: Transcript) -> bool:
    """Say whether a transcript is to be translated: in another language, and surely so."""
    return heard.language != "en" and heard.language_probability >= SURE_ENOUGH


def names_wanted(told: Transcript) -> bool:
    """Say whether words of a recording have a voice of which nobody has said whose it is."""
    return any(
        segment.voice is not None and segment.speaker is None
        for segment in told.segments
        if segment.span.start < segment.span.end
    )


def translation_of(session: Session, row: TranscriptRow | None) -> TranscriptRow | None:
    """Give the translation of one version that staff read; None where it is withheld."""
    kept = translation_kept(session, row)
    return None if kept is None or kept.withheld else kept


def translation_kept(session: Session, row: TranscriptRow | None) -> TranscriptRow | None:
    """Give the translation of one version, the last where a person made several, or None."""
    if row is None:
        return None
    query = select(TranscriptRow).where(TranscriptRow.translates == row.id)
    return session.exec(query.order_by(col(TranscriptRow.version)).limit(1)).first()


def english_by(session: Session, translation: TranscriptRow | None) -> str | None:
    """Give what made a translation: the id of a model, or the name of a person."""
    if translation is None or translation.person_id is None:
        return translation.model_id if translation else None
    return session.get_one(Person, translation.person_id).name


def add_translation(
    session: Session,
    key: bytes,
    row: TranscriptRow,
    english: Transcript,
    by: uuid.UUID | None = None,
) -> TranscriptRow:
    """Keep `english` beside the version that it translates; gives its row.

    `by` is the person who made it. Each has the lowest version yet, from -n for version n on.
    """
    least = select(func.min(TranscriptRow.version)).where(TranscriptRow.story_id == row.story_id)
    version = min(-row.version, session.exec(least).one() - 1)
    made = TranscriptRow(
        story_id=row.story_id,
        version=version,
        source=TRANSLATED,
        language=english.language,
        model_id=english.model_id,
        translates=row.id,
        person_id=by,
        sealed=seal_transcript(key, row.story_id, version, english),
    )
    session.add(made)
    session.flush()
    return made


def carried_over(session: Session, key: bytes, row: TranscriptRow) -> Transcript | None:
    """Give what is left of the translation of an earlier version, for one that has none itself."""
    last = last_translation(session, row.story_id)
    if last is None or last.translates is None or last.withheld:
        return None
    earlier = session.get_one(TranscriptRow, last.translates)
    english = open_transcript(key, last)
    if not english.segments:
        return None  # a person's: nobody knows which of its words a correction changed
    left = still_true(english, open_transcript(key, earlier), open_transcript(key, row))
    return left if left.text else None


def last_translation(session: Session, story_id: uuid.UUID) -> TranscriptRow | None:
    """Give the translation made last, of whichever version, or None."""
    query = select(TranscriptRow).where(
        TranscriptRow.story_id == story_id, col(TranscriptRow.translates).is_not(None)
    )
    return session.exec(query.order_by(col(TranscriptRow.version)).limit(1)).first()


def english_of(session: Session, key: bytes, row: TranscriptRow) -> Transcript | None:
    """Give the translation of a version, or what is left of it after a correction."""
    kept = translation_kept(session, row)
    return open_transcript(key, kept) if kept is not None else carried_over(session, key, row)


def is_translation(transcript: Transcript) -> bool:
    """Say whether a machine put these words into English."""
    return (transcript.model_id or "").endswith("/translation")


def still_true(english: Transcript, before: Transcript, after: Transcript) -> Transcript:
    """Give `english` without what is said while a line of `before` is not said so in `after`.

    A line that was only cut since, where the voice changes, is as it was: its pieces say the same.
    """
    said = [line for line in lines_of(after) if line.text and line.spoken]
    begins: dict[float | None, list[int]] = {}
    for number, line in enumerate(said):
        begins.setdefault(line.start, []).append(number)
    changed = [
        (line.start, line.end)
        for line in lines_of(before)
        if line.text and not any(_says(said, at, line.text) for at in begins.get(line.start, ()))
    ]
    return without(english, [(a, b) for a, b in changed if a is not None and b is not None])


def _says(said: Sequence[Line], at: int, words: str) -> bool:
    """Say whether lines from number `at` on are these words, all of them and no others."""
    left = words.split()
    while left and at < len(said):
        piece = said[at].text.split()
        if left[: len(piece)] != piece:
            return False
        left, at = left[len(piece) :], at + 1
    return not left


def without(english: Transcript, seconds: Iterable[tuple[float, float]]) -> Transcript:
    """Give a transcript without the segments that share time with `seconds`."""
    out = list(seconds)
    text, segments = "", []
    for one in english.segments:
        if any(_share(one.start, one.end, start, end) for start, end in out):
            continue
        text += " " if text else ""
        by = len(text) - one.span.start
        words = tuple(replace(w, span=Span(w.span.start + by, w.span.end + by)) for w in one.words)
        text += one.span.of(english.text)
        segments.append(replace(one, span=Span(one.span.start + by, len(text)), words=words))
    return replace(english, text=text, segments=tuple(segments))


def spoken_by(english: Transcript, original: Transcript) -> Transcript:
    """Give `english` with the speaker of what is said while no teller speaks: a voice, or named."""
    asked = [s for s in original.segments if not s.is_tellers]
    segments = []
    for one in english.segments:
        says = next((s for s in asked if _share(one.start, one.end, s.start, s.end)), None)
        speaker, voice = (says.speaker, says.voice) if says else (None, None)
        segments.append(replace(one, speaker=speaker, voice=voice))
    return replace(english, segments=tuple(segments))


def tellers_english(english: Transcript, original: Transcript) -> str:
    """Give what a translation says while a teller speaks; a person's has no times: all of it."""
    if not english.segments:
        return english.text
    said = (one for one in spoken_by(english, original).segments if one.is_tellers)
    return " ".join(one.span.of(english.text) for one in said).strip()


def translated_at(english: Transcript, start: float, end: float) -> tuple[Span, ...]:
    """Give the segments of a translation that are said within these seconds of the original."""
    return tuple(one.span for one in english.segments if _share(one.start, one.end, start, end))


def versions_told(session: Session, story_id: uuid.UUID) -> list[TranscriptRow]:
    """Give all versions of a story's own words, the oldest first: no translations."""
    query = select(TranscriptRow).where(
        TranscriptRow.story_id == story_id, col(TranscriptRow.translates).is_(None)
    )
    return list(session.exec(query.order_by(col(TranscriptRow.version))).all())


def _share(start: float, end: float, other: float, until: float) -> bool:
    short = min(end - start, until - other)
    return min(end, until) - max(start, other) > min(BESIDE_S, short / 2)

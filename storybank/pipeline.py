"""The steps that read a story: with `listening`, the only place where stages and rows meet.

Each step reads, lets go of the database, computes, and writes in one transaction; running it
again replaces what it wrote. A story withdrawn meanwhile is left alone.
"""

import logging
import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Engine
from sqlmodel import Session

from storybank import jobs
from storybank.capture import side_steps, translations
from storybank.capture.audio import playable
from storybank.capture.checks import gaps_of
from storybank.capture.corrections import newest
from storybank.capture.recordings import spoken_recording
from storybank.capture.side_steps import BY_HAND, READING, TRANSLATION, VOICES, done, is_left
from storybank.capture.text import count_words
from storybank.db import reading, transaction
from storybank.index.by_rule import by_rule
from storybank.index.decided import Version, decided_so_far, decisions_of, versions_of
from storybank.index.earlier import Masked, Quoted, mask_before, quoted_before
from storybank.index.notes import MaskedNote, OpenNote, masked_note, open_notes
from storybank.index.readings import English, Producers, Reading, write_reading
from storybank.index.remask import title_of
from storybank.index.strengths import read_strengths, write_strengths
from storybank.index.withheld import (
    has_english,
    language_of,
    note_in,
    told_in,
    withheld_reading,
    written_in,
)
from storybank.recoding import note_reading
from storybank.spans import apply_masks
from storybank.tables import Recording, Story, TranscriptRow
from storybank.understand.languages import ENGLISH
from storybank.understand.redact.heard import doubtful_words
from storybank.understand.redact.reviewed import Decided, reviewed
from storybank.understand.segment import passages, tellers_sentences, tellers_words
from storybank.understand.silences import RULES_ID, silences, taken_out
from storybank.understand.stretches import tag_stretches
from storybank.values import Mask, Mode, Span, StoryState, Transcript
from storybank.vault import open_transcript, recording_context
from storybank.workshop import Workshop as Workshop
from storybank.workshop import locked, opened

log = logging.getLogger(__name__)


def understand(shop: Workshop, story_id: uuid.UUID) -> None:
    """Read a story's newest transcript: mask, cut into passages, embed, tag, and index it.

    Where somebody saved a newer version meanwhile, nothing is written: its own job is waiting.
    """
    shop = replace(shop, tagger=shop.fresh()) if shop.fresh else shop
    with reading(shop.engine) as session:
        story, key = opened(shop, session, story_id)
        row = newest(session, story_id)
        assert row is not None  # noqa: S101 (this step is enqueued together with a transcript)
        notes, decided = open_notes(session, key, story_id), decided_so_far(session, story_id)
        decisions = decisions_of(session, key, row)
        kept = translations.translation_kept(session, row)
        english = translations.english_of(session, key, row)
        earlier = quoted_before(session, key, row, shop.redactor.rules_id)
        in_english = has_english(session, story_id)
    transcript = open_transcript(key, row)
    language = told_in(shop.written, row, transcript, in_english=in_english)
    made = _read_told(shop, transcript, decisions, language)
    masked = tuple(_masked_note(shop, note, transcript) for note in notes)
    heard = made = replace(made, notes=masked)
    again = [_masked_again(shop, quoted) for quoted in earlier]
    if english is not None:
        english = translations.spoken_by(english, transcript)
        others = [replace(d, here=False) for d in decisions]
        heard = _read_english(shop, english, others, transcript)
    named = read_strengths(shop.nlp, ENGLISH, heard.passages, heard.texts)
    with transaction(shop.engine) as session:
        story = locked(session, story_id)
        if _overtaken(session, row, kept, decided):
            return
        beside = None
        if english is not None:
            kept = kept or translations.add_translation(session, key, row, english)
            beside = English(kept, english, heard)
        mask_before(session, again, shop.redactor.rules_id)
        write_reading(session, row, transcript, made, _producers(shop), beside)
        write_strengths(session, story_id, beside.row if beside else row, named)
        if not heard.withheld:
            note_reading(session, story_id, shop.tagger.framework, shop.tagger.model_id)
        _say_read(session, story, transcript, made, heard)
    log.info(
        "story read",
        extra={"story": str(story_id), "passages": len(made.texts), "tags": len(made.suggestions)},
    )


def _read_told(
    shop: Workshop, transcript: Transcript, decisions: Sequence[Decided], language: str
) -> Reading:
    """Read what was told, or withhold it where it is in another language than English."""
    if language == ENGLISH:
        return replace(read(shop, transcript, decisions), language=ENGLISH)
    found = shop.redactor.find(transcript.text, doubtful_words(transcript))
    return withheld_reading(transcript.text, found, decisions, language)


def _read_english(
    shop: Workshop, english: Transcript, decisions: Sequence[Decided], told: Transcript
) -> Reading:
    """Read the English of a story, or withhold it where it is none, or nobody knows who says it.

    Whisper may write down what it should translate; what the worker says does not count. A person's
    English has no times: before voices are named, a worker's questions may be in it.
    """
    asked = translations.tellers_english(english, told) or english.text
    language = written_in(shop.written, shop.redactor, asked, ENGLISH)
    if language == ENGLISH and (english.segments or not translations.names_wanted(told)):
        return replace(read(shop, english, decisions), language=ENGLISH)
    return withheld_reading(english.text, shop.redactor.find(english.text), decisions, language)


def _masked_again(shop: Workshop, quoted: Quoted) -> Masked:
    """Mask a version that somebody quoted, or find that no word of it is to be quoted.

    What was withheld stays so: the newest version alone has its English, by which it was known.
    """
    row, told, decisions = quoted
    if row.withheld or language_of(shop.written, shop.redactor, row, told) != ENGLISH:
        found = shop.redactor.find(told.text, doubtful_words(told))
        return row, told, by_rule(told.text, found, decisions), True
    return row, told, _masks(shop, told, decisions), False


def _say_read(
    session: Session, story: Story, transcript: Transcript, made: Reading, heard: Reading
) -> None:
    """Give the story its title, length and state, and have its sound for staff made.

    `made` is the reading of what was told, `heard` that of its English where there is one.
    """
    story.title = title_of((heard if made.withheld else made).texts)
    story.words = sum(count_words(s.of(transcript.text)) for s in tellers_words(transcript))
    story.language = made.language or transcript.language
    done(session, story.id, READING)
    if heard.withheld and not side_steps.is_to_come(session, story.id, TRANSLATION):
        side_steps.wait(session, story.id, BY_HAND)
    else:
        done(session, story.id, BY_HAND)
    story.state, story.progress, story.problem = StoryState.READY, 1.0, None
    session.add(story)
    if all(segment.speaker for segment in transcript.segments):
        done(session, story.id, VOICES)  # a person has said who speaks
    if story.mode == Mode.SPOKEN and not jobs.waits(session, jobs.COPY, story.id):
        jobs.enqueue(session, jobs.COPY, story.id)


def _overtaken(
    session: Session, row: TranscriptRow, kept: TranscriptRow | None, decided: tuple[int, int]
) -> bool:
    """Say whether what was read is not to be shown: words, voices, English or masks changed.

    What is newer has its own job waiting; a decision about masks, or an English, gets one here.
    """
    latest = newest(session, row.story_id)
    if latest is None or (latest.id, latest.sealed) != (row.id, row.sealed):
        return True
    english = translations.translation_kept(session, row)
    same = (english and english.id) == (kept and kept.id)
    if same and decided_so_far(session, row.story_id) == decided:
        return False
    if not jobs.waits(session, jobs.UNDERSTAND, row.story_id):
        jobs.enqueue(session, jobs.UNDERSTAND, row.story_id)
    return True


def copy(shop: Workshop, story_id: uuid.UUID) -> None:
    """Make the playable copies of a recording: one whole, one for staff.

    In that for staff all is silent that any version masks, or that a correction took out, or that
    nobody has written down: a name may be said there.
    """
    with reading(shop.engine) as session:
        _, key = opened(shop, session, story_id)
        recording = spoken_recording(session, story_id)
        versions = versions_of(session, key, story_id)
        decided = decided_so_far(session, story_id)
        in_part = is_left(session, story_id, TRANSLATION) or _names_unheard(versions)
    told = shop.blobs.get(key, recording.blob, recording_context(recording.id, "told"))
    last = versions[-1].transcript
    quiet = list(gaps_of(last))
    for version in versions:
        quiet += silences(version.transcript, _silent(shop, version))
        # The words of a translation have other times than those that were said.
        if not translations.is_translation(version.transcript):
            quiet += taken_out(version.transcript, last)
    made = {"playable": playable(told), "muted": playable(told, silences=sorted(quiet))}
    names: dict[str, str] = {}
    stale: Collection[str] = names.values()  # no row names them: the story may be withdrawn
    try:
        for kind, sound in made.items():
            names[kind] = shop.blobs.put(key, sound, recording_context(recording.id, kind))
        with transaction(shop.engine) as session:
            locked(session, story_id)
            kept = session.get_one(Recording, recording.id)
            earlier = [name for name in (kept.playable, kept.muted) if name]
            kept.playable, kept.muted, kept.muted_by = names["playable"], names["muted"], RULES_ID
            changed = decided_so_far(session, story_id) != decided
            kept.held = changed or in_part
            if changed and not jobs.waits(session, jobs.COPY, story_id):
                jobs.enqueue(session, jobs.COPY, story_id)
            session.add(kept)
        stale = earlier
    finally:
        for name in stale:
            shop.blobs.delete(name)


def _silent(shop: Workshop, version: Version) -> list[Span]:
    """Give what is masked in a version, for nobody to hear it.

    One saved a moment ago is not read yet: it must not go out unmasked. Nor must one that other
    rules masked, or none since somebody undid a decision. What English rules mask in another
    language is mostly no name, but some are, and silence shows nobody too much.
    """
    known = version.masked if version.read and not version.withheld else ()
    if version.withheld or version.rules_id != shop.redactor.rules_id:
        masks = _masks(shop, version.transcript, version.decisions)
        known = (*known, *(mask.span for mask in masks))
    return version.silent(known)


def _names_unheard(versions: Sequence[Version]) -> bool:
    """Say whether names may be heard: only a machine's English, once read, says where they are."""
    english = [v for v in versions if translations.is_translation(v.transcript)]
    return any(v.withheld for v in versions) and all(v.withheld or not v.read for v in english)


def read(shop: Workshop, transcript: Transcript, decisions: Sequence[Decided] = ()) -> Reading:
    """Read one transcript with all engines; touches no row.

    What people decided about masks, the oldest first, is put over what the rules find.
    Only the teller's words are read: what a worker says is masked, and otherwise left alone.
    """
    text = transcript.text
    masks = _masks(shop, transcript, decisions)
    tellers = tellers_words(transcript)
    spans = tellers_sentences(shop.nlp, transcript)
    cut = passages(transcript, spans)
    texts = tuple(apply_masks(text, masks, passage.span) for passage in cut)
    return Reading(
        masks=masks,
        passages=cut,
        texts=texts,
        vectors=shop.embedder.encode(texts),
        suggestions=tag_stretches(shop.tagger, text, tellers, spans),
        masked="\n".join(apply_masks(text, masks, stretch) for stretch in tellers),
    )


def give_up(engine: Engine, story_id: uuid.UUID, task: str, problem: str) -> None:
    """Leave a story whose step failed for good: readable, with the error's name as its problem.

    Of one that was read before, what is newest is not; its earlier reading stands.
    """
    with transaction(engine) as session:
        story = session.get(Story, story_id, with_for_update=True)
        if story is None or story.withdrawn_at is not None:
            return
        if story.state != StoryState.READY:
            story.state, story.problem = StoryState.NEEDS_HELP, problem
            session.add(story)
        elif task in (jobs.UNDERSTAND, jobs.REREAD):
            side_steps.wait(session, story_id, READING)
            side_steps.give_up(session, story_id, READING, problem)


def _masks(
    shop: Workshop, transcript: Transcript, decisions: Sequence[Decided]
) -> tuple[Mask, ...]:
    found = shop.redactor.find(transcript.text, doubtful_words(transcript))
    return reviewed(transcript.text, found, decisions)


def _masked_note(shop: Workshop, one: OpenNote, told: Transcript) -> MaskedNote:
    language = note_in(shop.written, shop.redactor, one, told)
    return masked_note(one, shop.redactor.find(one.words), language)


def _producers(shop: Workshop) -> Producers:
    tagger = shop.tagger
    return Producers(
        shop.redactor.rules_id, shop.embedder.model_id, tagger.model_id, tagger.framework
    )

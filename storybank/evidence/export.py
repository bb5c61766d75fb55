"""Stories as a file, for one use: only what tellers agreed to, masked words only, with provenance.

JSONL has one object a story. CSV has one row a tag (a story without tags has one row), so that
every quote stands beside who or what said so. What a worker wrote beside a story is in the JSONL of
stories to learn from, under a key of its own, and nowhere else.
"""

import csv
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TextIO

from sqlmodel import Session, col, func, select

from storybank import audit
from storybank.access import Actor, readable_stories, visible
from storybank.capture.answers import WHOSE
from storybank.capture.checks import touches, unchecked
from storybank.capture.translations import english_by
from storybank.capture.whereabouts import EXPORTED
from storybank.evidence.exported import ExportedStory, ExportedTag
from storybank.evidence.notes import exported_notes
from storybank.index.doubted import is_held
from storybank.index.tags import fits
from storybank.tables import (
    Coding,
    Person,
    Place,
    Programme,
    Story,
    SuggestionRow,
    TranscriptRow,
)
from storybank.values import Direction, Span, Use
from storybank.versions.progress import read_by_each

CHUNK = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First characters, wide ones too, by which a spreadsheet takes a cell for a formula (OWASP)."""


def exportable(
    session: Session, actor: Actor, use: Use, framework: str | None = None
) -> Iterator[ExportedStory]:
    """Give each story that `actor` may read for `use`, oldest first; unread ones are left out.

    So is one of which nobody has said that its teller speaks, and one in another language that is
    not in English yet: there are no words to hand on.

    Its tags are those of the version `framework`, or of all versions (None): each names its own.
    The caller notes the act with `note_export` in the same transaction.
    """
    ids = session.exec(
        select(Story.id).where(visible(actor, use)).order_by(col(Story.created_at), col(Story.id))
    ).all()
    for first in range(0, len(ids), CHUNK):
        for story in _chunk(session, actor, use, ids[first : first + CHUNK]):
            tags = tuple(tag for tag in story.tags if framework in (None, tag.framework))
            yield replace(story, tags=tags)


def count_exportable(session: Session, actor: Actor, use: Use) -> int:
    """Give how many stories `exportable` looks at: those not read yet it leaves out."""
    return session.exec(select(func.count()).where(visible(actor, use))).one()


def noted(
    session: Session, actor: Actor, stories: Iterable[ExportedStory], purpose: str
) -> Iterator[ExportedStory]:
    """Give the same stories, and note for each that it was exported, for its teller to see."""
    for story in stories:
        audit.note(session, actor.person_id, EXPORTED, story.id, purpose)
        yield story


def note_export(session: Session, actor: Actor, use: Use, count: int, purpose: str) -> None:
    """Write down who exported how many stories, for which use and purpose."""
    audit.note(session, actor.person_id, f"export-{use}", f"{count} stories", purpose)


def write_jsonl(stories: Iterable[ExportedStory], out: TextIO) -> int:
    """Write one JSON object a line; gives how many stories."""
    count = 0
    for count, story in enumerate(stories, 1):  # noqa: B007 (the last number is the answer)
        out.write(json.dumps(_object(story), ensure_ascii=False) + "\n")
    return count


def _object(story: ExportedStory) -> dict[str, Any]:
    values = asdict(story)
    if story.worker_note is None:
        del values["worker_note"]
    if story.english is None:
        del values["english"], values["english_by"]
    if not story.withheld:
        del values["withheld"]
    return values


def write_csv(stories: Iterable[ExportedStory], out: TextIO) -> int:
    """Write one row a tag, safe to open in a spreadsheet; gives how many stories."""
    table = csv.writer(out)
    table.writerow([*_STORY_COLUMNS, *(f"may_{use}" for use in Use), *_TAG_COLUMNS])
    count = 0
    for count, story in enumerate(stories, 1):  # noqa: B007
        told = [getattr(story, name) for name in _STORY_COLUMNS]
        told += ["yes" if story.consent[use] else "no" for use in Use]
        for tag in story.tags or (None,):
            table.writerow([_cell(value) for value in told + _tag_cells(tag)])
    return count


_STORY_COLUMNS = (
    "id", "external_id", "title", "text", "language", "place", "programme", "channel", "mode",
    "told_on", "happened", "teller", "seconds", "invented", "redacted_by", "read_by", "unchecked",
    "english", "english_by", "withheld",
)  # fmt: skip
_TAG_COLUMNS = (
    "framework", "code", "direction", "state", "quote", "start_s", "said_by", "score", "translated",
)  # fmt: skip


def _tag_cells(tag: ExportedTag | None) -> list[object]:
    if tag is None:
        return [None] * len(_TAG_COLUMNS)
    # In words: "+" and "-" alone would be taken for the beginning of a formula.
    direction = "lived" if tag.direction == Direction.LIVED else "missing"
    values = {name: getattr(tag, name) for name in _TAG_COLUMNS} | {"direction": direction}
    return list(values.values())


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        value = " ".join(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _chunk(
    session: Session, actor: Actor, use: Use, ids: Sequence[uuid.UUID]
) -> Iterator[ExportedStory]:
    # The condition stands here again: consent may have changed since the ids were listed.
    query = (
        readable_stories(actor, use)
        .where(col(Story.id).in_(ids))
        .order_by(col(Story.created_at), col(Story.id))
    )
    told = _transcripts(session, ids)
    english = _translations(session, told)
    transcripts = {key: row for key, row in told.items() if row.masked or key in english}
    rows = [*transcripts.values(), *english.values()]
    doubted = unchecked(session, [row.id for row in rows if row.id is not None])
    tags = _tags(session, rows, doubted)
    notes = exported_notes(session, ids) if use == Use.LEARN else {}
    programmes = dict(session.exec(select(Programme.id, Programme.name)).all())
    places = dict(session.exec(select(Place.id, Place.name)).all())
    versions = read_by_each(session, ids)
    for story in session.exec(query).all():
        row = transcripts.get(story.id)
        if row is not None:
            names = {
                "place": places.get(story.place_id),
                "programme": programmes[story.programme_id],
                "read_by": versions.get(story.id, ()),
                "worker_note": notes.get(story.id),
                "unchecked": len(doubted.get(row.id or 0, ())),
            }
            if story.id in english:
                names["english"] = english[story.id].masked
                names["english_by"] = english_by(session, english[story.id])
            yield _exported(story, row, names, tags[story.id])


def _exported(
    story: Story, row: TranscriptRow, names: dict[str, Any], tags: list[ExportedTag]
) -> ExportedStory:
    return ExportedStory(
        id=str(story.id),
        external_id=story.external_id,
        title=story.title,
        text=row.masked or "",
        language=story.language,
        channel=story.channel,
        mode=story.mode,
        told_on=story.told_on,
        happened=story.happened,
        teller=story.teller if story.teller in WHOSE else None,
        seconds=story.seconds,
        invented=story.invented,
        consent={use.value: bool(getattr(story, f"may_{use}")) for use in Use},
        redacted_by=row.rules_id,
        withheld=row.withheld,
        tags=tuple(sorted(tags, key=lambda tag: (tag.start, tag.code, tag.said_by))),
        **names,
    )


def _transcripts(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, TranscriptRow]:
    query = (
        select(TranscriptRow)
        .where(col(TranscriptRow.story_id).in_(ids), col(TranscriptRow.masked).is_not(None))
        .where(col(TranscriptRow.translates).is_(None))
        .order_by(col(TranscriptRow.version))
    )
    # The newest comes last, and stays: where it has none of the teller's words, an older one does
    # not count either.
    return {row.story_id: row for row in session.exec(query)}


def _translations(
    session: Session, transcripts: Mapping[uuid.UUID, TranscriptRow]
) -> dict[uuid.UUID, TranscriptRow]:
    """Give the last translation of each, where there is one and it has been masked."""
    query = (
        select(TranscriptRow)
        .where(
            col(TranscriptRow.translates).in_([row.id for row in transcripts.values()]),
            col(TranscriptRow.masked).is_not(None),
        )
        .order_by(col(TranscriptRow.version).desc())  # the newest is the lowest
    )
    newest = {row.story_id: row for row in session.exec(query)}
    return {story_id: row for story_id, row in newest.items() if row.masked}


def _tags(
    session: Session, rows: list[TranscriptRow], doubted: Mapping[int, Sequence[Span]]
) -> dict[uuid.UUID, list[ExportedTag]]:
    """Give the tags of each story; those on words that nobody has checked are held back."""
    found: dict[uuid.UUID, list[ExportedTag]] = defaultdict(list)
    transcripts = [row.id for row in rows]
    english = _all_english(session, {row.story_id for row in rows})
    suggestions = select(SuggestionRow).where(
        col(SuggestionRow.transcript_id).in_(transcripts), col(SuggestionRow.offered).is_(False)
    )
    for suggestion in session.exec(suggestions):
        if touches(doubted.get(suggestion.transcript_id, ()), suggestion.start, suggestion.end):
            continue
        found[suggestion.story_id].append(
            _tag(suggestion, "suggested", suggestion.model_id, suggestion.score, english)
        )
    codings = (
        select(Coding, Person.name)
        .join(Person, col(Person.id) == col(Coding.person_id))
        .where(
            col(Coding.story_id).in_({row.story_id for row in rows}),
            col(Coding.undone_at).is_(None),
        )
    )
    read: dict[uuid.UUID, list[TranscriptRow]] = defaultdict(list)
    for row in rows:
        read[row.story_id].append(row)
    for coding, name in session.exec(codings):
        held = is_held(session, coding, read[coding.story_id], doubted)
        # Words that a correction took out of a story are no quotation of it any more.
        if fits(coding, read[coding.story_id]) and not held:
            found[coding.story_id].append(_tag(coding, coding.decision, name, None, english))
    return found


def _all_english(session: Session, ids: Collection[uuid.UUID]) -> frozenset[int | None]:
    """Give the translations of every version of some stories."""
    query = select(TranscriptRow.id).where(
        col(TranscriptRow.story_id).in_(ids), col(TranscriptRow.translates).is_not(None)
    )
    return frozenset(session.exec(query))


def _tag(
    row: SuggestionRow | Coding, state: str, said_by: str, score: float | None,
    english: frozenset[int | None],
) -> ExportedTag:  # fmt: skip
    return ExportedTag(
        framework=row.framework,
        code=row.code,
        direction=row.direction,
        state=state,
        quote=row.quote,
        start=row.start,
        end=row.end,
        start_s=None if row.start_ms is None else row.start_ms / 1000,
        said_by=said_by,
        score=score,
        translated=row.transcript_id in english,
    )

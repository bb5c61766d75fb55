"""The form in which people correct a story line by line: fill it, read it, save it.

Used by the page of the teller and by that of the worker who sent the story: both include the part
`_correct.html` with what `shown` or `save` gives as `correcting`.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from storybank.capture import corrections
from storybank.capture.checks import checked_spans
from storybank.capture.corrections import locked_newest, mark_of, marked, newest
from storybank.capture.intake import Desk
from storybank.capture.lines import Line, lines_of
from storybank.errors import NothingWritten
from storybank.index.trust import say_right
from storybank.tables import Story, TranscriptRow
from storybank.vault import open_transcript, story_key
from web.forms import Form

LINES_A_PAGE = 60
"""Lines in one form: an hour of speech is too much for a cheap phone to show at once."""


@dataclass(frozen=True, slots=True)
class Box:
    """One line as the form shows it; `mine` is what this person wrote where another saved since."""

    number: int
    line: Line
    text: str
    speaker: str
    mine: str | None = None

    @property
    def rows(self) -> int:
        """Give how many rows of a phone's width the words take, roughly."""
        return max(2, 1 + len(self.text) // 34)


@dataclass(frozen=True, slots=True)
class Correcting:
    """One page of the form: its boxes, and the mark of the version that they are of.

    `first` is the number of its first line. `sound` is the address of the recording, if it may
    be played. `clash` says that somebody else saved meanwhile; `unmatched` are words that this
    person wrote for lines that are no longer there.
    """

    boxes: tuple[Box, ...]
    mark: str
    first: int
    total: int
    language: str
    sound: str | None = None
    clash: bool = False
    unmatched: tuple[str, ...] = ()

    @property
    def before(self) -> int | None:
        """Give the number of the first line of the page before."""
        return max(0, self.first - LINES_A_PAGE) if self.first else None

    @property
    def after(self) -> int | None:
        """Give the number of the first line of the page after."""
        following = self.first + LINES_A_PAGE
        return following if following < self.total else None

    @property
    def spoken(self) -> bool:
        """Say whether some line was heard, so that it matters who speaks."""
        return any(box.line.spoken for box in self.boxes)


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a form: the newest version, and `clash` where somebody else had saved one.

    `changed` says whether a version was made, `checked` how many lines were found right. With a
    clash nothing is stored: show the form again, with status 409.
    """

    row: TranscriptRow
    changed: bool = False
    checked: int = 0
    clash: Correcting | None = None


def shown(
    session: Session, desk: Desk, story: Story, *, first: str = "", sound: str | None = None
) -> Correcting:
    """Give the form of a story's newest version, from line `first` on (as the address has it).

    Raises NothingWritten.
    """
    row = newest(session, story.id)
    if row is None:
        raise NothingWritten(f"story {story.id}")
    lines = _lines(session, desk, story, row)
    at = _number(first)
    at = at // LINES_A_PAGE * LINES_A_PAGE if at < len(lines) else 0
    return Correcting(
        boxes=tuple(
            Box(number, line, line.text, line.speaker or "")
            for number, line in enumerate(lines[at : at + LINES_A_PAGE], at)
        ),
        mark=mark_of(row),
        first=at,
        total=len(lines),
        language=row.language,
        sound=sound,
    )


def save(
    session: Session,
    desk: Desk,
    story: Story,
    form: Form,
    *,
    sound: str | None = None,
    by: uuid.UUID | None = None,
) -> Saved:
    """Store what the form says, sent by a worker or (`by` None) the teller.

    Marked lines that were found right as they stand count as checked. Raises the errors of
    `corrections.apply`.

    Of these, show a BadInput above the form again (`refilled` keeps what was typed).
    """
    row = locked_newest(session, story)
    edits, speakers = _filled(form, "text-"), _filled(form, "speaker-")
    if form.text("version") != mark_of(row):
        return Saved(row, clash=shown_again(session, desk, story, form, sound=sound))
    checked = _say_right(session, desk, story, row, form, by)
    stored = corrections.apply(session, desk, story, edits, speakers)
    return Saved(stored, changed=stored is not row, checked=checked)


def shown_again(
    session: Session, desk: Desk, story: Story, form: Form, *, sound: str | None = None
) -> Correcting:
    """Give the form with what was typed into it: beside what stands there now, where that is new.

    Raises NothingWritten.
    """
    ours = shown(session, desk, story, first=form.text("from"), sound=sound)
    if form.text("version") == ours.mark:
        return refilled(ours, form)
    theirs = marked(session, story.id, form.text("version"))
    was = _lines(session, desk, story, theirs) if theirs else ()
    return _side_by_side(ours, was, _filled(form, "text-"), _filled(form, "speaker-"))


def _say_right(
    session: Session, desk: Desk, story: Story, row: TranscriptRow, form: Form,
    by: uuid.UUID | None,
) -> int:  # fmt: skip
    """Keep which marked lines were found right; gives how many."""
    lines = _lines(session, desk, story, row)
    said = [n for n in _filled(form, "right-") if n < len(lines) and lines[n].flags]
    for number in said:
        say_right(session, story, row, lines[number].span, by)
    return len(said)


def refilled(correcting: Correcting, form: Form) -> Correcting:
    """Give the form with what was typed into it, after it could not be stored."""
    edits, speakers = _filled(form, "text-"), _filled(form, "speaker-")
    boxes = tuple(
        replace(
            box,
            text=edits.get(box.number, box.text),
            speaker=speakers.get(box.number, box.speaker),
        )
        for box in correcting.boxes
    )
    return replace(correcting, boxes=boxes)


def _side_by_side(
    ours: Correcting, was: Sequence[Line], edits: dict[int, str], speakers: dict[int, str]
) -> Correcting:
    """Put what this person wrote beside what stands there now; what does not clash is filled in.

    `was` are the lines that they saw. Where lines came or went since, their words stand apart.
    """
    mine = {
        number: text
        for number, text in edits.items()
        if number >= len(was) or text.split() != was[number].text.split()
    }
    if len(was) != ours.total:
        return replace(ours, clash=True, unmatched=tuple(mine.values()))
    boxes: list[Box] = []
    for box in ours.boxes:
        seen = was[box.number]
        typed, said = mine.get(box.number), speakers.get(box.number, seen.speaker or "")
        if said != (seen.speaker or ""):
            box = replace(box, speaker=said)
        if typed is not None and box.line.text == seen.text:
            box = replace(box, text=typed)
        elif typed is not None and typed.split() != box.text.split():
            box = replace(box, mine=typed)
        boxes.append(box)
    return replace(ours, clash=True, boxes=tuple(boxes))


def _lines(session: Session, desk: Desk, story: Story, row: TranscriptRow) -> tuple[Line, ...]:
    told = open_transcript(story_key(desk.keyring, story), row)
    return lines_of(told, checked_spans(session, row))


def _filled(form: Form, start: str) -> dict[int, str]:
    """Give the values of the fields `text-0`, `text-1`, ... by their numbers."""
    found = {}
    for name in form.texts:
        number = name.removeprefix(start)
        if name.startswith(start) and number.isascii() and number.isdigit() and len(number) < 7:
            found[int(number)] = form.raw(name)
    return found


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0

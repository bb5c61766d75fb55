"""A story opened for its masks: what was told, its machine English, and workers' notes beside it.

Whoever opens one may see words as told; `masking.open_story` makes sure of that.
"""

import hashlib
from dataclasses import dataclass, field

from sqlmodel import Session

from storybank.capture.corrections import mark_of
from storybank.capture.translations import translation_of
from storybank.errors import NotFound
from storybank.index.decided import standing
from storybank.index.notes import notes_of
from storybank.index.texts import Text, masks_of, stands_on, words_of
from storybank.tables import MaskDecision, Story, TranscriptRow
from storybank.understand.redact.reviewed import folded
from storybank.values import Mask

ANEW = "This mask has been made anew since. Load the page again."
TOLD, ENGLISH, NOTE = "told", "english", "note-"
"""Names of sides as forms carry them; that of a note ends in its number."""


@dataclass(frozen=True)
class Side:
    """One text of a story that is opened for its masks, its masks, and what people said of them.

    `waits`: a note that was masked before its masks were kept; where they are is not known yet.
    """

    name: str
    text: Text
    words: str = field(repr=False)
    masks: tuple[Mask, ...]
    decisions: tuple[MaskDecision, ...]

    def says(self, decision: MaskDecision) -> str:
        """Give the words of one of the decisions, folded."""
        return folded(self.words[decision.start : decision.end])

    @property
    def waits(self) -> bool:
        """Whether a reading has yet to say what is masked here."""
        return self.text.rules_id is None


@dataclass(frozen=True)
class Opened:
    """A story opened for its masks: the version read last as told, its English, and notes."""

    story: Story
    row: TranscriptRow
    told: Side
    english: Side | None = None
    notes: tuple[Side, ...] = ()

    @property
    def sides(self) -> tuple[Side, ...]:
        """The words as told, then the English where there is one, then each note."""
        return (self.told, *((self.english,) if self.english else ()), *self.notes)

    @property
    def mark(self) -> str:
        """A mark for forms: another where words, notes, or the rules that masked them are others.

        Sealed bytes differ each time, so two notes never have the same.
        """
        seen = hashlib.sha256()
        for side in self.notes:
            seen.update(f"{side.name} {side.text.rules_id} ".encode() + side.text.sealed)
        notes = f"-{seen.hexdigest()[:16]}" if self.notes else ""
        return f"{mark_of(self.row)}-{self.row.rules_id}{notes}"

    def side(self, name: str) -> Side:
        """Give one of the texts; raises NotFound where it is not there any more."""
        found = next((side for side in self.sides if side.name == name), None)
        if found is None:
            raise NotFound(f"side of story {self.story.id}", message=ANEW)
        return found


def open_sides(session: Session, key: bytes, story: Story, row: TranscriptRow) -> Opened:
    """Open a story's version `row` with all that stands beside it; notes not read yet are not."""
    english = translation_of(session, row)
    notes = (note for note in notes_of(session, story.id) if note.masked or note.withheld)
    return Opened(
        story=story,
        row=row,
        told=_side(session, key, TOLD, row),
        english=None if english is None else _side(session, key, ENGLISH, english),
        notes=tuple(_side(session, key, f"{NOTE}{note.id}", note) for note in notes),
    )


def _side(session: Session, key: bytes, name: str, text: Text) -> Side:
    return Side(
        name=name,
        text=text,
        words=words_of(key, text),
        masks=masks_of(session, text),
        decisions=tuple(d for d in standing(session, text.story_id) if stands_on(d, text)),
    )

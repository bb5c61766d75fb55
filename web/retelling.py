"""A told story as its teller sees it: its state, who read what in it, and where it has been."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from storybank.capture.checks import touches, unchecked
from storybank.capture.own_reading import BY_NAME, QUESTIONS, choices_of, meaning_of
from storybank.capture.own_story import disagreements, own_answers
from storybank.capture.whereabouts import Done
from storybank.framework import Code, Framework
from storybank.tables import Coding, SuggestionRow, TranscriptRow
from storybank.values import Direction, Span, StoryState, Transcript
from storybank.vault import open_transcript

SAYS = {
    StoryState.RECEIVED: "Your story has arrived. It is waiting its turn.",
    StoryState.LISTENING: "A computer is listening to your recording and writing down your words.",
    StoryState.READING: "A computer is reading your story.",
    StoryState.READY: "A computer has read your story.",
    StoryState.NEEDS_HELP: "Your story is safe, but somebody has to look at it.",
}
"""Each state in plain words; a withdrawn story is shown nowhere."""

WAITS = "Your story is safe. It waits for a person to put it into English."
"""What is said of a story that no computer here can read."""
NOBODY_READS = (
    "You said no to it being read inside the council. So nobody will read it, and it will not be "
    "quoted, played or put in print, whatever the other answers say."
)
"""What is said of such a story that nobody may open to put it into English."""

BY = {
    None: "A computer suggests this.",
    "confirmed": "A person at the council agrees.",
    "rejected": "A person at the council does not agree.",
    "added": "A person at the council added this.",
}
"""Who says that words carry a code: the machine, or people by what they decided."""

DONE = {
    Done.OPENED: "Somebody at the council opened your story.",
    Done.OPENED_AS_TOLD: "Somebody at the council checked what is hidden in your story. "
    "They saw the names in it.",
    Done.OPENED_BY_SENDER: "The worker who sent your story opened it.",
    Done.PLAYED: "Somebody at the council played your recording. Names in it are made silent.",
    Done.PLAYED_BY_SENDER: "The worker who sent your story played your recording.",
    Done.HEARD: "The worker who sent your story played your spoken answers.",
    Done.TRANSLATED: "Somebody put your story into English.",
    Done.EXPORTED: "Somebody at the council put your story in a file with others.",
    Done.DECIDED: "Somebody at the council decided about what your story shows.",
}
"""What was done with a story, in the words of the page."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of the story that carry a code, when they were said, and who says so.

    `by` are keys of BY; `stands` is whether the words still stand in the story as it is now.
    `held` says that nobody has checked them, `translated` that they are a translation.
    """

    text: str
    start_ms: int | None
    by: tuple[str | None, ...]
    stands: bool = True
    held: bool = False
    translated: bool = False


class Opened(Mapping[int, str]):
    """The versions of a story's words by the id of their row, each opened when it is asked for.

    A story that is corrected often has many, and its readings stand on few of them.
    """

    def __init__(self, key: bytes, rows: Sequence[TranscriptRow]) -> None:
        self._key = key
        self._rows = {row.id: row for row in rows if row.id is not None}
        self._opened: dict[int, Transcript] = {}

    def __getitem__(self, number: int) -> str:
        return self.transcript(number).text

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def transcript(self, number: int) -> Transcript:
        """Give a version with its times."""
        if number not in self._opened:
            self._opened[number] = open_transcript(self._key, self._rows[number])
        return self._opened[number]


@dataclass(frozen=True, slots=True)
class Texts:
    """The words that quotes are cut from, unmasked, by the id of their row.

    `told` are all versions of the words, the newest last; `english` is the translation, if any.
    """

    told: Mapping[int, str]
    english: Mapping[int, str]

    @property
    def newest(self) -> str:
        """The words as they are now."""
        last = next(reversed(list(self.told)), None)
        return "" if last is None else self.told[last]


@dataclass(frozen=True, slots=True)
class CodeRead:
    """One code read from a story in one direction: with which words, and what the teller says.

    `own` says that the teller's own answers mean the same, `disputed` that they find it wrong.
    """

    code: Code
    direction: Direction
    means: str
    quotes: tuple[Quoted, ...]
    own: bool = False
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """One question to the teller and what they chose, in its words."""

    ask: str
    said: tuple[str, ...]


def answers(said: Mapping[str, str]) -> list[OwnAnswer]:
    """Give the questions that a teller answered, in the order they were asked."""
    return [
        OwnAnswer(
            question.ask, tuple(c.say for c in choices_of(question.name, said[question.name]))
        )
        for question in QUESTIONS
        if choices_of(question.name, said.get(question.name, ""))
    ]


def readings(
    session: Session, framework: Framework, story_id: uuid.UUID, texts: Texts
) -> list[CodeRead]:
    """Give every code that the machine or a person read from a story, in the framework's order.

    Quotes are cut from the words as told, so only the teller may see them.
    """
    doubted = unchecked(session, [*texts.told, *texts.english])
    quotes: dict[tuple[str, str], dict[str, Quoted]] = {}
    for row, decision in _said(session, framework, story_id):
        translated = row.transcript_id in texts.english
        text = (texts.english if translated else texts.told).get(row.transcript_id, "")
        words = Span(row.start, row.end).of(text).strip()
        at = quotes.setdefault((row.code, row.direction), {})
        earlier = at.get(words)
        by = dict.fromkeys([*(earlier.by if earlier else ()), decision])
        stands = bool(words) and (translated or words in texts.newest)
        held = touches(doubted.get(row.transcript_id, ()), row.start, row.end)
        at[words] = Quoted(words, row.start_ms, tuple(by), stands, held, translated)
    meant = {pair for name, said in own_answers(session, story_id).items()
             if name in BY_NAME for pair in meaning_of(name, said)}  # fmt: skip
    wrong = {(row.code, row.direction) for row in disagreements(session, story_id)
             if row.framework == framework.name}  # fmt: skip
    return [
        CodeRead(
            code, direction, code.says(direction), tuple(quotes[pair].values()),
            own=pair in meant, disputed=pair in wrong,
        )
        for code in framework.codes
        for direction in Direction
        if (pair := (code.id, direction)) in quotes
    ]  # fmt: skip


def _said(
    session: Session, framework: Framework, story_id: uuid.UUID
) -> Sequence[tuple[SuggestionRow | Coding, str | None]]:
    """Give what the machine suggests of the version it read last, and what people decided."""
    suggested = session.exec(
        select(SuggestionRow)
        .where(SuggestionRow.story_id == story_id, SuggestionRow.framework == framework.name)
        .where(col(SuggestionRow.offered).is_(False))
        .order_by(col(SuggestionRow.start))
    ).all()
    decided = session.exec(
        select(Coding)
        .where(Coding.story_id == story_id, Coding.framework == framework.name)
        .where(col(Coding.undone_at).is_(None))
        .order_by(col(Coding.start))
    ).all()
    return [*((row, None) for row in suggested), *((row, row.decision) for row in decided)]

"""The readings of one story side by side: the machine's, people's and the teller's own.

None overwrites another. After a correction, what people decided is looked for by its words in the
newest version; the rows of their decisions never change.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from storybank.access import Actor
from storybank.capture.checks import touches
from storybank.capture.own_reading import QUESTIONS, choices_of, meaning_of
from storybank.capture.own_story import disagreements, own_answers
from storybank.coding import standing
from storybank.index.tags import answers, fits
from storybank.spans import found_again
from storybank.tables import (
    Coding,
    PassageRow,
    Person,
    SuggestionRow,
    TranscriptRow,
)
from storybank.understand.engines import FROM_EXAMPLES
from storybank.values import Direction, Mask, Span, joined

TELLERS_FRAMEWORK = "thriving-communities"
"""The framework whose codes the teller's answers mean, in every version of it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's standing decision: `confirmed`, `rejected` or `added`."""

    coding: Coding
    who: str
    mine: bool


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What the teller answered to one question about their story, and the codes that it means."""

    question: str
    answer: str
    means: tuple[tuple[str, Direction], ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """One tag on its words: the machine's suggestion (None: not suggested) beside people's.

    `span` is where the words stand in the newest version as told, None where that is not known;
    `fits` is false where a correction took them away. `own` are the teller's answers that mean
    the same code in the same direction, `against` those that mean it in the other one only;
    `disputed` says that the teller disagrees. `held` says that nobody has checked the words yet, so
    that the tag counts nowhere; `translated` that they are a translation.
    """

    key: str
    framework: str
    code: str
    direction: Direction
    quote: str
    at: float | None
    passage_id: int | None
    suggestion: SuggestionRow | None
    decisions: tuple[Decided, ...]
    span: Span | None = None
    fits: bool = True
    own: tuple[OwnAnswer, ...] = ()
    against: tuple[OwnAnswer, ...] = ()
    disputed: bool = False
    held: bool = False
    translated: bool = False

    @property
    def from_examples(self) -> bool:
        """Whether the machine read the code from its definition and examples alone."""
        return self.suggestion is not None and FROM_EXAMPLES in self.suggestion.model_id

    @property
    def mine(self) -> Decided | None:
        """The decision of the person who reads the page."""
        return next((d for d in self.decisions if d.mine), None)


@dataclass(frozen=True, slots=True)
class Text:
    """The newest version that was read, as readings stand on it: its passages and masks.

    `doubted` are the words that nobody has checked; `translation` is True for its English.
    """

    row: TranscriptRow | None
    passages: Sequence[PassageRow]
    masks: Sequence[Mask]
    doubted: Sequence[Span] = ()
    translation: bool = False

    @property
    def withheld(self) -> bool:
        """Whether no word of it is shown."""
        return self.row is not None and self.row.withheld

    def place(self, row: Coding | SuggestionRow) -> tuple[Span | None, int | None]:
        """Give where a reading's words stand as told, and the passage that holds them."""
        if self.row is None or row.transcript_id == self.row.id:
            span = Span(row.start, row.end)
        else:
            passages = [(Span(p.start, p.end), p.text) for p in self.passages]
            places = found_again(passages, self.masks, row.quote)
            near = min(places, key=lambda place: abs(place.start - row.start), default=None)
            if near is None:
                return None, None
            span = near
        on = (p.id for p in self.passages if span.overlaps(Span(p.start, p.end)))
        return span, next(on, None)


def tags_of(
    session: Session, actor: Actor, story_id: uuid.UUID, texts: Sequence[Text]
) -> tuple[Tagged, ...]:
    """Give every tag of a story in the order of the text; what no longer fits comes last.

    `texts` are the words and, where there is one, their translation.
    """
    rows = [text.row.id for text in texts if text.row]
    query = select(SuggestionRow).where(col(SuggestionRow.transcript_id).in_(rows))
    suggestions = session.exec(query.order_by(col(SuggestionRow.id))).all()
    decisions = _decisions(session, actor, story_id)
    found: list[Tagged] = []
    for suggestion in suggestions:
        about = tuple(d for d in decisions if answers(d.coding, suggestion))
        found.append(_tagged(suggestion, suggestion, about, texts))
    answered = {d.coding.id for tag in found for d in tag.decisions}
    alone: dict[object, list[Decided]] = {}
    for decided in decisions:
        if decided.coding.id not in answered:
            alone.setdefault(_place_of(decided.coding), []).append(decided)
    found += [_tagged(ds[0].coding, None, tuple(ds), texts) for ds in alone.values()]
    own = own_reading(session, story_id)
    disputed = {(d.framework, d.code, d.direction) for d in disagreements(session, story_id)}
    beside = [_beside(tag, own, disputed) for tag in found]
    return tuple(sorted(beside, key=_in_text_order))


def own_reading(session: Session, story_id: uuid.UUID) -> tuple[OwnAnswer, ...]:
    """Give the teller's own reading: the newest answer to each question, skipped ones left out."""
    answers = own_answers(session, story_id)
    found = []
    for question in QUESTIONS:
        answer = answers.get(question.name, "")
        said = [choice.say for choice in choices_of(question.name, answer)]
        if said:
            found.append(OwnAnswer(question.ask, joined(said), meaning_of(question.name, answer)))
    return tuple(found)


def _beside(tag: Tagged, own: Iterable[OwnAnswer], disputed: set[tuple[str, str, str]]) -> Tagged:
    """Put the teller's reading beside a tag."""
    if tag.framework.partition("@")[0] != TELLERS_FRAMEWORK:
        own = ()
    other = Direction.MISSING if tag.direction == Direction.LIVED else Direction.LIVED
    same = tuple(answer for answer in own if (tag.code, tag.direction) in answer.means)
    against = tuple(a for a in own if (tag.code, other) in a.means and a not in same)
    doubted = (tag.framework, tag.code, tag.direction.value) in disputed
    return replace(tag, own=same, against=against, disputed=doubted)


def _in_text_order(tag: Tagged) -> tuple[bool, int, str, str]:
    return not tag.fits, tag.span.start if tag.span else 0, tag.code, tag.direction


def _decisions(session: Session, actor: Actor, story_id: uuid.UUID) -> tuple[Decided, ...]:
    codings = standing(session, story_id)
    ids = {coding.person_id for coding in codings}
    people = session.exec(select(Person).where(col(Person.id).in_(ids))).all()
    names = {person.id: person.name for person in people}
    return tuple(
        Decided(c, names.get(c.person_id, "Somebody"), mine=c.person_id == actor.person_id)
        for c in codings
    )


def _place_of(row: Coding | SuggestionRow) -> tuple[object, ...]:
    return row.framework, row.code, row.direction, row.transcript_id, row.start, row.end


def _tagged(
    row: Coding | SuggestionRow,
    suggestion: SuggestionRow | None,
    decisions: tuple[Decided, ...],
    texts: Sequence[Text],
) -> Tagged:
    still = not isinstance(row, Coding) or fits(row, [text.row for text in texts if text.row])
    text, span, on = _stands(row, texts) if still else (None, None, None)
    return Tagged(
        key=f"s{row.id}" if suggestion else f"c{row.id}",
        framework=row.framework,
        code=row.code,
        direction=Direction(row.direction),
        quote=row.quote,
        at=row.start_ms / 1000 if row.start_ms is not None else None,
        passage_id=on,
        suggestion=suggestion,
        decisions=decisions,
        span=span,
        fits=still,
        held=bool(text and span and touches(text.doubted, span.start, span.end)),
        translated=text is not None and text.translation,
    )


def _stands(
    row: Coding | SuggestionRow, texts: Sequence[Text]
) -> tuple[Text | None, Span | None, int | None]:
    """Give the text in which a reading's words stand, where, and the passage that holds them."""
    own = [text for text in texts if text.row and text.row.id == row.transcript_id]
    for text in own or texts:
        span, on = text.place(row)
        if span is not None:
            return text, span, on
    return None, None, None

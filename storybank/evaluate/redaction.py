"""How well personal details are masked: by kind, mode and origin, and what else is masked."""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from storybank.evaluate.gold_details import (
    GoldText,
    Marked,
    lowered,
    places,
    to_keep,
)
from storybank.evaluate.released import Bar
from storybank.understand.engines import Redactor
from storybank.values import Span

TRUE, LOWER, SPOKEN = "true case", "lower case", "spoken"
MODES = (TRUE, LOWER, SPOKEN)
"""As written; the same text in small letters; details said aloud, in either of the two."""
WRITTEN = frozenset({"phone", "postcode", "email", "nhs", "nino"})
"""The kinds that have a written form: the goals speak of them together."""

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Miss:
    """One place of a detail that was not wholly masked."""

    id: str
    mode: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Score:
    """Places of one group in one mode, and how many of them were masked to the last character."""

    mode: str
    group: str
    places: int
    masked: int

    @property
    def recall(self) -> float:
        """Part of the places that was masked; 1.0 where there are none."""
        return self.masked / self.places if self.places else 1.0


@dataclass(frozen=True, slots=True)
class RedactionScore:
    """What a gold set gave; `wrongly` is the masked part of all words that hold no detail.

    `kept` is the part of the names to keep that stand unmasked, for modes in which there are any;
    `masked_places` are those that do not. `kinds` ends each mode with `all`, `origins` are of names
    only. `seconds_per_thousand_words` is processor time of masking alone, the pipeline loaded.
    """

    kinds: tuple[Score, ...]
    origins: tuple[Score, ...]
    wrongly: Mapping[str, float]
    seconds_per_thousand_words: float
    misses: tuple[Miss, ...]
    kept: Mapping[str, float]
    masked_places: tuple[Miss, ...]
    rules_id: str


class _Tally:
    """Counts by kind and by origin, as texts come."""

    def __init__(self) -> None:
        self.kinds: dict[tuple[str, str], list[bool]] = defaultdict(list)
        self.origins: dict[tuple[str, str], list[bool]] = defaultdict(list)
        self.wrong: dict[str, list[bool]] = {TRUE: [], LOWER: []}
        self.misses: list[Miss] = []
        self.kept: dict[str, list[bool]] = {TRUE: [], LOWER: []}
        self.masked_places: list[Miss] = []

    def add(self, gold: GoldText, mode: str, masked: set[int]) -> None:
        """Count one text, read in one mode, whose offsets `masked` are under a mask."""
        wanted: set[int] = set()
        for marked, place in places(gold.text, gold.pii):
            wanted |= set(range(place.start, place.end))
            whole = all(at in masked for at in _telling(gold.text, place))
            said = SPOKEN if marked.spoken else mode
            self._count(gold, marked, said, whole=whole)
            if not whole:
                self.misses.append(Miss(gold.id, said, marked.kind, place.start, place.end))
        for place in to_keep(gold):
            stands = not any(at in masked for at in _telling(gold.text, place))
            self.kept[mode].append(stands)
            if not stands:
                self.masked_places.append(Miss(gold.id, mode, "kept", place.start, place.end))
        self._count_others(gold, mode, wanted, masked)

    def _count_others(self, gold: GoldText, mode: str, wanted: set[int], masked: set[int]) -> None:
        for word in _WORD.finditer(gold.text):
            letters = [at for at in range(*word.span()) if gold.text[at].isalnum()]
            if letters and not any(at in wanted for at in letters):
                self.wrong[mode].append(any(at in masked for at in letters))

    def _count(self, gold: GoldText, marked: Marked, mode: str, *, whole: bool) -> None:
        self.kinds[mode, marked.kind].append(whole)
        if gold.origin and marked.kind == "name":
            self.origins[mode, gold.origin].append(whole)


def score(
    texts: Sequence[GoldText], redactor: Redactor, on_text: Callable[[], None]
) -> RedactionScore:
    """Mask each text as written and in small letters; `on_text` is called after each text.

    A place counts as masked where every one of its letters and digits is under a mask.
    """
    redactor.find("A first text, so that nothing is loaded while the clock runs.")
    tally = _Tally()
    worked, words = 0.0, 0
    for gold in texts:
        for mode, told in ((TRUE, gold.text), (LOWER, lowered(gold.text))):
            started = time.process_time()
            masked = _characters(mask.span for mask in redactor.find(told))
            worked, words = worked + time.process_time() - started, words + len(told.split())
            tally.add(gold, mode, masked)
        on_text()
    return RedactionScore(
        kinds=tuple(_with_all(tally.kinds)),
        origins=tuple(_scores(tally.origins)),
        wrongly={mode: sum(hits) / max(1, len(hits)) for mode, hits in tally.wrong.items()},
        seconds_per_thousand_words=1000 * worked / max(1, words),
        misses=tuple(tally.misses),
        kept={mode: sum(hits) / len(hits) for mode, hits in tally.kept.items() if hits},
        masked_places=tuple(tally.masked_places),
        rules_id=redactor.rules_id,
    )


def headline(result: RedactionScore) -> dict[str, float]:
    """Give the figures that have a goal, by name, rounded to four places; only what was measured.

    Higher is better but for `other words masked ...`.
    """
    found: dict[str, tuple[int, int]] = {}
    for row in result.kinds:
        if row.group in WRITTEN:
            name = "identifiers, spoken" if row.mode == SPOKEN else f"identifiers, {row.mode}"
        elif row.group in ("name", "address", "dob"):
            name = f"{row.group}, {row.mode}"
        else:
            continue
        masked, count = found.get(name, (0, 0))
        found[name] = (masked + row.masked, count + row.places)
    figures = {name: masked / count for name, (masked, count) in found.items() if count}
    for mode in (TRUE, LOWER):
        groups = [row.recall for row in result.origins if row.mode == mode]
        if groups:
            figures[f"worst origin, {mode}"] = min(groups)
        figures[f"{MASKED_BESIDE}, {mode}"] = result.wrongly[mode]
    figures |= {f"places kept, {mode}": share for mode, share in result.kept.items()}
    return {name: round(figure, 4) for name, figure in figures.items()}


MASKED_BESIDE = "other words masked"
"""How the names of figures begin of which less is better."""

BAR = Bar(less_is_better=(MASKED_BESIDE,))


def _characters(spans: Iterable[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


def _telling(text: str, place: Span) -> Iterator[int]:
    return (at for at in range(place.start, place.end) if text[at].isalnum())


def _scores(tally: Mapping[tuple[str, str], Sequence[bool]]) -> Iterator[Score]:
    for mode in MODES:
        for group in sorted(group for m, group in tally if m == mode):
            hits = tally[mode, group]
            yield Score(mode, group, len(hits), sum(hits))


def _with_all(tally: Mapping[tuple[str, str], Sequence[bool]]) -> Iterator[Score]:
    rows = list(_scores(tally))
    for mode in MODES:
        of_mode = [row for row in rows if row.mode == mode]
        yield from of_mode
        if of_mode or mode != SPOKEN:
            count, masked = (sum(getattr(r, n) for r in of_mode) for n in ("places", "masked"))
            yield Score(mode, "all", count, masked)

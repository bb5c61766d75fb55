"""How well personal details are masked: recall by kind, and how much else is masked."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storybank.errors import BadInput
from storybank.understand.engines import Redactor
from storybank.values import Span

MODES = ("as written", "small letters")


@dataclass(frozen=True, slots=True)
class GoldText:
    """One text and its personal details, each with a type; every whole-word place counts."""

    id: str
    text: str
    pii: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Miss:
    """One place of a detail that was not wholly masked."""

    id: str
    mode: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class KindScore:
    """Places of one type in one mode, and how many of them were masked to the last character."""

    mode: str
    kind: str
    places: int
    masked: int

    @property
    def recall(self) -> float:
        """Part of the places that was masked; 1.0 where there are none."""
        return self.masked / self.places if self.places else 1.0


@dataclass(frozen=True, slots=True)
class RedactionScore:
    """What a gold set gave; `wrongly` is the masked part of all characters that are no detail.

    `seconds_per_thousand_words` is the time of masking alone, the pipeline loaded.
    """

    kinds: tuple[KindScore, ...]
    wrongly: Mapping[str, float]
    seconds_per_thousand_words: float
    misses: tuple[Miss, ...]


def read_gold(path: Path) -> tuple[GoldText, ...]:
    """Read the JSONL gold file; raises BadInput naming the line and the mend."""
    if not path.is_file():
        raise BadInput(message=f"There is no file {path}. Check the name.")
    texts = []
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            pii = tuple((str(p["text"]), str(p["type"])) for p in row["pii"])
            texts.append(GoldText(str(row["id"]), str(row["text"]), pii))
        except (ValueError, KeyError, TypeError):
            raise BadInput(
                message=f'Line {number} of the gold file needs "id", "text" and "pii". Mend it.'
            ) from None
    if not texts:
        raise BadInput(message=f"The file {path} is empty. Add one text a line.")
    return tuple(texts)


def score(
    texts: Sequence[GoldText], redactor: Redactor, on_text: Callable[[], None]
) -> RedactionScore:
    """Mask each text as written and in small letters; `on_text` is called after each text.

    A place counts as masked where every one of its letters and digits is under a mask.
    """
    redactor.find("A first text, so that nothing is loaded while the clock runs.")
    tally: dict[tuple[str, str], list[bool]] = {}
    misses: list[Miss] = []
    covered, other = dict.fromkeys(MODES, 0), dict.fromkeys(MODES, 0)
    worked, words = 0.0, 0
    for gold in texts:
        for mode in MODES:
            told = gold.text if mode == MODES[0] else lowered(gold.text)
            started = time.perf_counter()
            masked = _characters(mask.span for mask in redactor.find(told))
            worked, words = worked + time.perf_counter() - started, words + len(told.split())
            wanted: set[int] = set()
            for kind, place in places(gold.text, gold.pii):
                wanted |= set(range(place.start, place.end))
                whole = all(at in masked for at in _telling(told, place))
                tally.setdefault((mode, kind), []).append(whole)
                if not whole:
                    misses.append(Miss(gold.id, mode, kind, place.start, place.end))
            covered[mode] += len(masked - wanted)
            other[mode] += len(told) - len(wanted)
        on_text()
    return RedactionScore(
        kinds=_kinds(tally),
        wrongly={mode: covered[mode] / max(1, other[mode]) for mode in MODES},
        seconds_per_thousand_words=1000 * worked / max(1, words),
        misses=tuple(misses),
    )


def places(text: str, pii: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Span]]:
    """Give each whole-word place of each detail with its type, once where details repeat."""
    seen = set()
    for words, kind in pii:
        for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text):
            span = Span(*match.span())
            if (kind, span) not in seen:
                seen.add((kind, span))
                yield kind, span


def lowered(text: str) -> str:
    """Give `text` in small letters, of the same length: letters that would grow stay."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def _characters(spans: Iterator[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


def _telling(text: str, place: Span) -> Iterator[int]:
    return (at for at in range(place.start, place.end) if text[at].isalnum())


def _kinds(tally: Mapping[tuple[str, str], Sequence[bool]]) -> tuple[KindScore, ...]:
    found = []
    for mode in MODES:
        rows = sorted((kind, hits) for (m, kind), hits in tally.items() if m == mode)
        found += [KindScore(mode, kind, len(hits), sum(hits)) for kind, hits in rows]
        every = [hit for _, hits in rows for hit in hits]
        found.append(KindScore(mode, "all", len(every), sum(every)))
    return tuple(found)

"""Presidio over the pipeline that is loaded already, with Storybank's own finders beside it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from storybank.understand.nlp import blocks
from storybank.understand.redact.addresses import addresses, home_streets
from storybank.understand.redact.dates import birth_dates
from storybank.understand.redact.details import Detail, merged
from storybank.understand.redact.finder import SURE, UNSURE, NameFinder
from storybank.understand.redact.ground import parts_of, stands_for_a_person, unplaced
from storybank.understand.redact.heard import heard_details
from storybank.understand.redact.known import KEPT, Gazetteer, KnownPlace
from storybank.understand.redact.lexicon import Lexicon
from storybank.understand.redact.patterns import written_details
from storybank.understand.redact.placeholders import masks, placeholders
from storybank.understand.redact.propagate import everywhere
from storybank.understand.redact.recase import recased
from storybank.understand.redact.spelt import spelt_names
from storybank.understand.redact.spoken import spoken_details
from storybank.understand.redact.tokens import Sight
from storybank.values import Mask, Span

RULES_ID = "masking-9"
_NAMING = frozenset({"NN", "NNS", "NNP", "NNPS", "JJ", "FW"})
_BODIES = ("ORG", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW", "LANGUAGE")


class PresidioRedactor:
    """Finds personal details with Presidio, written forms, and the names a story tells.

    `nlp` is the spaCy pipeline in use elsewhere; nothing more is loaded, and nothing is fetched.
    `places` are names (wards, streets, public bodies) that are never taken for a person's; `known`
    is the council's gazetteer: streets, schools and practices to mask, and more names to keep.
    """

    def __init__(
        self, nlp: Any, places: Sequence[str] = (), known: Iterable[KnownPlace] = ()
    ) -> None:
        known = tuple(known)
        self._nlp = nlp
        named = (*places, *(place.name for place in known if place.kind == KEPT))
        kept = (KnownPlace(part, KEPT) for name in named for part in parts_of(name))
        self._gazetteer = Gazetteer((*known, *kept))
        self._mark = Gazetteer(known).mark

    @property
    def rules_id(self) -> str:
        """Name and version of the rules, stored with every mask; other known places change it."""
        return f"{RULES_ID}+{self._mark}" if self._mark else RULES_ID

    def find(self, text: str, doubtful: Sequence[Span] = ()) -> tuple[Mask, ...]:
        """Give the masks of `text`, in order and without overlap; none for an empty text.

        `doubtful` are the words, in order, that the speech engine was not sure of.
        """
        if not text.strip():
            return ()
        found, sight = self._looked_at(text)
        known, kept = self._gazetteer.find(text)
        found = unplaced([*found, *pattern_details(text)], text, kept) + known
        names = self._names.find(text, sight, kept)
        names = {span: names[span] for span in _apart(tuple(names), merged(found))}
        found += [Detail(span, "person", sure) for span, sure in names.items()]
        spelt = {name.word for name in spelt_names(text)}
        found += [
            Detail(span, "person", min(SURE, max(UNSURE, names.get(span, UNSURE))))
            for span in everywhere(text, tuple(names), self._lexicon, spelt)
            if stands_for_a_person(text, span, kept)
        ]
        found += unplaced(heard_details(text, doubtful), text, kept)
        return masks(text, merged(found, kept=placeholders(text)))

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._nlp)

    @cached_property
    def _names(self) -> NameFinder:
        return NameFinder(self._lexicon)

    @cached_property
    def _analyst(self) -> Any:
        from storybank.understand.redact.presidio import Analyst

        return Analyst(self._nlp)

    def _looked_at(self, text: str) -> tuple[list[Detail], Sight]:
        """Run the pipeline and Presidio block by block; spans count from the start of `text`."""
        found: list[Detail] = []
        places: list[Span] = []
        peoples: list[Span] = []
        bodies: list[Span] = []
        proper: set[int] = set()
        doing: set[int] = set()
        naming: set[int] = set()
        for offset, block in blocks(text):
            doc = self._analyst.parse(block)
            seen = self._analyst.details(block, doc) + self._seen_again(doc)
            found += [Detail(_moved(item.span, offset), item.kind) for item in seen]
            places += [_moved(s, offset) for s in self._analyst.marked(doc, "GPE", "LOC", "FAC")]
            peoples += [_moved(s, offset) for s in self._analyst.marked(doc, "NORP")]
            bodies += [_moved(s, offset) for s in self._analyst.marked(doc, *_BODIES)]
            doing.update(offset + token.idx for token in doc if token.tag_ in ("VBD", "VBZ"))
            naming.update(offset + token.idx for token in doc if token.tag_ in _NAMING)
            proper.update(offset + token.idx for token in doc if token.tag_ in ("NNP", "NNPS"))
        persons = tuple(item.span for item in found if item.kind == "person")
        found = [item for item in found if item.kind != "person"]
        return found, Sight(
            persons,
            tuple(places),
            tuple(peoples),
            frozenset(proper),
            tuple(bodies),
            frozenset(doing),
            frozenset(naming),
        )

    def _seen_again(self, doc: Any) -> list[Detail]:
        """Give the persons seen in a text of small letters once its likely names have capitals."""
        again = recased(doc, self._lexicon)
        if again is None:
            return []
        second = self._analyst.parse(again)
        return [Detail(span, "person") for span in self._analyst.marked(second, "PERSON")]


def pattern_details(text: str) -> list[Detail]:
    """Give what the written forms find without any model; overlaps are not sorted out."""
    finders: Iterable[Iterator[Detail]] = (
        written_details(text),
        spoken_details(text),
        birth_dates(text),
        addresses(text),
        home_streets(text),
        (Detail(name.span, "person") for name in spelt_names(text)),
    )
    return [item for finder in finders for item in finder]


def _apart(names: Sequence[Span], others: Sequence[Detail]) -> list[Span]:
    """Give the names that are no part of another detail; `others` are in order."""
    starts = [item.span.start for item in others]
    free = []
    for name in names:
        near = others[max(0, bisect_right(starts, name.start) - 1) :]
        near = near[:2]
        if not any(item.span.overlaps(name) for item in near):
            free.append(name)
    return free


def _moved(span: Span, offset: int) -> Span:
    return Span(span.start + offset, span.end + offset)

"""A story as it leaves in a file: masked words, where it comes from, consent, and its tags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportedTag:
    """One reading of one passage: what was said of it, in which words, by whom or by what.

    `translated` says that the quote is of a translation: its words are not the teller's.
    """

    framework: str
    code: str
    direction: str
    state: str
    quote: str
    start: int
    end: int
    start_s: float | None
    said_by: str
    score: float | None
    translated: bool = False


@dataclass(frozen=True, slots=True)
class ExportedStory:
    """One story as it may leave: masked words, where it comes from, consent, and its tags.

    `english` is a translation by `english_by`, if there is one: a model, or a person's name.
    `unchecked` says how many sentences a machine may have misheard and nobody has checked; no tag
    stands on them. `withheld` says why `text` is empty: it is in another language, and names in it
    cannot be found.
    """

    id: str
    external_id: str | None
    title: str
    text: str
    language: str | None
    place: str | None
    programme: str
    channel: str
    mode: str
    told_on: str
    happened: str | None
    teller: str | None
    seconds: float
    invented: bool
    consent: dict[str, bool]
    redacted_by: str | None
    tags: tuple[ExportedTag, ...]
    read_by: tuple[str, ...] = ()
    worker_note: str | None = None
    english: str | None = None
    english_by: str | None = None
    unchecked: int = 0
    withheld: bool = False

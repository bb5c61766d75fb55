"""What a teller has answered so far, from the first word to the sending."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from storybank.consent import WORDING
from storybank.values import Use

ABOUT_ME, ABOUT_ANOTHER, ABOUT_CHILD = "about-me", "about-someone-else", "about-a-child"
"""Who a story is about, as `Story.teller` keeps it."""
WORKERS_OWN = "worker"
"""What stands there of what a worker saw or heard, in the worker's words."""
WHOSE = frozenset({ABOUT_ME, ABOUT_ANOTHER, ABOUT_CHILD, WORKERS_OWN})
ADULT, CHILD = "adult", "child"
"""Somebody else's age, as far as it is asked."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a teller has answered so far; None means not asked yet, an empty text passed over.

    `text` is what was written; `recorded` is the length in seconds of the recording that is kept
    beside the answers, `container` its format, and `sound` its name among the recordings of this
    story. Words and recording are kept until it is said which of them is
    sent. `them` is the age of somebody else whom the story is about, `relation` who the teller is
    to them. `wording` names the words in which the uses were asked. `own` says that the phone or
    computer is the teller's own.
    """

    programme: str | None = None
    helper: bool = False
    text: str | None = field(default=None, repr=False)
    recorded: float | None = None
    container: str | None = None
    sound: str = ""
    place: str | None = None
    happened: str | None = None
    teller: str | None = None
    them: str | None = None
    relation: str | None = None
    own_reading: dict[str, str] | None = None
    uses: dict[str, bool] = field(default_factory=dict)
    wording: str = WORDING
    own: bool = False

    @property
    def told(self) -> bool:
        """Whether there is a story yet."""
        return self.text is not None or self.recorded is not None

    @property
    def mark(self) -> str:
        """What a page with these words carries, to know later whether they are still the same."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16] if self.text else ""

    @property
    def whole_mark(self) -> str:
        """What the page to check all answers carries, to know later whether they are the same.

        What nobody has answered is no part of it: a later version may ask more.
        """
        blank = asdict(type(self)())
        said = {name: answer for name, answer in asdict(self).items() if answer != blank[name]}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def sound_mark(self) -> str:
        """What a page that shows the recording carries, to know later whether it is the same."""
        return "" if self.recorded is None else self.sound or "kept"

    @property
    def both(self) -> bool:
        """Whether there are words and a recording, of which only one can be sent."""
        return self.text is not None and self.recorded is not None

    @property
    def complete(self) -> bool:
        """Whether everything has been asked, so that it can be sent."""
        asked = (self.place, self.happened, self.teller, self.own_reading)
        known = all(answer is not None for answer in asked) and not self.whose_is_open
        known = known and self.told and not self.both
        return known and set(self.uses) == {use.value for use in Use}

    @property
    def whose_is_open(self) -> bool:
        """Whether the story is about somebody else of whom nothing has been asked yet."""
        return self.teller == ABOUT_ANOTHER and (self.them is None or self.relation is None)

"""What a worker's phone says about one story: read, checked, and made a story to receive.

The body in clear names the parts that follow (`Announced`); what was told, by whom, with which
consent, is inside the sealed envelope `details` (`Details`). A phone cannot open its own
envelopes, so what it cannot mend is not refused: a day in the future, from a wrong clock, becomes
today.
"""

import base64
import binascii
import hashlib
from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from storybank.capture.care import given_by
from storybank.capture.text import clean
from storybank.errors import BadInput, EmptyStory, OthersStory, YesNotHeard
from storybank.tables import now
from storybank.values import Channel, ConsentGiven, NewStory, Use

DETAILS, CONSENT, STORY = "details", "consent", "story-"
MOST_PARTS = 100
NOTHING_TOLD = (
    "There is no story in this, in their words or their voice. Delete it, and tell it anew."
)

Slug = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Part(_Said):
    """One sealed recording that follows: `story-0`, `story-1` ... or `consent`."""

    name: str = Field(pattern=r"^(story-(0|[1-9][0-9]?)|consent)$")
    bytes: int = Field(gt=0)
    frames: int = Field(gt=0)
    mime: str = Field(max_length=200)
    seconds: float = Field(ge=0, allow_inf_nan=False)


class Announced(_Said):
    """One story as a phone announces it: its id, the sealed details, and the parts to come."""

    client_id: UUID
    details: str = Field(min_length=1)
    parts: tuple[Part, ...] = Field(default=(), max_length=MOST_PARTS)
    ticked: bool = Field(default=False, exclude=True)
    """The worker says that their ticks are what was said, in place of a clip nobody can play.

    It is said later about the same story, so it is no part of what was announced.
    """

    @field_validator("details")
    @classmethod
    def _is_base64(cls, value: str) -> str:
        try:
            base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("not base64") from None
        return value

    @model_validator(mode="after")
    def _numbered(self) -> Self:
        expected = {f"{STORY}{number}" for number in range(len(self.told))}
        if len({part.name for part in self.parts}) != len(self.parts) or expected != {
            part.name for part in self.told
        }:
            raise ValueError("parts are missing or named twice")
        return self

    @property
    def envelope(self) -> bytes:
        """The sealed details."""
        return base64.b64decode(self.details)

    @property
    def told(self) -> tuple[Part, ...]:
        """The parts of the story's recording, in order."""
        found = [part for part in self.parts if part.name != CONSENT]
        return tuple(sorted(found, key=lambda part: int(part.name.removeprefix(STORY))))

    @property
    def awaited(self) -> tuple[Part, ...]:
        """The parts that the story is made of: not the clip where ticks stand for it."""
        return tuple(part for part in self.parts if not (self.ticked and part.name == CONSENT))

    @property
    def clip(self) -> Part | None:
        """The recording of the spoken consent, where there is one and it counts."""
        return next((part for part in self.awaited if part.name == CONSENT), None)

    def written(self) -> bytes:
        """Give it as JSON, always the same for the same contents."""
        return self.model_dump_json().encode()

    @property
    def digest(self) -> str:
        """The sha256 of all that was announced, in hex."""
        return hashlib.sha256(self.written()).hexdigest()


class Agreed(_Said):
    """The teller's consent as the worker put it in; `uses` is None where nobody asked."""

    uses: dict[Use, bool] | None
    how: Literal["spoken", "helper", "paper"]
    given_by: Literal["teller", "parent", "carer"]
    wording: str = Field(min_length=1, max_length=250, pattern=r"^[^\x00-\x20]+$")


class Details(_Said):
    """What the envelope `details` holds."""

    worker: UUID | None = None
    """Who recorded it, where the phone says so: then nobody else can send it as theirs."""
    mode: Literal["spoken", "typed", "scribe"]
    """Which page the worker was on last; what is here says more."""
    programme: Slug
    place: Slug | None = None
    told_on: date
    teller: Literal["about-me", "about-someone-else", "about-a-child", "worker"]
    relation: Literal["parent", "carer", "family", "friend", "worker", "other"] | None = None
    """Who the teller is to the child whom the story is about."""
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$")
    text: str | None = None
    note: str | None = None
    read_back: bool = False
    consent: Agreed


def read_details(
    opened: bytes, announced: Announced, *, max_words: int, client_id: str, sent_by: str
) -> NewStory:
    """Give the story that the opened details state, without its recording; or raise why not.

    `client_id` and `sent_by` are what the story is known as, and the worker's id.
    A recording is the story wherever there is one; words written before it stand beside it. What
    the phone meant to do next, when it died, does not count. Raises BadInput where a use has no
    answer, YesNotHeard where spoken consent has no recording; EmptyStory where nothing was told;
    StoryTooLong as `clean` does; OthersStory where the details name another worker.
    """
    try:
        details = Details.model_validate_json(opened)
    except ValidationError as error:
        fields = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        raise BadInput(
            f"details: {sorted(fields)}",
            message="We cannot read what the phone says about this story. Save it from the phone "
            "as a file, and ask the person who runs Storybank.",
        ) from None
    if details.worker is not None and str(details.worker) != sent_by:
        raise OthersStory(f"item {announced.client_id}")
    _check(details, announced)
    text = _words(details.text, max_words=max_words)
    if text is None and not announced.told:
        raise EmptyStory(f"item {announced.client_id}", message=NOTHING_TOLD)
    return NewStory(
        consent=_consent(details, ticked=announced.ticked),
        channel=Channel.WORKER,
        text=None if announced.told else text,
        written=text if announced.told else None,
        programme=details.programme,
        place=details.place,
        told_on=min(details.told_on, now().date()).isoformat(),
        teller=details.teller,
        language=details.language,
        note=_words(details.note, max_words=max_words),
        read_back=details.read_back,
        client_id=client_id,
        sent_by=sent_by,
    )


def _check(details: Details, announced: Announced) -> None:
    uses = details.consent.uses
    if uses is None or set(uses) != set(Use):
        raise BadInput(message="Put in a yes or a no for each use, then send the story again.")
    if details.consent.how == "spoken" and announced.clip is None and not announced.ticked:
        raise YesNotHeard(f"item {announced.client_id}")


def _consent(details: Details, *, ticked: bool) -> ConsentGiven:
    agreed = details.consent
    how = "helper" if ticked and agreed.how == "spoken" else agreed.how
    uses = {use.value: said for use, said in (agreed.uses or {}).items()}
    giver = given_by(details.teller, details.relation or "", agreed.given_by) or agreed.given_by
    return ConsentGiven(**uses, wording=agreed.wording, how=how, given_by=giver)


def _words(typed: str | None, *, max_words: int) -> str | None:
    try:
        return clean(typed, max_words=max_words) if typed else None
    except EmptyStory:  # blanks are none
        return None

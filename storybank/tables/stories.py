"""What was told: stories, consents, recordings, and the drafts before them."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storybank.tables.columns import OneOf, maybe_moment, moment, story_key
from storybank.values import Channel, Mode, StoryState


class Programme(SQLModel, table=True):
    """What stories are collected for; `prompts` is what tellers are asked, by other languages."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    prompt: str
    about: str = ""
    prompts: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    created_at: datetime = moment()


class Place(SQLModel, table=True):
    """A ward or neighbourhood that a teller can choose."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str = Field(unique=True)
    kind: str = "ward"


class Draft(SQLModel, table=True):
    """A half-told story, sealed; its cookie's digest is its name. Deleted after seven days.

    So are words for a story that could not be saved: see capture/unsaved.py.
    """

    digest: bytes = Field(primary_key=True)
    answers: bytes
    blob: str | None = None
    updated_at: datetime = moment(index=True)


class Story(SQLModel, table=True):
    """One told story: when, where, for what, how it came, and where it stands in the work.

    The five `may_` columns are the latest consent, kept here so that every query can obey it;
    `consent` keeps the history. A withdrawn story keeps its row without content, its key gone.
    `body_digest` is the keyed digest of what an app sent it in, by which a repeat is known.
    """

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    created_at: datetime = moment(index=True)
    told_on: str = Field(index=True, description="ISO date")
    happened: str | None = None
    programme_id: int = Field(foreign_key="programme.id", index=True)
    place_id: int | None = Field(default=None, foreign_key="place.id", index=True)
    channel: Channel = Field(sa_type=OneOf(Channel), index=True)
    mode: Mode = Field(sa_type=OneOf(Mode))
    teller: str | None = None
    language: str | None = None
    sent_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    external_id: str | None = Field(default=None, unique=True)
    client_id: str | None = Field(default=None, unique=True)
    content_digest: bytes
    body_digest: bytes | None = None
    receipt_digest: bytes = Field(unique=True)
    key_id: str
    wrapped_key: bytes | None = None
    state: StoryState = Field(default=StoryState.RECEIVED, sa_type=OneOf(StoryState), index=True)
    progress: float = 0.0
    problem: str | None = None
    title: str = ""
    words: int = 0
    seconds: float = 0.0
    may_learn: bool = False
    may_quote: bool = False
    may_voice: bool = False
    may_publish: bool = False
    may_named: bool = False
    invented: bool = False
    withdrawn_at: datetime | None = maybe_moment()


class Consent(SQLModel, table=True):
    """One answer to the consent questions; never changed, only followed by a newer one.

    `given_by` says who gave it for whom (`teller`, `parent`, `carer`; on
    the public form also `family`, `friend`, `worker`, `other`); `clip` is the blob of a
    spoken consent, sealed under the story's key.
    """

    id: int | None = Field(default=None, primary_key=True)
    story_id: uuid.UUID = story_key()
    learn: bool
    quote: bool
    voice: bool
    publish: bool
    named: bool
    wording: str
    how: str
    given_at: datetime = moment()
    given_by: str | None = None
    clip: str | None = None


class Recording(SQLModel, table=True):
    """A told recording, sealed in the blob store; `playable` and `muted` are derived copies.

    `playable` is what the teller hears, `muted` the same with masked words silenced, for staff.
    `muted_by` are the rules that say how long silence lasts, None for those before they had a name.
    `held`: somebody has masked more since, so `muted` is not to be played until it is made anew.
    """

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    story_id: uuid.UUID = story_key()
    blob: str
    bytes: int
    container: str
    seconds: float = 0.0
    playable: str | None = None
    muted: str | None = None
    muted_by: str | None = None
    held: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    created_at: datetime = moment()

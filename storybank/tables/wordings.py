"""The words in which consent is asked, where a council or a programme writes its own."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storybank.tables.columns import long_text, moment


class ConsentWording(SQLModel, table=True):
    """One version of the five consent questions; its words are never changed, only followed.

    `programme_id` None: the council's own, for all programmes without one. `questions` holds, in
    the order of `Use`, what is asked, the hint below, and a short form. `active` is the version
    that is asked now; where none is, the council's is, or the one that Storybank comes with.
    `translated` holds, by language, the questions and hints by use, and the sentence `spoken`.
    """

    __tablename__: ClassVar[str] = "consent_wording"

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int | None = Field(default=None, foreign_key="programme.id", index=True)
    version: str = Field(unique=True)
    questions: list[dict[str, str]] = Field(sa_type=sa.JSON)
    spoken: str = long_text()
    translated: dict[str, dict[str, Any]] = Field(default_factory=dict, sa_type=sa.JSON)
    active: bool = True
    created_by: uuid.UUID = Field(foreign_key="person.id")
    created_at: datetime = moment()

"""What a teller typed on the pages of their own story that could not be saved, to be shown again.

It is kept here, and not given back as the answer to the form: browsers keep on their disk what a
page was the answer to. It is sealed under the story's own key, so that it goes with the story.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import Session

from storybank.keys import Keyring
from storybank.sealed import seal, unseal
from storybank.sentences import Sentence, sentence
from storybank.tables import Draft, Story, now
from storybank.vault import story_key

SHOWN_FOR = timedelta(minutes=30)
"""As long as a story stays open in a browser that asks for nothing more."""
FORMS = ("own_words", "own_more")
"""The forms whose words are kept, by the names of their routes."""


@dataclass(frozen=True, slots=True)
class Unsaved:
    """The fields of a form as they were sent, and the sentence that says what is wrong, if any."""

    fields: Mapping[str, tuple[str, ...]] = field(repr=False)
    problem: str | None = None


def keep_unsaved(
    session: Session, keyring: Keyring, story: Story, form: str, typed: Unsaved
) -> None:
    """Keep what was typed into one of `FORMS`, over what was kept of it before."""
    digest = _digest(keyring, story.id, form)
    row = session.get(Draft, digest) or Draft(digest=digest, answers=b"")
    content = json.dumps([dict(typed.fields), _taken_apart(typed.problem)])
    row.answers = seal(story_key(keyring, story), content.encode(), _context(story.id, form))
    row.updated_at = now()
    session.add(row)
    session.flush()


def open_unsaved(session: Session, keyring: Keyring, story: Story, form: str) -> Unsaved | None:
    """Give what was typed into a form last; None where it was saved since, or is too old."""
    row = session.get(Draft, _digest(keyring, story.id, form))
    if row is None or row.updated_at < now() - SHOWN_FOR:
        return None
    content = unseal(story_key(keyring, story), row.answers, _context(story.id, form))
    fields, problem = json.loads(content)
    return Unsaved({name: tuple(values) for name, values in fields.items()}, _put_together(problem))


def drop_unsaved(session: Session, keyring: Keyring, story_id: uuid.UUID, *forms: str) -> None:
    """Delete what was kept of these forms."""
    for form in forms:
        if (row := session.get(Draft, _digest(keyring, story_id, form))) is not None:
            session.delete(row)


def _taken_apart(problem: str | None) -> list[object] | None:
    """Give a sentence so that it can be said in another language later, too."""
    if isinstance(problem, Sentence):
        return [problem.pattern, {name: str(value) for name, value in problem.values.items()}]
    return None if problem is None else [problem, None]


def _put_together(parts: tuple[str, dict[str, object] | None] | None) -> str | None:
    if parts is None:
        return None
    said, values = parts
    return said if values is None else sentence(said, **values)


def _digest(keyring: Keyring, story_id: uuid.UUID, form: str) -> bytes:
    return keyring.digest(_context(story_id, form))


def _context(story_id: uuid.UUID, form: str) -> str:
    return f"unsaved/{story_id}/{form}"

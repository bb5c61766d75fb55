"""A programme's glossary: names that its tellers may say, for the speech engine to expect."""

import re
import unicodedata

from sqlmodel import Session, col, select

from storybank import audit
from storybank.access import Actor
from storybank.errors import BadInput, NotFound
from storybank.tables import LocalWord
from storybank.values import Role

KINDS = {"place": "Place", "group": "Group", "role": "Somebody's role"}
LONGEST, MOST = 60, 200
"""Letters of one word, and words of one programme. The engine takes about forty, the first ones
first; more would push out what was said before, which helps it more."""
_UNSAID = frozenset("<>|")
"""Nobody says these, and between them stand the engine's own signs, as where speech ends."""
_JOINERS = frozenset("\u200c\u200d")
"""Signs that cannot be seen, and that some languages are written with."""


def local_words(session: Session, programme_id: int) -> tuple[str, ...]:
    """Give the words of one programme in the order in which they were added."""
    return tuple(row.word for row in rows_of(session, programme_id))


def rows_of(session: Session, programme_id: int) -> list[LocalWord]:
    """Give the rows of one programme's words, the oldest first."""
    query = select(LocalWord).where(LocalWord.programme_id == programme_id)
    return list(session.exec(query.order_by(col(LocalWord.id))).all())


def add_words(
    session: Session, actor: Actor, programme_id: int, kind: str, typed: str
) -> tuple[str, ...]:
    """Add the words of `typed`, one a line; gives those that are new.

    Raises NotAllowed, or BadInput with what is wrong: nothing typed, too long, too many, or an
    unknown kind.
    """
    actor.require(Role.ADMIN)
    if kind not in KINDS:
        raise BadInput(message="Say what kind of words these are.")
    words = [_said(line) for line in re.split(r"[\r\n,;]+", typed)]
    words = [word for word in words if any(c.isalnum() for c in word)]
    if not words:
        raise BadInput(message="Write at least one name.")
    if any(len(word) > LONGEST for word in words):
        raise BadInput(message=f"A name has at most {LONGEST} letters. Write each on its own line.")
    known = {word.casefold() for word in local_words(session, programme_id)}
    once: dict[str, str] = {}
    for word in words:
        once.setdefault(word.casefold(), word)
    fresh = [word for key, word in once.items() if key not in known]
    if len(known) + len(fresh) > MOST:
        raise BadInput(message=f"A programme keeps at most {MOST} names. Remove some first.")
    for word in fresh:
        session.add(
            LocalWord(programme_id=programme_id, kind=kind, word=word, created_by=actor.person)
        )
    audit.note(session, actor.person_id, "add-local-words", programme_id, f"{len(fresh)} words")
    session.flush()
    return tuple(fresh)


def remove_word(session: Session, actor: Actor, programme_id: int, word_id: int) -> tuple[str, str]:
    """Remove one word; gives it with its kind.

    Raises NotAllowed, or NotFound where the programme has none such.
    """
    actor.require(Role.ADMIN)
    row = session.get(LocalWord, word_id)
    if row is None or row.programme_id != programme_id:
        raise NotFound(f"local word {word_id}")
    session.delete(row)
    session.flush()
    audit.note(session, actor.person_id, "remove-local-word", programme_id)
    return row.word, row.kind


def _said(line: str) -> str:
    """Give what can be said of a line, one space between words: no control or hidden signs."""
    hidden = (unicodedata.category(c) in {"Cc", "Cf"} and c not in _JOINERS for c in line)
    kept = (
        c if not unseen or c.isspace() else ""
        for c, unseen in zip(line, hidden, strict=True)
        if c not in _UNSAID
    )
    return " ".join("".join(kept).split())

"""The words in which a programme asks for consent: which are asked now, and all that ever were.

A version is never changed: writing makes a new one. A consent names the version that was shown.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storybank import audit
from storybank.consent import SHIPPED, Question, Translated, Wording, versions_in
from storybank.errors import UnknownWording
from storybank.tables import Consent, ConsentWording, Programme
from storybank.values import Use

_WRITING = 7237613
"""The lock's number; `beginnings.begin` uses the one before."""


def wording_for(session: Session, programme_id: int | None) -> Wording:
    """Give the words in which consent is asked now for a programme.

    A programme's own come first, then the council's (asked for by None), then those that
    Storybank comes with.
    """
    rows = session.exec(_of(programme_id).where(col(ConsentWording.active).is_(True))).all()
    return next((_wording(row) for row in sorted(rows, key=_councils_last)), SHIPPED)


def wordings_now(session: Session) -> dict[int | None, Wording]:
    """Give the words asked now for every programme by its id, and under None the council's."""
    query = select(ConsentWording).where(col(ConsentWording.active).is_(True))
    own = {row.programme_id: _wording(row) for row in session.exec(query)}
    councils = own.get(None, SHIPPED)
    ids = session.exec(select(Programme.id)).all()
    return {None: councils} | {number: own.get(number, councils) for number in ids}


def wording_named(session: Session, name: str, programme_id: int | None) -> Wording | None:
    """Give the words that a consent names, or None where this programme never asked in them.

    The language and the layout that the name ends in are passed over.
    """
    versions = versions_in(name)
    if SHIPPED.version in versions:
        return SHIPPED
    query = _of(programme_id).where(col(ConsentWording.version).in_(versions))
    row = session.exec(query).first()
    return _wording(row) if row is not None else None


def check_wording(session: Session, name: str, programme_id: int) -> None:
    """Raise UnknownWording where a programme never asked in the words that a consent names."""
    if wording_named(session, name, programme_id) is None:
        raise UnknownWording(f"programme {programme_id}")


def given_in(session: Session, story_id: uuid.UUID, programme_id: int) -> Wording:
    """Give the words of a story's latest consent; those asked now where it names none of ours."""
    query = select(Consent.wording).where(Consent.story_id == story_id)
    name = session.exec(query.order_by(col(Consent.id).desc()).limit(1)).first()
    found = wording_named(session, name, programme_id) if name is not None else None
    return found or wording_for(session, programme_id)


def written(session: Session, programme_id: int | None) -> Sequence[ConsentWording]:
    """Give every version that was written for a programme (None: for the council), newest first."""
    own = col(ConsentWording.programme_id) == programme_id
    query = select(ConsentWording).where(own).order_by(col(ConsentWording.id).desc())
    return session.exec(query).all()


def answers_in(session: Session, version: str) -> int:
    """Count the consents that were given in a version, in any language and layout."""
    named = or_(Consent.wording == version, col(Consent.wording).startswith(f"{version}/"))
    return session.exec(select(func.count()).select_from(Consent).where(named)).one()


def write(
    session: Session, programme: Programme | None, questions: Sequence[Question], spoken: str,
    translated: Sequence[Translated] = (), *, by: uuid.UUID,
) -> Wording:  # fmt: skip
    """Keep a new version for a programme (None: for the council) and ask in it from now on.

    `questions` are the five, in the order of `Use`; a version holds all its languages.
    """
    _lock(session)
    programme_id = programme.id if programme else None
    number = len(written(session, programme_id)) + 1
    # No short name of a programme has a dot in it, so that the two never meet.
    version = f"{programme.slug}/{number}" if programme else f"council.{number}"
    use(session, programme_id, None, by=by)
    asked = [{"use": q.use.value, "ask": q.ask, "hint": q.hint, "short": q.short}
             for q in questions]  # fmt: skip
    row = ConsentWording(
        programme_id=programme_id, version=version, questions=asked, spoken=spoken, created_by=by,
        translated={other.language: _stored(other) for other in translated},
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.note(session, by, "write-consent-wording", row.id, version)
    return _wording(row)


def use(session: Session, programme_id: int | None, version: str | None, *, by: uuid.UUID) -> None:
    """Ask in an earlier version from now on; None goes back to the words that stand behind.

    Those are the council's for a programme, and the ones Storybank comes with for the council.
    Raises UnknownWording where no such version was written for it.
    """
    _lock(session)
    rows = written(session, programme_id)
    if version is not None and version not in {row.version for row in rows}:
        raise UnknownWording(f"programme {programme_id}")
    for row in rows:
        if row.active != (row.version == version):
            row.active = row.version == version
            audit.note(session, by, "use-consent-wording", row.id, "on" if row.active else "off")
            session.add(row)
    session.flush()


def _of(programme_id: int | None) -> SelectOfScalar[ConsentWording]:
    mine = col(ConsentWording.programme_id)
    return select(ConsentWording).where(or_(mine == programme_id, mine.is_(None)))


def _councils_last(row: ConsentWording) -> bool:
    return row.programme_id is None


def _wording(row: ConsentWording) -> Wording:
    questions = tuple(
        Question(Use(said["use"]), said["ask"], said["hint"], said["short"])
        for said in row.questions
    )
    return Wording(row.version, questions, row.spoken, _translated(row))


def _stored(other: Translated) -> dict[str, Any]:
    texts = zip(Use, other.questions, strict=True)
    asked = {use.value: {"ask": ask, "hint": hint} for use, (ask, hint) in texts}
    return {"questions": asked, "spoken": other.spoken}


def _translated(row: ConsentWording) -> tuple[Translated, ...]:
    found = []
    for language, texts in sorted(row.translated.items()):
        asked = [texts["questions"][said["use"]] for said in row.questions]
        pairs = tuple((question["ask"], question["hint"]) for question in asked)
        found.append(Translated(language, pairs, texts["spoken"]))
    return tuple(found)


def _lock(session: Session) -> None:
    """Let nobody else write or choose a version until the session ends."""
    session.connection().execute(select(func.pg_advisory_xact_lock(_WRITING)))

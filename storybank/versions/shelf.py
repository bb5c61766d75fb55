"""Where versions of frameworks are kept: load one, find the current one, write a draft, publish."""

import re
from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from storybank import audit, jobs
from storybank.access import Actor
from storybank.errors import BadVersion, Conflict
from storybank.framework import Code, Framework, load_framework, models_folder
from storybank.tables import AuditEntry, FrameworkDraft, FrameworkVersion, Person
from storybank.values import Role
from storybank.versions.draft import Draft, next_version, problems_of
from storybank.versions.fates import Fates, as_rows, fates_between, followed

DISCARDED, PUBLISHED = "discard-framework", "publish-framework"
"""The two ways in which a draft ends, as the audit names them."""

_NAME = re.compile(r"([a-z0-9-]+)@(\d{1,6})")


def current_name(session: Session, first: str) -> str:
    """Give the version that new stories are read by: the newest made in the pages, else `first`.

    `first` is that of the settings, e.g. `thriving-communities@1`.
    """
    return (_published(session, first.partition("@")[0]) or [first])[0]


def named(session: Session, name: str) -> Framework:
    """Give one version by its name; raises BadFramework where there is none."""
    row = session.get(FrameworkVersion, name)
    return load_framework(name) if row is None else Framework.model_validate(row.content)


def names_of(session: Session, framework_id: str) -> list[str]:
    """Give every version of one framework, the newest first: those made here, and those shipped."""
    own = _published(session, framework_id)
    files = (models_folder() / "frameworks" / framework_id).glob("*.toml")
    shipped = sorted((int(f.stem) for f in files), reverse=True)
    return own + [name for n in shipped if (name := f"{framework_id}@{n}") not in own]


def all_names(session: Session) -> list[str]:
    """Give every version of every framework, the newest of each first."""
    folders = sorted((models_folder() / "frameworks").iterdir(), reverse=True)
    return [name for folder in folders for name in names_of(session, folder.name)]


def version_of(name: str) -> tuple[str, int]:
    """Give the framework's id and the number of a version's name: `("good-life", 1)`."""
    found = _NAME.fullmatch(name)
    return (found[1], int(found[2])) if found else (name, 0)


def what_became(session: Session, old: str, new: str) -> Fates:
    """Give what became of each code of version `old` in the later version `new`.

    Raises BadVersion where no way leads from the one to the other.
    """
    steps: list[Fates] = []
    at = new
    while at != old:
        row = session.get(FrameworkVersion, at)
        if row is None:
            raise BadVersion(f"{old} to {new}", message=f"{new} was not made from {old}.")
        after = Framework.model_validate(row.content)
        steps.insert(0, fates_between(named(session, row.based_on), after.codes, row.fates))
        at = row.based_on
    return followed(steps)


def draft_row(session: Session, framework_id: str, *, lock: bool = False) -> FrameworkDraft | None:
    """Give the row of the version being written, or None."""
    return session.get(FrameworkDraft, framework_id, with_for_update=lock)


def opened(session: Session, row: FrameworkDraft) -> Draft:
    """Give a draft as a value."""
    base = named(session, row.based_on)
    codes = tuple(Code.model_validate(code) for code in row.codes)
    used = {
        code.id for name in names_of(session, row.framework) for code in named(session, name).codes
    }
    fates = fates_between(base, (*codes, *base.codes), row.fates)
    decided = {code: fates[code] for code in row.fates}
    return Draft(base, codes, decided, frozenset(used))


def begin(session: Session, actor: Actor, first: str) -> FrameworkDraft:
    """Begin a draft from the current version; where one is begun already, that is it."""
    may_change(actor)
    found = draft_row(session, first.partition("@")[0], lock=True)
    if found is not None:
        return found
    name = current_name(session, first)  # asked last: the draft before may just be published
    base = named(session, name)
    row = FrameworkDraft(
        framework=base.id,
        based_on=name,
        codes=[code.model_dump(mode="json") for code in base.codes],
        fates={},
        begun_by=actor.person,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody else begins one at this moment
        return begin(session, actor, first)
    audit.note(session, actor.person_id, "begin-framework", name)
    return row


def keep(session: Session, actor: Actor, row: FrameworkDraft, draft: Draft) -> None:
    """Keep a draft as it is now."""
    may_change(actor)
    row.codes = [code.model_dump(mode="json") for code in draft.codes]
    row.fates = as_rows(draft.fates)
    row.revision += 1
    session.add(row)


def discard(session: Session, actor: Actor, row: FrameworkDraft) -> None:
    """Throw a draft away; versions that were published stay as they are."""
    may_change(actor)
    audit.note(session, actor.person_id, DISCARDED, row.based_on)
    session.delete(row)


def mark_of_row(row: FrameworkDraft) -> str:
    """Give a mark of a draft as it stands; any change makes it another, and so does a new draft."""
    return f"{row.begun_at.isoformat()} {row.revision}"


def publish(session: Session, actor: Actor, seen: str, why: str, first: str) -> Framework:
    """Make the draft the current version, and let every stored story be read by it.

    `seen` is the mark of what was looked over. Raises Conflict where the draft or the current
    version has changed since, BadVersion where something is still wrong with it.
    """
    may_change(actor)
    row = draft_row(session, first.partition("@")[0], lock=True)
    name = current_name(session, first)
    if row is None or mark_of_row(row) != seen or row.based_on != name:
        raise Conflict(message="The draft has changed since. Look it over again.")
    draft = opened(session, row)
    wrong = problems_of(draft)
    if wrong:
        raise BadVersion(message=next(iter(wrong.values())))
    made = next_version(draft, _next_number(session, row.framework))
    session.add(
        FrameworkVersion(
            name=made.name,
            framework=made.id,
            version=made.version,
            based_on=row.based_on,
            content=made.model_dump(mode="json"),
            fates=row.fates,
            why=why,
            published_by=actor.person,
        )
    )
    session.delete(row)
    session.flush()
    audit.note(session, actor.person_id, PUBLISHED, made.name)
    jobs.enqueue_rereading(session)
    return made


def how_it_ended(session: Session, framework_id: str) -> str | None:
    """Say what became of the last draft, to whom it is gone; None where there was none."""
    query = (
        select(AuditEntry, Person.name)
        .join(Person, col(Person.id) == col(AuditEntry.person_id))
        .where(
            col(AuditEntry.act).in_((DISCARDED, PUBLISHED)),
            col(AuditEntry.object_id).startswith(f"{framework_id}@", autoescape=True),
        )
    )
    last = session.exec(query.order_by(col(AuditEntry.id).desc()).limit(1)).first()
    if last is None:
        return None
    entry, name = last
    if entry.act == DISCARDED:
        how = "thrown the draft away"
    else:
        how = f"published the draft as version {version_of(entry.object_id)[1]}"
    return f"{name} has {how}, so what you sent was not kept. Begin a new draft to go on."


def history(session: Session, framework_id: str) -> Sequence[FrameworkVersion]:
    """Give the versions of one framework that were made here, the newest first."""
    query = select(FrameworkVersion).where(FrameworkVersion.framework == framework_id)
    return session.exec(query.order_by(col(FrameworkVersion.version).desc())).all()


def may_change(actor: Actor) -> None:
    """Raise NotAllowed unless this person is an evaluator who may write versions."""
    actor.require(Role.EVALUATOR)
    actor.require_frameworks()


def _next_number(session: Session, framework_id: str) -> int:
    return max(version_of(name)[1] for name in names_of(session, framework_id)) + 1


def _published(session: Session, framework_id: str) -> list[str]:
    query = select(FrameworkVersion.name).where(FrameworkVersion.framework == framework_id)
    return list(session.exec(query.order_by(col(FrameworkVersion.version).desc())))

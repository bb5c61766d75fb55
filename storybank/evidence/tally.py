"""Both directions of a code, always together, beside how many stories were read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import distinct, func
from sqlmodel import Session, col, select

from storybank.access import Actor
from storybank.search.narrow import may_be_found
from storybank.tables import Story, Tag
from storybank.values import Direction, Filters, StoryState
from storybank.versions.progress import was_read_by


@dataclass(frozen=True, slots=True)
class Tally:
    """How many stories were read for a code, and how many show it lived or missing.

    One story may show both, so the two need not add up to those that show it at all. `framework`
    is the version by which they were read; None: any.
    """

    code: str
    read: int
    lived: int
    missing: int
    framework: str | None = None


def both_directions(
    session: Session, actor: Actor, filters: Filters, codes: Sequence[str]
) -> tuple[Tally, ...]:
    """Count `codes` over the stories of the same place, programme, channel and dates.

    Words looked for, other codes and the direction asked for do not narrow it: what speaks
    against a code must not vanish from its count because of how somebody searched. Under a version
    of the framework only stories count that were read by it. Without codes nothing is counted.
    """
    if not codes:
        return ()
    wide = may_be_found(actor, replace(filters, codes=(), directions=()))
    wide = wide & (col(Story.state) == StoryState.READY)
    carried = wide & col(Tag.code).in_(codes)
    if filters.framework:
        wide = wide & was_read_by(filters.framework)
        carried = carried & (col(Tag.framework) == filters.framework)
    read = session.scalar(select(func.count()).select_from(Story).where(wide)) or 0
    rows = session.exec(
        select(Tag.code, Tag.direction, func.count(distinct(col(Tag.story_id))))
        .join(Story, col(Story.id) == col(Tag.story_id))
        .where(carried)
        .group_by(col(Tag.code), col(Tag.direction))
    ).all()
    counts = {(code, direction): count for code, direction, count in rows}
    return tuple(
        Tally(
            code,
            read,
            counts.get((code, Direction.LIVED), 0),
            counts.get((code, Direction.MISSING), 0),
            filters.framework,
        )
        for code in codes
    )

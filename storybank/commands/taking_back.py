"""Take stories back again: after an older backup was brought back, that knew them still."""

import uuid
from typing import Annotated

import typer

from storybank.commands.terminal import errors, plainly
from storybank.errors import BadInput

Ids = Annotated[
    list[str],
    typer.Argument(metavar="ID...", help='Ids from the log lines "story erased" since the backup.'),
]


@plainly
def take_back(ids: Ids) -> None:
    """Take back again what tellers had taken back since the backup that was restored.

    Nobody else takes a story back than who has its code: this only repeats what they did.
    """
    from storybank.capture.withdrawal import withdraw
    from storybank.commands.opening import open_house, read_settings
    from storybank.db import transaction
    from storybank.tables import Story

    wanted = [_id(typed) for typed in ids]
    count = 0
    with open_house(read_settings()) as house, transaction(house.engine) as session:
        for story_id in wanted:
            story = session.get(Story, story_id)
            if story is not None and story.withdrawn_at is None:
                withdraw(session, story_id, "again, after a restore")
                count += 1
    errors().print(f"{count} of {len(wanted)} stories taken back; the others were not there.")
    errors().print("The worker deletes what is left of them (`storybank serve` or `work`).")


def _id(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        raise BadInput(message=f'"{typed}" is no id of a story. Copy it from the log.') from None

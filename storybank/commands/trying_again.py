"""`storybank try-again`: what was given up is tried once more, in all stories at once."""

from typing import Annotated

import typer

from storybank.commands.terminal import errors, plainly

DryRun = Annotated[bool, typer.Option("--dry-run", help="Count, and change nothing.")]


@plainly
def try_again(dry_run: DryRun = False) -> None:
    """Try again all that was given up: stories not read, voices not told apart, no English.

    Use it once a model is mended. What lies in a recording itself is not tried again.
    """
    from storybank import db
    from storybank.capture import again
    from storybank.commands.opening import open_house, read_settings

    with open_house(read_settings()) as house:
        with db.reading(house.engine) as session:
            wanted = again.to_try_again(session)
        count = len(wanted) if dry_run else again.try_again(house.engine, wanted)
    told = "to try again" if dry_run else "for the worker to try again"
    errors().print(f"{count} {'story' if count == 1 else 'stories'} {told}.")

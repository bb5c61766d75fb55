"""Invite members of staff from the command line, for the first one above all."""

from typing import Annotated

import typer

from storybank.commands.terminal import errors, plainly
from storybank.errors import BadInput
from storybank.values import Role

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Address to sign in with.")]
Name = Annotated[str, typer.Option("--name", help="The person's name, as colleagues see it.")]
As = Annotated[
    str, typer.Option("--role", help=f"One of: {', '.join(role.value for role in Role)}.")
]


@plainly
def invite(email: Email, name: Name, role: As = Role.EVALUATOR.value) -> None:
    """Print a one-time link with which somebody chooses a password; good for seven days.

    For a person who has an account it is the way to a new password.
    """
    from storybank import accounts
    from storybank.commands.opening import open_house, read_settings
    from storybank.db import transaction

    if role not in {known.value for known in Role}:
        raise BadInput(
            message=f'There is no role "{role}". Use one of: {", ".join(r.value for r in Role)}.'
        )
    settings = read_settings()
    newcomer = accounts.Newcomer(email, name, Role(role))
    with open_house(settings) as house, transaction(house.engine) as session:
        code = accounts.invite(session, newcomer, by=None)
    errors().print("Pass this link on. It works once, for seven days.", highlight=False)
    typer.echo(f"{settings.public_url.rstrip('/')}/invitation/{code}")

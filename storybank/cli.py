"""The command line: gathers the commands of `storybank.commands` under one name.

Command modules import what they need when they run, so that `storybank --help` stays quick.
"""

import typer

app = typer.Typer(
    help="Stories told by people, read with care, and found again as evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

"""Run the command line with `python -m storybank`."""

from storybank.cli import app

app()

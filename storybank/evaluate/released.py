"""Hold a measurement against the figures of the last release: what has become worse."""

import json
from collections.abc import Mapping
from pathlib import Path

from storybank.errors import BadInput

SLACK = 0.01
"""How much lower a figure may be: other processors round otherwise, which can turn one tag."""


def read_released(path: Path, name: str) -> dict[str, float]:
    """Give the figures of one gold set from a file of released figures.

    The file is JSON: {"gold set": {"figure": number}}. Raises BadInput where it is not, or does
    not name this gold set.
    """
    try:
        figures = json.loads(path.read_text("utf-8"))[name]
        return {figure: float(value) for figure, value in figures.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            path.name,
            message=f"{path.name} holds no released figures for {name}. "
            "Name a file with the figures of the last release, or leave --against out.",
        ) from None


def drops(figures: Mapping[str, float], released: Mapping[str, float]) -> tuple[str, ...]:
    """Name each released figure that is lower now by more than SLACK, or missing, in a sentence."""
    found = []
    for name, before in released.items():
        now = figures.get(name)
        if now is None:
            found.append(f"{name} was {before:.3f} in the last release, and was not measured now.")
        elif now < before - SLACK:
            found.append(f"{name} was {before:.3f} in the last release, and is {now:.3f} now.")
    return tuple(found)

"""Plain words for what the tables keep in short: roles, states, channels, scores, problems."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from storybank import errors
from storybank.framework import Framework
from storybank.tables import Story
from storybank.understand.languages import name_of
from storybank.values import Channel, Direction, Mark, Role, Span, StoryState
from web.missing import say_missing

ROLES = {
    Role.WORKER: "outreach worker",
    Role.EVALUATOR: "evaluator",
    Role.GOVERNANCE: "information-governance officer",
    Role.ADMIN: "administrator",
}
ROLE_MEANS = {
    Role.WORKER: "Sends stories on somebody's behalf. Reads only those, if the teller agreed.",
    Role.EVALUATOR: "Searches and reads stories, and decides about codes.",
    Role.GOVERNANCE: "Searches and reads stories, sees what each teller agreed to, and checks what "
    "is hidden in stories, with the names in view.",
    Role.ADMIN: "Invites people, and keeps the lists of programmes and places. Opens stories, "
    "with the names in view, only to check what is hidden in them.",
}
ROLE_HOMES = {
    Role.WORKER: ("/worker", "Go to what you sent"),
    Role.EVALUATOR: ("/search", "Go to the search"),
    Role.GOVERNANCE: ("/search", "Go to the search"),
    Role.ADMIN: ("/admin", "Go to the list of people"),
}
CHANNELS = {
    Channel.WEB: "Told online",
    Channel.WORKER: "Sent by an outreach worker",
    Channel.IMPORT: "Imported",
    Channel.PAPER: "From paper",
    Channel.ODK: "Sent by a phone with a survey app",
}
STATES = {
    StoryState.RECEIVED: "Waiting its turn",
    StoryState.LISTENING: "Being written down",
    StoryState.READING: "Being read",
    StoryState.READY: "Ready",
    StoryState.NEEDS_HELP: "Needs help",
    StoryState.WITHDRAWN: "Taken back",
}
DIRECTIONS = {Direction.LIVED: "lived", Direction.MISSING: "missing"}
MARKS = {
    Mark.LOW_CONFIDENCE: "The machine was not sure of these words.",
    Mark.NO_SPEECH: "Perhaps nobody says this: the machine heard no voice here.",
    Mark.REPETITION: "The machine may have gone round in circles.",
    Mark.GAP: "Somebody speaks, and nothing was written down.",
    Mark.LANGUAGE_DOUBT: "Perhaps this is in another language.",
    Mark.CUT_OFF: "The recording may begin or end in the middle of this.",
}
KINDS = {
    "principle": "Principles",
    "aim": "Aims",
    "outcome": "Outcomes",
    "capability": "Capabilities",
}
TELLERS = {
    "about-me": "About the teller",
    "about-someone-else": "About somebody the teller knows",
    "about-a-child": "About a child or young person the teller knows",
    "worker": "What the worker saw or heard, in the worker's words",
}
HOW_GIVEN = {
    "form": "on the online form",
    "helper": "said aloud to an outreach worker",
    "spoken": "said in the recording",
    "import": "stated in an imported file",
    "paper": "ticked on a paper form",
    "receipt": "changed with the receipt code",
}

_SCORES = ((0.85, "very likely"), (0.65, "likely"), (0.45, "possible"))


def say_score(score: float) -> str:
    """Give a calibrated score as a word and the number: `likely (0.72)`."""
    word = next((word for least, word in _SCORES if score >= least), "unsure")
    return f"{word} ({score:.2f})"


def say_problem(story: Story) -> str:
    """Give the plain sentence for the problem of a story that needs help."""
    kind = getattr(errors, story.problem or "", errors.StorybankError)
    sentence: str = kind.message
    return sentence


def say_moment(when: datetime) -> str:
    """Give a moment in this place's own time, short enough for a table: `3 Nov 2026, 14:05`."""
    local = when.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"


def say_short(day: str) -> str:
    """Give an ISO date short enough for a table: `3 Nov 2026`."""
    found = date.fromisoformat(day)
    return f"{found.day} {found:%b %Y}"


def in_runs(text: str, marks: Sequence[Span]) -> list[tuple[str, bool]]:
    """Cut a text into runs, each with whether it is marked; `marks` are in order."""
    runs, at = [], 0
    for mark in marks:
        runs += [(text[at : mark.start], False), (mark.of(text), True)]
        at = mark.end
    return [run for run in [*runs, (text[at:], False)] if run[0]]


def code_names(line: str, framework: Framework) -> str:
    """Give a line of a framework with the ids of codes in it said as their labels."""
    for code in sorted(framework.codes, key=lambda c: -len(c.id)):
        # An id of one plain word is also a word: only after a colon is it surely the code.
        before = "(?<![\\w-])" if "-" in code.id else "(?<=: )"
        line = re.sub(rf"{before}{re.escape(code.id)}(?![\w-])", f"“{code.label}”", line)
    return line


def add_words(environment: Any) -> None:
    """Give all of this module to the templates."""
    environment.globals |= {
        "role_words": ROLES,
        "role_means": ROLE_MEANS,
        "role_homes": ROLE_HOMES,
        "channel_words": CHANNELS,
        "state_words": STATES,
        "direction_words": DIRECTIONS,
        "kind_words": KINDS,
        "mark_words": MARKS,
        "language_name": name_of,
        "teller_words": TELLERS,
        "how_given": HOW_GIVEN,
        "code_names": code_names,
    }
    environment.filters |= {
        "score": say_score,
        "problem": say_problem,
        "missing": say_missing,
        "runs": in_runs,
    }
    environment.filters |= {"moment": say_moment, "short": say_short}

"""Fill a Storybank with the invented demo stories, and make demo sign-ins; safe to repeat.

Run by `scripts/start --demo`. Every story goes through the real intake, spoken ones as the
recording that `scripts/demo/render.py` made; the worker does the rest once Storybank runs.
"""

import json
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from storybank.accounts import Newcomer, accept, invite
from storybank.capture.beginnings import place_named
from storybank.capture.intake import receive
from storybank.commands.opening import House, open_house, read_settings
from storybank.commands.terminal import errors, plainly, progress
from storybank.db import reading, transaction
from storybank.passwords import Passwords
from storybank.tables import Person, Programme, Story
from storybank.values import Channel, ConsentGiven, NewStory, Role

DEMO = Path(__file__).resolve().parent / "demo"

PEOPLE = {
    Role.EVALUATOR: ("evaluator@example.org", "Demo Evaluator", "kettle-orchard-lantern-1"),
    Role.WORKER: ("worker@example.org", "Demo Worker", "kettle-orchard-lantern-2"),
    Role.ADMIN: ("admin@example.org", "Demo Admin", "kettle-orchard-lantern-3"),
}
"""Printed for everybody to see, so good for nothing but invented stories."""

HOW = {"web": "form", "worker": "helper", "import": "import", "paper": "paper"}


@plainly
def main() -> None:
    """Seed what is not there yet, and print the sign-ins."""
    settings = read_settings()
    with open_house(settings) as house:
        worker = _make_people(house)
        _make_programmes(house)
        _tell_stories(house, worker)
    say = errors().print
    say("\nDemo sign-ins, [bold]for invented stories only[/] (at /sign-in):")
    for role, (email, _, password) in PEOPLE.items():
        say(f"  {role.value:<10} {email:<24} {password}", highlight=False)
    say("")


def _make_people(house: House) -> uuid.UUID:
    passwords = Passwords()
    ids = {}
    for role, (email, name, password) in PEOPLE.items():
        with transaction(house.engine) as session:
            person = session.exec(select(Person).where(Person.email == email)).one_or_none()
            if person is None:
                code = invite(session, Newcomer(email, name, role), by=None)
                person = accept(session, passwords, code, password)
                session.flush()
            ids[role] = person.id
    return ids[Role.WORKER]


def _make_programmes(house: House) -> None:
    with transaction(house.engine) as session:
        there = set(session.exec(select(Programme.slug)).all())
        for row in json.loads((DEMO / "programmes.json").read_text("utf-8")):
            if row["slug"] not in there:
                session.add(Programme(**row))


def _tell_stories(house: House, worker: uuid.UUID) -> None:
    rows = list(_missing(house))
    with progress() as bar:
        for row in bar.track(rows, description="Telling demo stories"):
            recording = recording_of(row) if row["mode"] == "spoken" else None
            with transaction(house.engine) as session:
                place = place_named(session, row["place"]).slug if row["place"] else None
                receive(session, house.desk, _told(row, place, recording, worker))


def _missing(house: House) -> Iterator[dict[str, Any]]:
    with reading(house.engine) as session:
        there = set(
            session.exec(
                select(Story.external_id).where(col(Story.external_id).startswith("demo-"))
            ).all()
        )
    for line in (DEMO / "stories.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["id"] not in there:
            yield row


def _told(
    row: dict[str, Any], place: str | None, recording: bytes | None, worker: uuid.UUID
) -> NewStory:
    channel = Channel(row["channel"])
    return NewStory(
        consent=ConsentGiven(**row["consent"], how=HOW[channel]),  # type: ignore[arg-type]
        channel=channel,
        text=None if recording else row["text"],
        recording=recording,
        programme=row["programme"],
        place=place,
        told_on=row["told_on"],
        happened=row["happened_on"],
        teller=row["teller_kind"],
        language=row["language"],
        external_id=row["id"],
        sent_by=str(worker) if channel == Channel.WORKER else None,
        invented=True,
    )


def recording_of(row: dict[str, Any]) -> bytes:
    """Give the recording of a spoken story."""
    return (DEMO / "audio" / f"{row['id']}.ogg").read_bytes()


if __name__ == "__main__":
    main()
    sys.exit(0)

"""Signed-in people and finished stories for tests of staff pages."""

import uuid
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank import accounts, listening, pipeline
from storybank.access import Actor
from storybank.capture.intake import Desk, receive
from storybank.db import transaction
from storybank.values import Channel, ConsentGiven, NewStory, Role
from storybank.workshop import Workshop
from tests.factories import make_person, make_place, make_programme
from tests.fakes import HashEmbedder, make_workshop
from web.deps import get_embedder

ALL = {"learn": True, "quote": True, "voice": True, "publish": True, "named": True}


def use_hash_embedder(app: FastAPI) -> None:
    """Let searches encode with hashed words: no weights are loaded."""
    app.dependency_overrides[get_embedder] = HashEmbedder


def cookie_for(engine: Engine, role: Role, name: str = "Ada Bright") -> tuple[Actor, str]:
    """Give a new person with `role`, and the cookie of a fresh sign-in."""
    with transaction(engine) as session:
        person = make_person(session, role, name=name)
        return Actor(person.id, role, name), accounts.begin(session, person)


def sign_in(
    client: TestClient, engine: Engine, role: Role | None, name: str = "Ada Bright"
) -> Actor:
    """Make this client a signed-in person of `role`; None signs it out."""
    client.cookies.clear()
    if role is None:
        return Actor()
    actor, cookie = cookie_for(engine, role, name)
    client.cookies.set("storybank-staff", cookie)
    return actor


def tell(engine: Engine, desk: Desk, text: str, **more: Any) -> str:
    """Receive a story and read it with the fakes; gives its id. `recording` makes it spoken.

    `turns` are the voices that are heard in it; `workshop` reads it in place of a fresh one.

    The fakes mask "Anna Smith" and suggest `aim-adapting -` on sentences with the word "bus".
    """
    turns, shop = more.pop("turns", ()), more.pop("workshop", None)
    uses = {use: more.pop(use) for use in ALL if use in more}
    with transaction(engine) as session:
        make_programme(session)
        make_place(session)
        consent = ConsentGiven(**(ALL | uses))
        values = {"consent": consent, "channel": Channel.WEB, "place": "blackbird-leys"} | more
        if "recording" not in values:
            values["text"] = text
        story_id = receive(session, desk, NewStory(**values)).story_id
    shop = shop or make_workshop(engine, desk, heard=text, turns=turns)
    if "recording" in more:
        listen_and_read(shop, story_id)
    else:
        pipeline.understand(shop, story_id)
    return str(story_id)


def listen_and_read(shop: Workshop, story_id: uuid.UUID) -> None:
    """Take a recording through all its steps, as a worker does."""
    for step in (
        listening.transcribe,
        listening.tell_voices,
        listening.translate,
        pipeline.understand,
        pipeline.copy,
    ):
        step(shop, story_id)

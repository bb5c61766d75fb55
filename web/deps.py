"""What handlers ask for: a session, the person who asks, the desk, the encoder."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session, select
from starlette.requests import Request

from storybank.access import NOBODY, Actor
from storybank.capture.intake import Desk
from storybank.db import reading, transaction
from storybank.errors import NotFound
from storybank.framework import Framework
from storybank.tables import Programme
from storybank.understand.embed import Embedder
from web import auth
from web.state import Held


async def get_held(request: Request) -> Held:
    """Give what this process holds."""
    held: Held = request.app.state.held
    return held


HeldDep = Annotated[Held, Depends(get_held)]


def get_reader(held: HeldDep) -> Iterator[Session]:
    """Give a session that can change nothing, for pages that are only read."""
    with reading(held.engine) as session:
        yield session


def get_session(held: HeldDep) -> Iterator[Session]:
    """Give a session whose transaction is committed before the answer leaves."""
    with transaction(held.engine) as session:
        yield session


def get_actor(request: Request, held: HeldDep) -> Actor:
    """Give who asks: the signed-in person, or NOBODY.

    It has a short session of its own, closed before the handler opens one: two at once a request
    would let the pool run dry under load.
    """
    actor = NOBODY
    if auth.has_cookie(request):
        with transaction(held.engine) as session:
            actor = auth.actor_of(request, session)
    request.state.actor = actor
    return actor


async def get_desk(held: HeldDep) -> Desk:
    """Give what intake needs: limits, keys, and the store of recordings."""
    return held.desk


def get_embedder(held: HeldDep) -> Embedder:
    """Give the sentence encoder; the first call loads its weights."""
    return held.embedder


def get_framework(held: HeldDep) -> Framework:
    """Give the framework that new stories are read by."""
    return held.framework()


# `scope="function"`: the commit comes before the answer leaves, so that a failed one answers 500.
ReaderDep = Annotated[Session, Depends(get_reader, scope="function")]
SessionDep = Annotated[Session, Depends(get_session, scope="function")]
ActorDep = Annotated[Actor, Depends(get_actor)]
DeskDep = Annotated[Desk, Depends(get_desk)]
EmbedderDep = Annotated[Embedder, Depends(get_embedder)]
FrameworkDep = Annotated[Framework, Depends(get_framework)]


def programme_at(session: Session, slug: str) -> Programme:
    """Give the programme that an address names; raises NotFound where there is none."""
    found = session.exec(select(Programme).where(Programme.slug == slug)).one_or_none()
    if found is None:
        raise NotFound("programme")
    return found

"""Staff hear the silenced copy, and only of those who agreed to have their voice played."""

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank.access import Actor
from storybank.capture.whereabouts import Done, uses_made
from storybank.db import reading, transaction
from storybank.tables import Story
from storybank.values import Role
from tests import told
from tests.web.test_tell import tone
from web.deps import get_actor

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("role", "voice", "status"),
    [
        (Role.EVALUATOR, True, 200),
        (Role.EVALUATOR, False, 404),
        (Role.WORKER, True, 404),
        (Role.ADMIN, True, 404),
        (None, True, 404),
    ],
)
def test_the_silenced_copy_needs_a_role_and_the_tellers_yes(
    app: FastAPI, client: TestClient, engine: Engine, role: Role | None, voice: bool, status: int
) -> None:
    sound = tone()
    story = told.tell(engine, app.state.held.desk, recording=sound)
    told.finish(engine, app.state.held.desk, story)
    with transaction(engine) as session:
        session.get_one(Story, story.story_id).may_voice = voice
    app.dependency_overrides[get_actor] = lambda: Actor(role=role)
    answer = client.get(f"/stories/{story.story_id}/audio")
    assert answer.status_code == status
    if status == 200:
        assert answer.content == bytes(len(sound)), "told.finish makes the silenced copy of zeros"
        # A player asks for two bytes first, and for what comes later in ranges: played once.
        for asked in ("bytes=0-1", "bytes=100-"):
            client.get(f"/stories/{story.story_id}/audio", headers={"Range": asked})
    assert sound not in answer.content
    with reading(engine) as session:
        played = [(use.done, use.times) for use in uses_made(session, story.story_id)]
    assert played == ([(Done.PLAYED, 1)] if status == 200 else [])


def test_whoever_asks_for_all_but_the_first_byte_is_noted_as_having_played_it(
    app: FastAPI, client: TestClient, engine: Engine
) -> None:
    story = told.tell(engine, app.state.held.desk, recording=tone())
    told.finish(engine, app.state.held.desk, story)
    with transaction(engine) as session:
        session.get_one(Story, story.story_id).may_voice = True
    app.dependency_overrides[get_actor] = lambda: Actor(role=Role.EVALUATOR)
    # Safari looks at two bytes first; what is asked for after that belongs to one playing.
    for asked, times in (("bytes=0-1", []), ("bytes=-500", [1]), ("bytes=1-", [1])):
        answer = client.get(f"/stories/{story.story_id}/audio", headers={"Range": asked})
        assert answer.status_code == 206
        with reading(engine) as session:
            assert [use.times for use in uses_made(session, story.story_id)] == times

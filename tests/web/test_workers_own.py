"""What a worker saw or heard themselves is shown and found as theirs, and never as a resident's."""

import uuid

import pytest
from sqlmodel import select

from storybank.db import transaction
from storybank.search.hits import browsed
from storybank.tables import PassageRow, Story, StrengthRow
from storybank.values import Channel, Role
from tests.staff import sign_in, tell, use_hash_embedder

pytestmark = pytest.mark.database

SAYS = "a worker’s own words, not a resident’s"
WORDS = "The neighbour cooks for zebras."


def named_good(engine, story):
    """Say that the story's first passage names something good."""
    with transaction(engine) as session:
        passage = session.exec(
            select(PassageRow).where(PassageRow.story_id == uuid.UUID(story))
        ).one()
        session.add(
            StrengthRow(
                story_id=passage.story_id, transcript_id=passage.transcript_id, kind="skill",
                name="cooks", quote=passage.text, start=passage.start, end=passage.end,
                rules_id="test",
            )
        )  # fmt: skip


@pytest.mark.parametrize("teller", ["worker", "about-someone-else"])
def test_a_workers_own_words_say_so_wherever_they_are_read(
    app, pages, client, engine, desk, teller
):
    use_hash_embedder(app)
    wren = sign_in(client, engine, Role.WORKER, "Wren")
    sent = {"teller": teller, "channel": Channel.WORKER, "sent_by": str(wren.person_id)}
    story = tell(engine, desk, WORDS, **sent)
    named_good(engine, story)
    sign_in(client, engine, Role.EVALUATOR)
    for path in ("/search?q=zebras", "/search", "/strengths", f"/stories/{story}"):
        page = pages.get(path).words()
        assert "zebras" in page, path
        assert (SAYS in page.lower()) == (teller == "worker"), path
    with transaction(engine) as session:
        hits, _ = browsed(session, Story.id == uuid.UUID(story), limit=1, offset=0)
    assert [p.workers for hit in hits for p in hit.passages] == [teller == "worker"]

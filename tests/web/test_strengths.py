"""The register of strengths: by ward, with links, obeying consent, checks and masks."""

import uuid

import pytest
from sqlmodel import select

from storybank import pipeline
from storybank.db import transaction
from storybank.index.remask import remask
from storybank.rereading import read_again
from storybank.tables import Doubt, PassageRow, StrengthRow, TranscriptRow
from storybank.values import Mask, Role, Span, Transcript
from tests.fakes import make_workshop
from tests.staff import sign_in, tell

pytestmark = pytest.mark.database

SAID = "The library is the only warm place."


def strong(engine, desk, text=SAID, kind="place", **more) -> str:
    """Tell a story whose first passage is said to name something good."""
    story_id = tell(engine, desk, text, **more)
    with transaction(engine) as session:
        row = session.exec(select(PassageRow).where(PassageRow.story_id == story_id)).first()
        session.add(
            StrengthRow(
                story_id=row.story_id, transcript_id=row.transcript_id, kind=kind, name="library",
                quote=text, start=row.start, end=row.end, rules_id="strengths-1",
            )
        )  # fmt: skip
    return story_id


def test_an_empty_bank_says_so(pages, client, engine) -> None:
    sign_in(client, engine, Role.EVALUATOR)
    assert "No stories have been read here yet" in pages.get("/strengths").source


def test_strengths_stand_by_ward_with_their_words_and_a_way_to_the_story(
    pages, client, engine, desk
) -> None:
    story_id = strong(engine, desk)
    tell(engine, desk, "Nothing to say.", place=None)
    sign_in(client, engine, Role.EVALUATOR)
    page = pages.get("/strengths").source
    assert SAID in page
    assert f"/stories/{story_id}#p" in page
    assert "<strong>1 strength</strong> in 2 stories read" in page
    assert "No place given" in page
    other = client.get("/strengths?kind=skill").text
    assert SAID not in other
    assert "<strong>0 strengths</strong>" in other


def test_strengths_that_other_rules_found_are_read_again(engine, desk) -> None:
    story_id = uuid.UUID(strong(engine, desk))
    shop = make_workshop(engine, desk)
    assert read_again(engine, shop.redactor.rules_id, dry_run=True) == 1
    pipeline.understand(shop, story_id)
    assert read_again(engine, shop.redactor.rules_id, dry_run=True) == 0


def test_what_the_teller_did_not_allow_or_nobody_checked_is_not_there(client, engine, desk) -> None:
    strong(engine, desk, learn=False)
    doubted = strong(engine, desk, "The park is a place of joy.", external_id="d")
    with transaction(engine) as session:
        row = session.exec(select(StrengthRow).where(StrengthRow.story_id == doubted)).one()
        session.add(
            Doubt(
                story_id=row.story_id, transcript_id=row.transcript_id, start=row.start,
                end=row.end, marks="low-confidence",
            )
        )  # fmt: skip
    sign_in(client, engine, Role.EVALUATOR)
    page = client.get("/strengths").text
    assert SAID not in page
    assert "place of joy" not in page


def test_a_new_mask_takes_the_words_away_at_once(engine, desk) -> None:
    story_id = strong(engine, desk)
    with transaction(engine) as session:
        row = session.exec(select(TranscriptRow).where(TranscriptRow.story_id == story_id)).one()
        at = Span(SAID.index("library"), SAID.index("library") + 7)
        remask(session, row, Transcript(SAID), [Mask(at, "school", "[school]")])
        assert session.exec(select(StrengthRow)).all() == []


def test_words_of_a_machine_translation_are_called_so(client, engine, desk) -> None:
    story_id = strong(engine, desk)
    sign_in(client, engine, Role.EVALUATOR)
    assert "Machine translation" not in client.get("/strengths").text
    with transaction(engine) as session:
        row = session.exec(select(TranscriptRow).where(TranscriptRow.story_id == story_id)).one()
        row.translates = row.id
    assert "Machine translation of the words told" in client.get("/strengths").text

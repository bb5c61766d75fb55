"""A worker corrects a story, and an evaluator reads whose words are whose, in a real browser."""

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from storybank import pipeline
from storybank.access import Actor
from storybank.capture import corrections
from storybank.capture.own_story import ReadAs, answer_again, disagree
from storybank.db import transaction
from storybank.framework import load_framework
from storybank.sealed import seal
from storybank.tables import Note, Story, TranscriptRow
from storybank.values import Direction, Role
from storybank.vault import note_context, open_transcript, seal_transcript, story_key
from tests.browser.conftest import LAPTOP, PHONE, Site, Visit, until
from tests.clips import recording, tone
from tests.fakes import make_workshop
from tests.staff import cookie_for, tell, use_hash_embedder

pytestmark = [pytest.mark.browser, pytest.mark.database]

Visiting = Callable[..., Visit]
SMALL = {"width": 320, "height": 640}
SAID = (
    "The bus never comes any more. And how do you get to the clinic then? "
    "Anna Smith from the flats drives us on Tuesdays, and she asks nothing for it."
)


@pytest.fixture(autouse=True)
def _hashed(site: Site) -> None:
    use_hash_embedder(site.app)


@pytest.fixture
def sent(site: Site) -> tuple[str, Actor, str]:
    """A spoken story, the worker who sent it, and their cookie."""
    worker, cookie = cookie_for(site.engine, Role.WORKER, "Wren")
    sound = recording(tone(16), "wav")
    story = tell(site.engine, site.desk, SAID, recording=sound, sent_by=str(worker.person_id))
    with transaction(site.engine) as session:
        key = story_key(site.desk.keyring, session.get_one(Story, uuid.UUID(story)))
        row = session.exec(select(TranscriptRow)).one()
        told = open_transcript(key, row)
        doubtful = tuple(replace(s, flags=("low-confidence",)) for s in told.segments)
        row.sealed = seal_transcript(key, row.story_id, 1, replace(told, segments=doubtful))
        session.add(row)
    return story, worker, cookie


def enter(visit: Visit, cookie: str) -> None:
    visit.page.context.add_cookies(
        [{"name": "storybank-staff", "value": cookie, "url": visit.site.url}]
    )


@pytest.mark.parametrize("scripts", [True, False])
def test_a_story_is_corrected_with_the_keyboard_alone_on_a_small_phone(
    visiting: Visiting, site: Site, sent: tuple[str, Actor, str], scripts: bool
) -> None:
    story, _, cookie = sent
    visit = visiting(SMALL, java_script_enabled=scripts)
    enter(visit, cookie)
    page = visit.go(f"/worker/stories/{story}")
    if scripts:
        assert visit.fits()
        visit.check()
        page.locator(".sb-correct__play").nth(1).focus()
        page.keyboard.press("Enter")
        until(page, "document.getElementById('player').currentTime >= 2.9")
    box = page.get_by_label("Sentence 1, from 0:00 to 0:02")
    box.focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("The tram never comes any more.")
    page.get_by_label("Who speaks? Sentence 2").select_option("worker")
    page.get_by_role("button", name="Save these changes").press("Enter")
    expect(page.get_by_text("Your changes are saved.")).to_be_visible()
    expect(box).to_have_value("The tram never comes any more.")
    expect(page.get_by_label("Who speaks? Sentence 2")).to_have_value("worker")
    if scripts:
        visit.check()


def test_two_who_correct_at_once_both_see_both(
    visiting: Visiting, site: Site, sent: tuple[str, Actor, str]
) -> None:
    story, _, cookie = sent
    visit = visiting(PHONE)
    enter(visit, cookie)
    page = visit.go(f"/worker/stories/{story}")
    with transaction(site.engine) as session:
        row = session.get_one(Story, uuid.UUID(story))
        corrections.apply(session, site.desk, row, {0: "The train never comes."}, {})
    page.locator("#text-0").fill("The tram never comes.")
    page.get_by_role("button", name="Save these changes").click()
    expect(page.get_by_role("heading", name="Somebody else saved changes")).to_be_visible()
    expect(page.locator("#text-0")).to_have_value("The train never comes.")
    expect(page.locator("#mine-0")).to_contain_text("The tram never comes.")
    visit.check()
    assert visit.fits()


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_desk_shows_all_readings_and_whose_words_are_whose(
    visiting: Visiting, site: Site, sent: tuple[str, Actor, str], size: dict[str, int]
) -> None:
    story, worker, _ = sent
    with transaction(site.engine) as session:
        row = session.get_one(Story, uuid.UUID(story))
        corrections.apply(session, site.desk, row, {}, {0: "teller", 1: "worker", 2: "teller"})
        said = {"with-or-to": ["both"], "who-was-missing": ["council"], "overall": ["bad"]}
        answer_again(session, row, said)
        wrong = ReadAs(load_framework("thriving-communities@1"), "aim-adapting", Direction.MISSING)
        disagree(session, row, wrong, wrong=True)
        sealed = seal(story_key(site.desk.keyring, row), b"He looked tired.", note_context(row.id))
        assert worker.person_id is not None
        session.add(
            Note(story_id=row.id, person_id=worker.person_id, sealed=sealed, read_back=True)
        )
    shop = make_workshop(site.engine, site.desk)
    pipeline.understand(shop, uuid.UUID(story))
    pipeline.copy(shop, uuid.UUID(story))
    visit = visiting(size)
    enter(visit, cookie_for(site.engine, Role.EVALUATOR)[1])
    page = visit.go(f"/stories/{story}")
    expect(page.get_by_text("The worker asks:")).to_be_visible()
    expect(page.get_by_text("The teller disagrees")).to_be_visible()
    expect(page.get_by_text("He looked tired.")).to_be_visible()
    expect(page.locator("#passage option")).to_have_count(2)
    visit.check()
    assert visit.fits()

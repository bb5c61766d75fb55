"""Journeys with the keyboard alone: a sound file sent, stories written up, a list imported."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlmodel import Session, select

from storybank.db import transaction
from storybank.tables import Consent, Recording, Story
from storybank.values import Role
from tests.browser.conftest import LAPTOP, Site, Visit
from tests.browser.keyboard import (
    choose,
    choose_file,
    fill,
    hand_over_windows,
    press,
    reach,
    send,
)
from tests.browser.test_staff import enter
from tests.clips import recording, tone
from tests.factories import make_place, make_programme
from tests.faults.ledger import sha256, told_equals_stored

pytestmark = [pytest.mark.browser, pytest.mark.database]

Visiting = Callable[..., Visit]
WORDS = "She said the lift is mended at last."
SAME_IN_EVERY_ORDER = "11112025"
"""The eleventh of November, or November the eleventh, as the browser's language has it."""
USES = ("learn", "quote", "voice", "publish", "named")


@pytest.fixture(autouse=True)
def _lists(site: Site) -> None:
    with transaction(site.engine) as session:
        make_programme(session)
        make_place(session)


def told_once(site: Site, told: str | bytes) -> None:
    """Hold that this, and nothing else, is stored as it was told."""
    blobs = site.desk.settings.blobs_dir
    told_equals_stored([sha256(told)], site.engine, site.desk.keyring, blobs)


def test_a_sound_file_is_chosen_and_sent_with_the_keyboard_alone(
    visiting: Visiting, site: Site, tmp_path: Path
) -> None:
    sound = tmp_path / "story.wav"
    sound.write_bytes(recording(tone(2), "wav"))
    visit = visiting(LAPTOP)
    hand_over_windows(visit.page)
    page = visit.go("/")
    send(page, page.locator(".sb-way", has_text="Choose a sound file"))
    on = page.locator("main form .govuk-button[type=submit]")
    send(page, on)
    chosen = page.get_by_label("Choose a sound file")
    reach(page, on)
    for _ in range(4):  # only Shift by itself, three times, is the way to leave in a hurry
        page.keyboard.press("Shift+Tab")
    expect(page).to_have_url(re.compile("/tell/upload$"))
    choose_file(page, chosen, sound, "Enter")
    send(page, on)
    expect(page).to_have_url(re.compile("/tell/where$"))
    fill(page, page.get_by_label("Which part of town"), "I would")
    send(page, on)
    send(page, on)  # when it was may be left open
    choose(page, "teller", "about-me")
    send(page, on)
    choose(page, "with-or-to", "with")
    send(page, on)
    for use in USES:
        choose(page, use, "yes" if use == "learn" else "no")
    send(page, on)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    send(page, on)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your story is safe with us")
    visit.check()
    told_once(site, sound.read_bytes())
    with Session(site.engine) as session:
        assert session.exec(select(Recording.bytes)).one() == sound.stat().st_size
        assert session.exec(select(Consent.learn, Consent.quote)).one() == (True, False)


def test_a_worker_writes_up_a_childs_story_with_the_keyboard_alone(
    visiting: Visiting, site: Site
) -> None:
    visit = visiting(LAPTOP)
    enter(visit, Role.WORKER)
    page = visit.go("/worker/new")
    on = page.get_by_role("button", name="Send the story")
    send(page, on)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    press(page, page.locator(".govuk-error-summary a").first)
    expect(page.get_by_label("In their words")).to_be_focused()
    page.keyboard.type(WORDS)
    press(page, page.get_by_label("I read it back to them"), "Space")
    choose(page, "teller", "about-a-child")
    press(page, page.locator("summary", has_text="about a child"))
    choose(page, "relation", "parent")
    fill(page, page.get_by_label("Where did it happen?"), "Blackbird")
    fill(page, page.get_by_label("Month"), "10")
    fill(page, page.get_by_label("Year"), "2026")
    for use in USES:
        choose(page, use, "yes")
    choose(page, "how", "helper")
    send(page, on)
    expect(page.get_by_role("heading", level=1)).to_have_text("The story is safe")
    visit.check()
    told_once(site, WORDS)
    with Session(site.engine) as session:
        assert session.exec(select(Story.teller, Story.happened)).one() == (
            "about-a-child", "2026-10",
        )  # fmt: skip
        assert session.exec(select(Consent.given_by)).one() == "parent"
    send(page, page.get_by_role("link", name="See what you sent"))
    expect(page.locator(".sb-state")).to_have_text("Waiting its turn")


def test_a_worker_sends_a_recording_with_the_keyboard_alone(
    visiting: Visiting, site: Site, tmp_path: Path
) -> None:
    sound = tmp_path / "told.ogg"
    sound.write_bytes(recording(tone(2), "ogg"))
    visit = visiting(LAPTOP)
    enter(visit, Role.WORKER)
    hand_over_windows(visit.page)
    page = visit.go("/worker/new")
    choose_file(page, page.get_by_label("Or choose a recording"), sound)
    choose(page, "teller", "about-me")
    fill(page, page.get_by_label("Where did it happen?"), "They would")
    for use in USES:
        choose(page, use, "yes" if use == "learn" else "no")
    choose(page, "how", "helper")
    send(page, page.get_by_role("button", name="Send the story"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The story is safe")
    told_once(site, sound.read_bytes())


def test_a_paper_form_is_copied_with_the_keyboard_alone(visiting: Visiting, site: Site) -> None:
    visit = visiting(LAPTOP)
    enter(visit, Role.WORKER)
    page = visit.go("/worker/paper")
    fill(page, page.get_by_label("The story"), WORDS)
    fill(page, page.get_by_label("Where did it happen?"), "None")
    choose(page, "teller", "about-me")
    for use in USES:
        choose(page, use, "yes" if use in ("learn", "quote") else "no")
    fill(page, page.get_by_label("When did you get the sheet?"), SAME_IN_EVERY_ORDER)
    send(page, page.get_by_role("button", name="Send the story"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The story is safe")
    visit.check()
    told_once(site, WORDS)
    with Session(site.engine) as session:
        consent = session.exec(select(Consent)).one()
        assert session.exec(select(Story.told_on)).one() == "2025-11-11"
    assert (consent.how, consent.learn, consent.quote, consent.voice) == (
        "paper", True, True, False,
    )  # fmt: skip


def test_a_list_is_imported_with_the_keyboard_alone(
    visiting: Visiting, site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "stories.csv"
    file.write_text(f"Ref,What they said,Area\n1,{WORDS},Blackbird Leys\n2,A bench,Atlantis\n")
    visit = visiting(LAPTOP)
    enter(visit, Role.EVALUATOR)
    hand_over_windows(visit.page)
    page = visit.go("/import")
    choose_file(page, page.get_by_label("Choose a list of stories"), file)
    send(page, page.get_by_role("button", name="Go on"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What the columns are")
    choose(page, "who-says", "file")
    press(page, page.locator("input[name=consent][value=learn]"), "Space")
    send(page, page.get_by_role("button", name="Check every row"))
    expect(page.get_by_text("1 story is new and can be imported.")).to_be_visible(timeout=20_000)
    visit.check()
    told_nothing_yet(site)
    send(page, page.get_by_role("button", name="Import 1 story"))
    expect(page.get_by_text("1 story was imported.")).to_be_visible(timeout=20_000)
    told_once(site, WORDS)
    with Session(site.engine) as session:
        assert session.exec(select(Story.may_learn, Story.may_quote)).one() == (True, False)


def told_nothing_yet(site: Site) -> None:
    """Hold that a list that was only checked has left no story."""
    with Session(site.engine) as session:
        assert session.exec(select(Story)).all() == []

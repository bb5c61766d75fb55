"""Every page of staff on the narrowest phone, role by role: it fits, and axe finds nothing."""

import os
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storybank import accounts
from storybank.access import Actor
from storybank.accounts import Newcomer
from storybank.capture.import_files import Phase, check_list, go_on, keep_list, open_list
from storybank.capture.phone_keys import make_key
from storybank.db import transaction
from storybank.evidence import masks
from storybank.tables import PassageRow, Person, Story, StrengthRow
from storybank.values import Channel, Role
from storybank.versions import shelf
from tests.browser.addresses import STAFF
from tests.browser.conftest import LAPTOP, PHONE, Site, Visit
from tests.clips import recording, tone
from tests.staff import cookie_for, tell, use_hash_embedder
from tests.versions import FIRST, publish, read_again, split_adapting
from tests.web.test_voices import SAID, TURNS

pytestmark = [pytest.mark.browser, pytest.mark.database]

NARROWEST = {"width": 320, "height": 640}
TEXT = "The bus 😀 never comes. Anna Smith waits with me in the rain."
LIST = (
    b"Ref,What they said,Area,Date\n1,The lift is mended at last,Blackbird Leys,31/05/2026\n"
    b"2,We planted apples,Atlantis,soon\n"
)
PICTURES = os.environ.get("PICTURES")
"""Folder into which every page is put as a picture, at three widths, for people to look at."""


def furnish(site: Site, people: dict[Role, Actor]) -> dict[str, str]:
    """Put something on every page of staff; gives what stands in the addresses."""
    engine, desk = site.engine, site.desk
    story = tell(engine, desk, TEXT)
    evaluator = replace(people[Role.EVALUATOR], may_change_frameworks=True)
    with transaction(engine) as session:
        session.get_one(Person, evaluator.person_id).may_change_frameworks = True
    publish(engine, evaluator, split_adapting)
    name = read_again(engine, desk, story, "buses")
    helpless = tell(engine, desk, "A second one.")
    sender = str(people[Role.WORKER].person_id)
    sent = {"recording": recording(tone(10), "ogg"), "turns": TURNS, "channel": Channel.WORKER}
    spoken = tell(engine, desk, SAID, sent_by=sender, **sent)
    with transaction(engine) as session:
        row = session.get_one(Story, uuid.UUID(helpless))
        row.state, row.problem = "needs_help", "BrokenRecording"
        shelf.begin(session, evaluator, FIRST)
        _name_a_strength(session, story)
        masks.begin(session, people[Role.GOVERNANCE], "Checking masks of new stories")
        worker = people[Role.WORKER].person_id
        make_key(session, people[Role.ADMIN], worker, "thriving", "Green phone with a long label")
        newcomer = Newcomer("wren.field@example.org", "Wren", Role.WORKER)
        invitation = accounts.invite(session, newcomer, by=None)
        lists = [keep_list(session, desk.keyring, evaluator, LIST) for _ in range(2)]
    _check(site, evaluator, lists[1])
    return {
        "story_id": story, "helpless": helpless, "spoken": spoken, "name": name,
        "code": invitation, "code_id": "buses", "act": "split", "slug": "thriving",
        "planned": str(lists[0]), "checked": str(lists[1]),
    }  # fmt: skip


def _name_a_strength(session: Session, story: str) -> None:
    """Say that the story's first passage names something good."""
    row = session.exec(select(PassageRow).where(PassageRow.story_id == uuid.UUID(story))).first()
    assert row is not None
    session.add(
        StrengthRow(
            story_id=row.story_id, transcript_id=row.transcript_id, kind="relationship",
            name="waits with me", quote=row.text, start=row.start, end=row.end, rules_id="test",
        )
    )  # fmt: skip


def _check(site: Site, actor: Actor, number: uuid.UUID) -> None:
    """Take a list through its check, which finds a mistake in the second row."""
    with transaction(site.engine) as session:
        kept = open_list(session, site.desk.keyring, actor, number)
        kept.plan.consent, kept.plan.programme = "learn", "thriving"
        check_list(session, kept)
    assert go_on(site.engine, site.desk, actor, number).phase == Phase.CHECKED


def test_every_page_of_staff_fits_the_narrowest_phone_and_passes_axe(
    visiting: Callable[..., Visit], site: Site
) -> None:
    use_hash_embedder(site.app)
    entered = {role: cookie_for(site.engine, role) for role in STAFF if role is not None}
    values = furnish(site, {role: actor for role, (actor, _) in entered.items()})
    visit = visiting(NARROWEST)  # one tab for all: styles and scripts are fetched once
    wrong = []
    for role, addresses in STAFF.items():
        visit.page.context.clear_cookies()
        if role is not None:
            cookie = {"name": "storybank-staff", "value": entered[role][1], "url": site.url}
            visit.page.context.add_cookies([cookie])
        for address in addresses:
            wrong += _faults(visit, address.format(**values))
            _picture(visit, f"{role}{address}")
    wrong += _faults(visit, "/search", status=403)  # an admin may not: an error's page
    assert wrong == []


def _faults(visit: Visit, path: str, status: int = 200) -> list[str]:
    """Open a page and say what is wrong with it."""
    answer = visit.page.goto(visit.site.url + path)
    if answer is None or answer.status != status or visit.page.url != visit.site.url + path:
        return [f"{path} does not open: {visit.page.url}"]
    wrong = [] if visit.fits() else [f"{path} is wider than 320 px"]
    try:
        visit.check()
    except AssertionError as error:
        wrong.append(str(error))
    return wrong


def _picture(visit: Visit, name: str) -> None:
    if not PICTURES:
        return
    for size in (NARROWEST, PHONE, LAPTOP):
        visit.page.set_viewport_size(size)
        place = Path(PICTURES) / f"{name.replace('/', '_')[:60]}-{size['width']}.png"
        visit.page.screenshot(path=place, full_page=True)
    visit.page.set_viewport_size(NARROWEST)

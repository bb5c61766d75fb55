"""Marked sentences, a gap and a machine translation, looked at on a phone and on a laptop."""

import pytest

from storybank import accounts
from storybank.capture.intake import receive
from storybank.db import transaction
from storybank.values import Channel, ConsentGiven, NewStory, Role
from tests.browser.conftest import LAPTOP, PHONE
from tests.clips import recording, tone
from tests.factories import make_person, make_programme
from tests.fakes import CannedTranscriber, make_workshop
from tests.staff import listen_and_read

pytestmark = [pytest.mark.browser, pytest.mark.database]

POLISH = "Autobus nigdy nie przyjeżdża. Gotujemy razem."
ENGLISH = "The bus never comes. We cook together."


def test_what_is_not_checked_is_said_in_words_and_can_be_checked(site, visiting):
    with transaction(site.engine) as session:
        make_programme(session)
        yes = ConsentGiven(learn=True, quote=True, voice=True)
        told = receive(
            session, site.desk, NewStory(yes, Channel.WEB, recording=recording(tone(1), "ogg"))
        )
        cookie = accounts.begin(session, make_person(session, Role.EVALUATOR))
    shop = make_workshop(site.engine, site.desk)
    hearing = CannedTranscriber(POLISH, language="pl", english=ENGLISH, flags=("cut-off",))
    object.__setattr__(shop, "transcriber", hearing)
    listen_and_read(shop, told.story_id)

    visit = visiting(LAPTOP)
    visit.page.context.add_cookies([{"name": "storybank-staff", "value": cookie, "url": site.url}])
    visit.go(f"/stories/{told.story_id}")
    assert visit.page.get_by_text("Held back:", exact=True).is_visible()
    visit.check()
    visit.page.set_viewport_size(PHONE)
    visit.go("/search?q=bus")
    assert visit.page.get_by_text("not evidence yet").first.is_visible()
    assert visit.fits()

    phone = visiting()
    phone.go("/receipt")
    phone.page.fill("#code", told.receipt)
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_url("**/receipt/story*")
    phone.check()
    assert phone.fits()
    phone.page.get_by_role("button", name="This is right").click()
    assert phone.page.get_by_text("Somebody has checked this.").is_visible()

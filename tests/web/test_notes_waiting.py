"""Notes in another language that wait for somebody's English are listed where stories wait."""

import pytest

from storybank.values import Channel, Role
from tests.staff import sign_in, tell
from tests.web.test_notes_in_english import POLISH, WHY, put, read

pytestmark = pytest.mark.database


@pytest.fixture
def beside(client, engine):
    """A note that its worker wrote in Polish."""
    wren = sign_in(client, engine, Role.WORKER, "Wren")
    return {"note": POLISH, "sent_by": str(wren.person_id), "channel": Channel.WORKER}


def test_notes_that_wait_are_listed_beside_the_stories_that_wait(
    pages, client, engine, desk, beside
):
    sent = tell(engine, desk, "The lift is mended.", **beside)

    def waiting():
        sign_in(client, engine, Role.GOVERNANCE, "Grace")
        return pages.get("/masks?waits=english")

    page = waiting()
    assert "Waiting for English: 1" in page.one("nav", aria_label="Lists").text
    assert "1 note waits that a worker wrote" in page.words()
    (link,) = [a for a in page.all("a") if f"/masks/{sent}#translate-note-" in a["href"]]
    assert "Polish" in page.one("table").text
    assert page.one("form", action="/masks")
    assert page.form("/masks")["story"] == sent
    pages.post("/masks", WHY | {"story": sent})
    assert pages.get(f"/masks/{sent}").one("form", id=link["href"].partition("#")[2])

    put(pages, f"/masks/{sent}", "Sąsiadka zebras gotuje.")
    assert "Waiting for English: 0" in waiting().words(), "it is read now, then it is known"
    read(engine, desk, sent)
    assert "Waiting for English: 1" in waiting().words(), "what was kept is no English"
    pages.post("/masks", WHY | {"story": sent})
    put(pages, f"/masks/{sent}")
    read(engine, desk, sent)
    page = waiting()
    assert "Waiting for English: 0" in page.words()
    assert "No story waits for English, and no note" in page.words()


def test_no_note_of_a_story_that_nobody_may_read_is_listed(pages, client, engine, desk, beside):
    tell(engine, desk, "The lift is mended.", learn=False, **beside)
    sign_in(client, engine, Role.GOVERNANCE, "Grace")
    assert "Waiting for English: 0" in pages.get("/masks?waits=english").words()

"""Stories that are too long: a plain sentence, the words given back, and nothing stored."""

import pytest
from sqlmodel import Session, select

from storybank.tables import Story
from storybank.values import Role
from tests.clips import recording, tone
from tests.staff import sign_in
from tests.web.test_worker import FILLED

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("places")]

LONG = "bus " * 60_000


@pytest.fixture
def settings(settings):
    """Settings under which a recording of over a minute is too long."""
    return settings.model_copy(update={"max_recording_minutes": 1})


@pytest.fixture
def nothing_stored(engine):
    yield
    with Session(engine) as session:
        assert session.exec(select(Story)).all() == []


def problem_of(page) -> str:
    """The summary of what is wrong, on a page that was refused."""
    return " ".join(page.one("div", class_="govuk-error-summary").text.split())


@pytest.mark.usefixtures("nothing_stored")
def test_a_resident_gets_the_words_back(pages):
    form = pages.get("/tell/write").form("/tell/write")
    page = pages.post("/tell/write", form | {"text": LONG}, status=422)
    assert "50,000 words" in problem_of(page)
    assert page.one("textarea", id="text").text.strip() == LONG.strip()


@pytest.mark.usefixtures("nothing_stored")
def test_a_worker_gets_the_words_back(client, pages, engine):
    sign_in(client, engine, Role.WORKER)
    form = pages.get("/worker/new").form("/worker/new") | FILLED
    page = pages.post("/worker/new", form | {"text": LONG}, status=422)
    assert "50,000 words" in problem_of(page)
    assert page.one("textarea", id="text").text.strip() == LONG.strip()


@pytest.mark.usefixtures("nothing_stored")
def test_a_long_recording_is_refused_on_both_pages(client, pages, engine):
    minute = recording(tone(61), "ogg")
    upload = pages.get("/tell/upload")
    form = upload.form("/tell/upload")
    page = pages.post("/tell/upload", form, files={"recording": ("a.ogg", minute)}, status=422)
    assert "longer than 60 seconds" in problem_of(page)
    sign_in(client, engine, Role.WORKER)
    form = pages.get("/worker/new").form("/worker/new") | FILLED | {"text": "", "how": ""}
    page = pages.post("/worker/new", form, files={"recording": ("a.ogg", minute)}, status=422)
    said = problem_of(page)
    assert "longer than 60 seconds" in said
    assert "Choose how they gave their answers" in said, "all that is wrong is said at once"

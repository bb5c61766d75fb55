import pytest
from sqlmodel import select

from storybank import accounts
from storybank.accounts import Newcomer
from storybank.db import transaction
from storybank.tables import Attempt, SignIn
from storybank.values import Role
from tests.staff import sign_in
from web.auth import safe_next

pytestmark = pytest.mark.database

GOOD = "purple lamp walks home"


@pytest.fixture
def code(engine):
    with transaction(engine) as session:
        return accounts.invite(
            session, Newcomer("ada@example.org", "Ada Bright", Role.WORKER), by=None
        )


def test_an_invited_person_chooses_a_password_signs_in_and_out(engine, pages, code):
    form = pages.get(f"/invitation/{code}")
    assert "Welcome, Ada Bright" in form.words()
    weak = pages.post(f"/invitation/{code}", {"password": "short"}, status=422)
    assert "at least 12 characters" in weak.words()

    home = pages.post(f"/invitation/{code}", {"password": GOOD})
    assert home.one("h1").text == "What you sent"
    pages.get(f"/invitation/{code}", status=410)

    out = pages.post("/sign-out", {})
    assert "You are signed out" in out.words()
    with transaction(engine) as session:
        assert session.exec(select(SignIn)).all() == []

    values = pages.get("/sign-in?next=/worker/new").form("/sign-in")
    page = pages.post("/sign-in", values | {"email": "Ada@Example.org", "password": GOOD})
    assert page.one("h1").text == "Write up a story"


def test_the_cookie_cannot_be_read_by_scripts_and_is_new_at_each_sign_in(client, code):
    first = client.post(
        f"/invitation/{code}", data={"password": GOOD},
        headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False,
    )  # fmt: skip
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=strict" in first.headers["set-cookie"]
    old = client.cookies["storybank-staff"]
    client.post("/sign-in", data={"email": "ada@example.org", "password": GOOD},
                headers={"Sec-Fetch-Site": "same-origin"})  # fmt: skip
    new = client.cookies["storybank-staff"]
    assert new != old
    client.cookies.clear()
    client.cookies.set("storybank-staff", old)
    assert client.get("/worker", follow_redirects=False).status_code == 303


def test_what_is_wrong_is_not_said(pages, code):
    pages.post(f"/invitation/{code}", {"password": GOOD})
    pages.client.cookies.clear()
    wrong = pages.post("/sign-in", {"email": "ada@example.org", "password": "x"}, status=422)
    unknown = pages.post("/sign-in", {"email": "eve@example.org", "password": GOOD}, status=422)
    said = [p.one("p", class_="govuk-error-message").text for p in (wrong, unknown)]
    assert said[0] == said[1]
    assert "wrong" in said[0]


def test_guessing_is_refused_with_a_time_to_wait(pages, engine):
    for _ in range(4):
        pages.post("/sign-in", {"email": "eve@example.org", "password": "guess"}, status=422)
    with transaction(engine) as session:  # more of the same: a second's wait may be over by now
        for tried in session.exec(select(Attempt)).all():
            session.add(Attempt(kind=tried.kind, digest=tried.digest))
    page = pages.post("/sign-in", {"email": "eve@example.org", "password": "guess"}, status=429)
    assert "Please wait" in page.words()


def test_a_page_for_staff_asks_for_a_sign_in_and_comes_back(client):
    answer = client.get("/search?q=bus&code=doing-with", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/search%3Fq%3Dbus%26code%3Ddoing-with"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client):
    headers = {"HX-Request": "true", "HX-Request-Type": "partial",
               "Referer": "http://testserver/worker"}  # fmt: skip
    answer = client.get("/worker", headers=headers, follow_redirects=False)
    assert answer.headers["hx-redirect"] == "/sign-in?next=/worker"
    assert answer.text == ""


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example",
                                     "/a\nb", "", "evil", "javascript:alert(1)"])  # fmt: skip
def test_signing_in_never_leads_to_another_site(address):
    assert safe_next(address, Role.ADMIN) == "/admin"


def test_a_signed_in_person_sees_their_own_menu(pages, engine):
    sign_in(pages.client, engine, Role.EVALUATOR)
    words = pages.get("/how-stories-are-read").words()
    assert "Ada Bright, evaluator" in words
    assert "In progress" in words
    sign_in(pages.client, engine, None)
    assert "Ada Bright" not in pages.get("/how-stories-are-read").words()

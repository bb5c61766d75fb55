"""Headers, limits and origins: what stands round every request."""

import pytest
from fastapi import FastAPI
from httpx2 import Response
from pydantic import SecretStr
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank import accounts
from storybank.accounts import Newcomer
from storybank.db import make_engine, transaction
from storybank.settings import Settings
from storybank.values import Role
from tests.factories import make_programme
from tests.pages import PageClient
from web.app import create_app

pytestmark = pytest.mark.database

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


def test_health_answers(client: TestClient) -> None:
    assert client.get("/health").json() == {"ok": True}


def test_a_missing_page_is_a_plain_page(pages: PageClient) -> None:
    page = pages.get("/no-such-page", status=404)
    assert page.one("h1").text == "Page not found"


def test_every_answer_has_the_headers(client: TestClient) -> None:
    for path in ("/health", "/no-such-page"):
        headers = client.get(path).headers
        assert "require-trusted-types-for 'script'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "strict-transport-security" not in headers, "over http it would lock people out"
        assert headers["permissions-policy"].startswith("microphone=(self), camera=()")
        assert headers["cache-control"] == "no-store"
        varied = {name.strip() for name in headers["vary"].split(",")}
        assert varied >= {"HX-Request", "HX-Request-Type", "Sec-Fetch-Site", "Origin"}


def test_over_https_browsers_are_held_to_it_and_cookies_to_this_site(
    settings: Settings, engine: Engine
) -> None:
    there = "https://stories.example"
    app = create_app(settings.model_copy(update={"public_url": there}), engine)
    with transaction(engine) as session:
        newcomer = Newcomer("eva@example.org", "Eva", Role.EVALUATOR)
        code = accounts.invite(session, newcomer, by=None)
        make_programme(session)
    with TestClient(app, base_url=there) as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        first = client.get("/tell/write")
        hsts = first.headers["strict-transport-security"]
        assert int(hsts.partition("max-age=")[2].partition(";")[0]) >= 365 * 24 * 3600
        told = client.post("/tell/write", data={"text": "The bus."}, follow_redirects=False)
        chosen = {"password": "purple lamp walks home"}
        entered = client.post(f"/invitation/{code}", data=chosen, follow_redirects=False)
        set_now = [c for answer in (first, told, entered) for c in cookies_of(answer)]
        assert {c.partition("=")[0] for c in set_now} >= {
            "__Host-storybank-draft", "__Host-storybank-staff", "__Host-storybank-form",
        }  # fmt: skip
        for cookie in set_now:
            said = {part.strip().lower() for part in cookie.split(";")[1:]}
            assert cookie.startswith("__Host-")
            assert {"secure", "httponly", "path=/"} <= said
            assert said & {"samesite=lax", "samesite=strict"}
            assert not any(part.startswith("domain") for part in said)


def cookies_of(answer: Response) -> list[str]:
    """Give the cookies that an answer sets, as they stand in its headers."""
    return answer.headers.get_list("set-cookie")


def test_an_error_nobody_foresaw_gives_a_page_without_traceback(
    app: FastAPI, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    def explode() -> None:
        raise ValueError("Zanzibar marrow")

    app.add_api_route("/explode", explode)
    page = PageClient(client).get("/explode", status=500)
    assert "Sorry, something went wrong" in page.words()
    assert "Zanzibar" not in page.source
    assert "ValueError" not in page.source
    assert not [r for r in caplog.records if "Zanzibar" in r.getMessage()]


def test_styles_are_kept_for_a_year_and_squeezed(client: TestClient, pages: PageClient) -> None:
    address = pages.get("/nothing", status=404).one("link", rel="stylesheet")["href"]
    answer = client.get(address)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == answer.text


def test_no_log_line_holds_a_tellers_words(
    pages: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    form = pages.get("/tell/write").form("/tell/write")
    pages.post("/tell/write", form | {"text": "Zanzibar marrow"})
    pages.get("/tell/write?programme=Zanzibar")
    ours = [r for r in caplog.records if r.name != "httpx2"]  # that is the test's own client
    assert not [r for r in ours if "Zanzibar" in str(r.__dict__)]


@pytest.fixture
def lost(app: FastAPI, client: TestClient) -> Engine:
    """The engine of a database that answers nobody."""
    there, app.state.held.engine = app.state.held.engine, make_engine(NOWHERE)
    return there


@pytest.mark.parametrize(
    ("address", "says"),
    [(NOWHERE, "Check STORYBANK_DATABASE_URL"), (None, "is started again by itself")],
    ids=["a server of theirs", "the built-in one"],
)
def test_operators_read_what_to_mend_where_the_database_is_lost(
    app: FastAPI, lost: Engine, pages: PageClient, address: str | None, says: str
) -> None:
    where = {"database_url": SecretStr(address) if address else None}
    app.state.settings = app.state.settings.model_copy(update=where)
    pages.client.cookies.set("storybank-staff", "x")
    for path in ("/health", "/search"):
        words = pages.get(path, status=503).words()
        assert says in words
        assert ("STORYBANK_DATABASE_URL" in words) == (address is not None)


def test_residents_get_their_words_back_where_the_database_is_lost(
    app: FastAPI, lost: Engine, pages: PageClient
) -> None:
    assert "STORYBANK" not in pages.get("/", status=503).words()
    typed = {"text": "Nobody asked <us>.\r\nZanzibar", "programme": "x", "form_token": "old"}

    page = pages.post("/tell/write", typed, status=503)

    assert "STORYBANK" not in page.words()
    assert "not been sent" in page.words()
    assert page.one("textarea", name="text").text.split()[2:] == ["<us>.", "Zanzibar"]
    assert page.one("form", action="/tell/write")["autocomplete"] == "off"
    again = page.form("/tell/write")
    assert again["programme"] == "x"
    assert again["form_token"] != "old"
    app.state.held.engine = lost
    assert "Which part of town" in pages.post("/tell/write", again).one("h1").text


@pytest.mark.parametrize(
    ("code", "says"),
    [("pl", "Przepraszamy, Storybank teraz nie działa"), ("ar", "Storybank لا يعمل")],
)
def test_a_resident_reads_of_a_lost_database_in_their_language(
    lost: Engine, pages: PageClient, code: str, says: str
) -> None:
    typed = {"text": "Nobody asked us.", "speak": code}
    page = pages.post("/tell/write", typed, status=503)
    assert page.one("html")["lang"] == code
    assert says in page.one("h1").text
    assert "speak" not in page.form("/tell/write")
    assert not page.one("main").text.count("Send again")


def test_no_password_is_given_back_and_scripts_get_a_sentence(
    lost: Engine, client: TestClient
) -> None:
    pages = PageClient(client)
    page = pages.post(
        "/sign-in", {"email": "a@b.org", "password": "x y z", "text": "w"}, status=503
    )
    assert not page.all("textarea")
    assert "x y z" not in page.source
    recorder = client.post(
        "/tell/write",
        data={"text": "x"},
        headers={"Accept": "text/plain", "Sec-Fetch-Site": "none"},
    )
    assert (recorder.status_code, "STORYBANK" in recorder.text) == (503, False)


def test_only_addresses_that_take_recordings_take_large_bodies(client: TestClient) -> None:
    large = bytes(6_000_000)
    for path in ("/receipt", "/sign-in", "/tell/write", "/no-such-page"):
        refused = client.post(path, content=large)
        assert refused.status_code == 413
        assert "too much to send at once" in refused.text
        assert "recording" not in refused.text.lower()
    answer = client.post("/tell/recording", content=large, headers={"Sec-Fetch-Site": "none"})
    assert answer.status_code == 422
    assert "sound" in answer.text

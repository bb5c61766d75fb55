"""Headers, limits and origins: what stands round every request."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from storybank.db import make_engine
from tests.pages import PageClient

pytestmark = pytest.mark.database


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
        assert headers["permissions-policy"].startswith("microphone=(self), camera=()")
        assert headers["cache-control"] == "no-store"


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


def test_a_lost_database_is_a_plain_page(app: FastAPI, pages: PageClient) -> None:
    app.state.held.engine = make_engine("postgresql://nobody@127.0.0.1:1/none")
    page = pages.get("/health", status=503)
    assert "database does not answer" in page.words()


def test_only_addresses_that_take_recordings_take_large_bodies(client: TestClient) -> None:
    large = bytes(6_000_000)
    for path in ("/receipt", "/sign-in", "/tell/write", "/no-such-page"):
        assert client.post(path, content=large).status_code == 413
    answer = client.post("/tell/recording", content=large, headers={"Sec-Fetch-Site": "none"})
    assert answer.status_code == 422
    assert "sound" in answer.text

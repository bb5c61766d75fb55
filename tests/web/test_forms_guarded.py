"""Where a form may come from, how large it may be, and that no sound touches the disk."""

import tempfile
from typing import Any

import pytest
from starlette.testclient import TestClient

from storybank.settings import Settings
from tests.pages import PageClient
from tests.web.test_tell import tone

pytestmark = pytest.mark.database

FORM = {"text": "They asked us first."}


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://127.0.0.1:8000"}, True),  # the public address of the settings
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_form_must_come_from_a_page_of_ours(
    client: TestClient, headers: dict[str, str], allowed: bool
) -> None:
    answer = client.post("/tell/write", data=FORM, headers=headers, follow_redirects=False)
    assert answer.status_code == (303 if allowed else 403)


def test_an_old_browser_proves_it_by_the_token_in_the_form(
    client: TestClient, pages: PageClient
) -> None:
    form = pages.get("/tell/write").form("/tell/write") | FORM
    assert client.post("/tell/write", data=form, follow_redirects=False).status_code == 303
    bent = form | {"form_token": "0" * 64}
    assert client.post("/tell/write", data=bent, follow_redirects=False).status_code == 403
    client.cookies.delete("storybank-form")
    assert client.post("/tell/write", data=form, follow_redirects=False).status_code == 403


def test_a_foreign_form_gets_a_plain_page(pages: PageClient) -> None:
    page = pages.post("/tell/write", FORM, status=403, headers={"Sec-Fetch-Site": "cross-site"})
    assert "open for too long" in page.words()


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    """Settings with a small limit, so that a test need not send 200 MB."""
    return Settings(data_dir=tmp_path / "data", max_recording_mb=1)


def test_a_body_over_the_limit_is_refused_before_it_is_read(pages: PageClient) -> None:
    page = pages.post("/tell/upload", {}, files={"recording": bytes(3_000_000)}, status=413)
    assert "too large" in page.one("h1").text


def test_a_body_that_hides_its_length_is_cut_off_at_the_limit(client: TestClient) -> None:
    sent = 0

    def endless() -> Any:
        nonlocal sent
        for _ in range(100):
            sent += 100_000
            yield bytes(100_000)

    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/plain"}
    answer = client.post("/tell/recording", content=endless(), headers=headers)
    assert answer.status_code == 413


def test_a_recording_just_over_the_limit_is_refused_in_a_sentence(pages: PageClient) -> None:
    form = pages.get("/tell/upload").form("/tell/upload")
    files = {"recording": ("a.wav", tone() + bytes(1_100_000))}
    page = pages.post("/tell/upload", form, files=files, status=413)
    assert "larger than 1 MB" in page.one("p", id="recording-error").text


def test_a_packed_body_is_not_unpacked(client: TestClient) -> None:
    headers = {"Content-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/tell/recording", content=b"x", headers=headers).status_code == 415


def test_an_upload_in_the_clear_never_touches_the_disk(
    client: TestClient, pages: PageClient, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = pages.get("/tell/upload").form("/tell/upload")
    sound = tone(10)[:900_000] + b"Zanzibar" * 4

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refuse)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    pages.post("/tell/upload", form, files={"recording": ("a.wav", sound)})
    stored = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(stored) >= 2, "key file and sealed recording"
    assert not [content for content in stored if b"Zanzibar" in content or b"WAVEfmt" in content]

"""Where a form may come from, how large it may be, and that no sound touches the disk."""

import tempfile
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank.capture import corrections
from storybank.capture.intake import Desk
from storybank.settings import Settings
from tests import told
from tests.pages import PageClient, check_page
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


def test_words_from_a_page_that_was_open_for_too_long_can_be_sent_again_at_once(
    client: TestClient, pages: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    form = pages.get("/tell/write").form("/tell/write") | FORM
    client.cookies.delete("storybank-form")
    page = check_page(*_sent_by_an_old_browser(client, "/tell/write", form))
    assert "open for too long" in page.one("h1").text
    assert "Send them again now" in page.words()
    again = page.form("/tell/write")
    assert again["text"] == FORM["text"]
    sent = client.post("/tell/write", data=again, follow_redirects=False)
    assert sent.headers["location"] == "/tell/where"
    ours = [r for r in caplog.records if r.name != "httpx2"]  # that is the test's own client
    assert not [r for r in ours if FORM["text"] in str(r.__dict__)]


def test_staff_get_words_of_a_lost_form_to_copy_and_no_password_is_given_back(
    client: TestClient, pages: PageClient
) -> None:
    typed = FORM | {"email": "a@b.org", "password": "x y z"}
    source, _ = _sent_by_an_old_browser(client, "/sign-in", typed)
    assert "x y z" not in source
    assert FORM["text"] not in source
    client.cookies.set("storybank-staff", "x")
    page = check_page(*_sent_by_an_old_browser(client, "/worker/new", FORM))
    assert FORM["text"] in page.one("textarea", name="text").text
    assert "Send again" not in page.words()


@pytest.mark.parametrize("field", ["english", "note-english", "words", "text-3"])
def test_words_typed_while_a_sign_in_ran_out_are_given_back_to_copy(
    client: TestClient, pages: PageClient, field: str
) -> None:
    path = "/worker/stories/3f0c2f0e-58a2-4f1c-9d4e-1c6a0f6f9d10"
    asked = {"Sec-Fetch-Site": "same-origin", "Referer": f"http://testserver{path}"}
    page = pages.post(path, {"act": "english", field: "Nobody came."}, status=403, headers=asked)
    assert page.one("h1").text == "Your sign-in has run out"
    assert "Nobody came." in page.one("textarea", name=field).text
    assert page.one("a", href=f"/sign-in?next={path}").text == "Sign in"
    assert "Send again" not in page.words()
    part = client.post(path, data={field: "Nobody came."}, headers=asked | {"HX-Request": "true"})
    assert "Nobody came." in part.text
    assert "hx-redirect" not in part.headers
    wordless = client.post(path, data={"act": "on"}, headers=asked, follow_redirects=False)
    assert wordless.headers["location"] == f"/sign-in?next={path}"
    foreign = client.post(path, data={field: "Nobody came."}, headers={"Origin": "null"})
    assert "Nobody came." not in foreign.text


def _sent_by_an_old_browser(
    client: TestClient, path: str, form: dict[str, str], page: str = "http://testserver/tell"
) -> tuple[str, Any]:
    """Send a form without a token, as from `page`; all that an old browser says is where it was."""
    answer = client.post(path, data=form, headers={"Referer": page} if page else {})
    assert answer.status_code == 403
    return answer.text, answer.headers


def test_no_form_of_another_site_comes_back_filled_in_with_a_token(client: TestClient) -> None:
    forged = FORM | {"email": "eve@evil.example"}
    for page in ("https://evil.example/tell", "http://testserver.evil.example/", "http://[a/", ""):
        source, headers = _sent_by_an_old_browser(client, "/worker/new", forged, page)
        shown = check_page(source, headers)
        assert "open for too long" in shown.one("h1").text
        assert not [value for value in forged.values() if value in source], page
        assert not shown.all("form", action="/worker/new")


def test_a_foreign_form_gets_a_plain_page_and_its_words_are_not_shown(pages: PageClient) -> None:
    page = pages.post("/tell/write", FORM, status=403, headers={"Sec-Fetch-Site": "cross-site"})
    assert "open for too long" in page.words()
    assert FORM["text"] not in page.source


def test_words_too_many_to_read_are_said_to_be_so(pages: PageClient) -> None:
    page = pages.post("/tell/write", {"text": "x" * 6_000_000}, status=413)
    assert "we cannot show it here" in page.words()
    assert not page.all("textarea")


def test_no_browser_can_send_more_words_than_are_read_and_given_back(pages: PageClient) -> None:
    page = pages.get("/tell/write")
    most = int(page.one("textarea", id="text")["maxlength"])
    # Three bytes to a letter, nine when they are packed for the way; and hardly any spaces.
    form = page.form("/tell/write") | {"text": "ঘ" * most}
    refused = pages.post("/tell/write", form, status=422)
    assert "too long" in refused.one("p", id="text-error").text
    assert len(refused.form("/tell/write")["text"]) == most


def test_words_that_were_sent_too_often_are_given_back(
    pages: PageClient, engine: Engine, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "HURRIED", 0)
    story = told.tell(engine, desk)
    pages.post("/receipt", pages.get("/receipt").form("/receipt") | {"code": story.code})
    form = pages.get("/receipt/more").form("/receipt/more") | {"text": "The bus is back."}
    page = pages.post("/receipt/more", form, status=429)
    assert page.form("/receipt/more")["text"] == "The bus is back."


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

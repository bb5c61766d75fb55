"""The recorder's sending as it goes over the wire, and when it begins anew by itself."""

import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.browser.conftest import Site
from tests.browser.microphone import NOT_COMPRESSED, listen_in, whole
from tests.browser.phones import (
    NOTHING,
    SAFE,
    agree,
    begin_recording,
    context,
    left_on_phone,
    open_app,
    phone,
    sign_in,
)
from tests.faults.ledger import sha256, told_equals_stored
from web.routes import uploads
from web.streaming import pieces

pytestmark = [pytest.mark.browser, pytest.mark.database]
__all__ = ["context", "phone"]

LARGEST_PIECE = 512 * 1024
TWO_PIECES_S, THREE_PIECES_S = 4, 7
"""Seconds of sound that is not compressed: each is 190 kB."""
BY_EVENTS_ALONE = """
    window.unheard = new Set();
    for (const name of ["online", "focus"]) {
        window.addEventListener(name, (event) => {
            if (window.unheard.has(name)) event.stopImmediatePropagation();
        });
    }
    const every = window.setInterval;
    window.setInterval = (act, ms, ...more) => (ms < 5000 ? every(act, ms, ...more) : 0);
"""
"""A phone on which no clock of the page sends anything, and which may miss some events."""


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The bodies of uploads as they came off the wire, written down before anybody reads them."""
    came: list[bytes] = []

    async def noted(receive: Any) -> AsyncIterator[tuple[bytes, bool]]:
        body = b""
        async for piece, last in pieces(receive):
            body += piece
            if last:
                came.append(body)
            yield piece, last

    monkeypatch.setattr(uploads, "pieces", noted)
    return came


def _record(page: Page, seconds: int) -> None:
    agree(page)
    begin_recording(page)
    page.wait_for_timeout(1000 * seconds)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_label("What you recorded")).to_be_visible()


def test_each_piece_says_its_own_checksum_and_none_is_larger_than_half_a_megabyte(
    site: Site, context: BrowserContext, bodies: list[bytes]
) -> None:
    context.add_init_script(NOT_COMPRESSED)
    heard = listen_in(context)
    sign_in(context, site)
    page = open_app(context, site).page
    sent: list[Request] = []
    page.on("request", lambda r: sent.append(r) if "/uploads" in r.url else None)
    _record(page, THREE_PIECES_S)
    page.get_by_role("button", name="Keep this story").click()
    expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=30_000)
    said = page.request.fetch(f"{site.url}/uploads", method="OPTIONS").headers
    known = said["tus-checksum-algorithm"].split(",")
    patches = [request for request in sent if request.method == "PATCH"]
    assert len(patches) == len(bodies)
    at = 0
    for request, body in zip(patches, bodies, strict=True):
        headers = request.all_headers()
        algorithm, digest = headers["upload-checksum"].split(" ")
        assert algorithm in known
        assert base64.b64decode(digest) == hashlib.new(algorithm, body).digest()
        assert int(headers["upload-offset"]) == at
        assert int(headers["content-length"]) == len(body) <= LARGEST_PIECE
        at += len(body)
    assert len(bodies) >= 3
    assert at > len(whole(heard)), "the pieces are not the whole recording with its seals"
    assert left_on_phone(page) == NOTHING
    told_equals_stored(
        [sha256(whole(heard))], site.engine, site.desk.keyring, site.desk.settings.blobs_dir
    )


def _cut_in_mid_upload(page: Page) -> None:
    """Let the first piece through, and cut the line in the second, until it is given up."""
    cut: list[str] = []

    def carry(route: Route) -> None:
        offset = route.request.headers.get("upload-offset", "0")
        if route.request.method == "PATCH" and offset != "0":
            cut.append(offset)
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads**", carry)
    page.get_by_role("button", name="Keep this story").click()
    for _ in range(200):
        if cut:
            break
        page.wait_for_timeout(100)
    assert set(cut) == {str(LARGEST_PIECE)}, "the first piece arrives, the second does not"
    page.context.set_offline(True)
    expect(page.locator(".sb-item__state")).to_have_text("On this phone", timeout=20_000)
    page.unroute("**/uploads**")


def _by_focus(page: Page) -> Page:
    page.evaluate("() => window.unheard.add('online')")
    page.context.set_offline(False)
    page.wait_for_timeout(1500)
    expect(page.locator(".sb-item__state")).to_have_text("On this phone")
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    return page


def _by_the_connection(page: Page) -> Page:
    page.evaluate("() => window.unheard.add('focus')")
    page.context.set_offline(False)
    return page


def _by_opening(page: Page) -> Page:
    context, address = page.context, page.url
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.add_init_script("window.unheard.add('online').add('focus')")
    page.goto(address)
    return page


@pytest.mark.parametrize("come_back", [_by_focus, _by_the_connection, _by_opening])
def test_what_a_cut_line_left_is_sent_from_where_it_was_without_a_press(
    site: Site, context: BrowserContext, come_back: Callable[[Page], Page]
) -> None:
    context.add_init_script(NOT_COMPRESSED)
    context.add_init_script(BY_EVENTS_ALONE)
    heard = listen_in(context)
    sign_in(context, site)
    page = open_app(context, site).page
    _record(page, TWO_PIECES_S)
    _cut_in_mid_upload(page)
    from_bytes: list[int] = []
    context.on(
        "request",
        lambda r: (
            from_bytes.append(int(r.headers["upload-offset"])) if r.method == "PATCH" else None
        ),
    )
    page = come_back(page)
    expect(page.locator(".sb-item__state")).to_have_text(SAFE, timeout=20_000)
    assert from_bytes, "nothing was sent"
    assert min(from_bytes) == LARGEST_PIECE, "it began again from nothing"
    assert left_on_phone(page) == NOTHING
    told_equals_stored(
        [sha256(whole(heard))], site.engine, site.desk.keyring, site.desk.settings.blobs_dir
    )

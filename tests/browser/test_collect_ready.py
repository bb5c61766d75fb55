"""The recorder says whether this phone can be used without a connection, and mends it if not."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Site, until
from tests.browser.phones import (
    READY,
    SMALL,
    agree,
    begin_recording,
    context,
    left_on_phone,
    open_app,
    phone,
    sign_in,
    wait_ready,
)

pytestmark = [pytest.mark.browser, pytest.mark.database]
__all__ = ["context", "phone"]

REFUSES = """
    window.register = navigator.serviceWorker.register.bind(navigator.serviceWorker);
    const refuse = () => Promise.reject(new TypeError("refused"));
    const later = (...asked) => new Promise((go) => { window.goOn = go; })
        .then(() => window.register(...asked));
    navigator.serviceWorker.register = refuse;
    window.mend = () => { navigator.serviceWorker.register = later; };
"""
"""A browser that keeps no page until `mend()`, and then does so at `goOn()`."""
LOOK_AGAIN = "() => { window.mend(); window.dispatchEvent(new Event('focus')); }"
KEPT = "() => caches.match('/collect/').then(Boolean)"
LOSE = """async () => {
    for (const name of await caches.keys()) await (await caches.open(name)).delete("/collect/");
}"""
WATCH = """
    window.seen = new Set();
    new MutationObserver(() => seen.add(document.querySelector(".sb-ready")?.textContent))
        .observe(document, { childList: true, characterData: true, subtree: true });
"""
"""Notes each text that the line about this had, however short it stood."""


LISTEN = """
    window.asked = { awake: 0, persist: 0, slice: [], written: [] };
    const spy = (owner, name, note) => {
        const real = owner[name];
        owner[name] = function (...given) { note(given); return real.apply(this, given); };
    };
    spy(WakeLock.prototype, "request", () => asked.awake++);
    spy(StorageManager.prototype, "persist", () => asked.persist++);
    spy(MediaRecorder.prototype, "start", ([ms]) => asked.slice.push(ms));
    spy(IDBDatabase.prototype, "transaction", ([stores, mode, options]) => {
        if (mode === "readwrite") asked.written.push(options?.durability);
    });
"""
"""Notes what the recorder asks of the browser, and lets it have it."""


def test_a_phone_is_kept_awake_and_keeps_each_second_for_good(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site)
    page = open_app(context, site, before=LISTEN).page
    agree(page)
    begin_recording(page)
    page.wait_for_timeout(2200)
    assert left_on_phone(page)["slices"] >= 1
    asked = page.evaluate("asked")
    assert asked["awake"] == 1
    assert asked["persist"] >= 1
    assert asked["slice"] == [1000]
    assert set(asked["written"]) == {"strict"}


def test_a_phone_that_is_not_ready_says_so_and_what_to_do_until_it_is(
    site: Site, context: BrowserContext
) -> None:
    sign_in(context, site)
    context.add_init_script(WATCH)
    visit = open_app(context, site, before=REFUSES)
    page = visit.page
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    line = page.locator(".sb-ready")
    expect(line).to_contain_text("This phone is not ready to work without a connection.")
    expect(line).to_contain_text("Check the connection, and open this page again.")
    visit.check()
    assert visit.fits()
    page.evaluate(LOOK_AGAIN)
    expect(line).to_have_text(
        "Getting this phone ready to work without a connection. Keep it connected for a moment."
    )
    expect(line).to_have_attribute("role", "status")
    visit.check()
    page.evaluate("() => window.goOn()")
    wait_ready(page)
    visit.check()
    assert visit.fits()
    assert page.evaluate(KEPT)
    page.close()
    _says_it_quietly_where_it_is_ready_and_fetches_what_was_lost(site, context)


def _says_it_quietly_where_it_is_ready_and_fetches_what_was_lost(
    site: Site, context: BrowserContext
) -> None:
    page = open_app(context, site).page
    wait_ready(page)
    assert set(page.evaluate("() => [...seen]")) <= {None, "", READY}
    expect(page.locator(".sb-ready")).not_to_have_attribute("role", "status")
    page.evaluate(LOSE)
    assert not page.evaluate(KEPT)
    page.reload()
    wait_ready(page)
    until(page, KEPT)

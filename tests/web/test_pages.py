"""The pages about Storybank itself, and what no page may serve."""

import pytest
from starlette.testclient import TestClient

from storybank.capture.drafts import KEPT
from tests.pages import PageClient

pytestmark = pytest.mark.database


@pytest.mark.parametrize("path", ["/about", "/privacy", "/cookies", "/accessibility", "/receipt"])
def test_the_page_is_whole(pages: PageClient, path: str) -> None:
    pages.get(path)


def test_every_cookie_we_set_is_listed(pages: PageClient, client: TestClient) -> None:
    listed = {e.text for e in pages.get("/cookies").all("th", scope="row")}
    assert listed == {"begun", "draft", "sent", "story", "lang", "form", "staff"}
    assert f"{KEPT.days} days" in pages.get("/cookies").words()


def test_nothing_served_is_of_another_service(pages: PageClient, client: TestClient) -> None:
    page = pages.get("/")
    addresses = [e["href"] for e in page.all("link")] + [e["src"] for e in page.all("script")]
    for address in filter(None, addresses):
        body = client.get(address).text
        for mark in ("govuk-logotype", "GDS Transport", "crown", "gov.uk/assets"):
            assert mark not in body, f"{mark} in {address}"


def test_the_first_load_of_the_form_is_under_a_hundred_kilobytes(
    pages: PageClient, client: TestClient
) -> None:
    for path in ("/tell/write", "/tell/record"):
        page = pages.get(path)
        size = len(page.source.encode())
        wanted = {e["href"] for e in page.all("link")} | {e["src"] for e in page.all("script")}
        wanted |= {e["src"] for e in page.all("img")}
        for address in filter(None, wanted):
            with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
                size += sum(len(block) for block in answer.iter_raw())
        assert size < 40_000, f"{path}: {size} bytes"

"""A programme's short address and its poster."""

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank.db import transaction
from storybank.values import Role
from tests.factories import make_place, make_programme
from tests.pages import PageClient
from tests.staff import cookie_for

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def _lists(engine: Engine) -> None:
    with transaction(engine) as session:
        make_programme(session, "warm-rooms")
        make_place(session)


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/p/warm-rooms", "/?programme=warm-rooms"),
        ("/p/warm-rooms?place=blackbird-leys&lang=pl",
         "/?programme=warm-rooms&place=blackbird-leys&lang=pl"),
        ("/p/warm-rooms?place=nowhere&lang=xx&next=//evil.example", "/?programme=warm-rooms"),
    ],
)  # fmt: skip
def test_a_short_address_sets_what_exists(client: TestClient, address: str, leads_to: str) -> None:
    answer = client.get(address, follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, leads_to)


def test_the_poster_shows_prompt_code_and_address(
    pages: PageClient, client: TestClient, engine: Engine
) -> None:
    client.cookies.set("storybank-staff", cookie_for(engine, Role.ADMIN)[1])
    lists = pages.get("/admin/lists")
    poster = next(a["href"] for a in lists.all("a") if a["href"].endswith("/poster"))
    page = pages.get(f"{poster}?place=blackbird-leys&lang=ar")
    assert "What changed for you?" in page.words()
    assert page.one("p", class_="sb-poster__address").text.endswith("/p/warm-rooms")
    picture = page.one("div", class_="sb-poster__code")
    assert picture["aria-label"].endswith("/p/warm-rooms?place=blackbird-leys&lang=ar")
    assert len(page.one("path", class_="sb-poster__line")["d"]) > 500
    plain = pages.get(poster)
    assert (
        plain.one("path", class_="sb-poster__line")["d"]
        != page.one("path", class_="sb-poster__line")["d"]
    )

"""How many bytes the first view of a public page takes, as a browser fetches it: squeezed."""

import gzip

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from storybank.db import transaction
from tests.factories import make_place, make_programme
from tests.pages import Page

pytestmark = pytest.mark.database

PAGE, RECORDER = 60 * 1024, 90 * 1024
FETCHED = (("link", "href"), ("script", "src"), ("img", "src"), ("source", "src"))


def weigh(client: TestClient, path: str) -> dict[str, int]:
    """Bytes of a page and of everything that it has fetched, by address.

    The page itself is squeezed here: in front of Storybank a proxy does it.
    """
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200, path
        answer.read()
    sizes = {path: len(gzip.compress(answer.content, 6))}
    page = Page(answer.text)
    for tag, attribute in FETCHED:
        for element in page.all(tag):
            if address := element[attribute]:
                sizes[address] = _fetched(client, address)
    assert any(".css" in address for address in sizes)
    assert any(".js" in address for address in sizes)
    return sizes


def _fetched(client: TestClient, address: str) -> int:
    with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200, address
        return sum(len(block) for block in answer.iter_raw())


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", PAGE),
        ("/?lang=ar", PAGE),
        ("/tell/before/record", PAGE),
        ("/tell/write", PAGE),
        ("/receipt", PAGE),
        ("/about", PAGE),
        ("/tell/record", RECORDER),
    ],
)
def test_a_first_view_is_light(client: TestClient, engine: Engine, path: str, most: int) -> None:
    with transaction(engine) as session:
        make_programme(session)
        make_place(session)
    sizes = weigh(client, path)
    assert sum(sizes.values()) < most, sizes
    assert len(sizes) <= 8, sizes

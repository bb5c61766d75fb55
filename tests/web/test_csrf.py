"""No form of staff can be sent from another site, whatever cookie the browser holds."""

import pytest
from sqlmodel import select

from storybank.db import transaction
from storybank.tables import Invite, Person
from storybank.values import Role
from tests.staff import cookie_for
from tests.web.test_authz import EXPECTED

pytestmark = pytest.mark.database

POSTS = sorted(path for method, path in EXPECTED if method == "POST")
ANY = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {},
], ids=str)  # fmt: skip
def test_a_form_from_elsewhere_is_refused_on_every_route(client, engine, headers):
    client.cookies.set("storybank-staff", cookie_for(engine, Role.ADMIN)[1])
    for path in POSTS:
        address = path.format(
            story_id=ANY, suggestion_id=1, coding_id=1, person_id=ANY, code="x", upload_id=ANY
        )
        answer = client.post(
            address, data={"name": "Eve", "email": "eve@evil.example", "role": "admin"},
            headers=headers, follow_redirects=False,
        )  # fmt: skip
        assert answer.status_code == 403, path
    with transaction(engine) as session:
        assert session.exec(select(Invite)).all() == []
        assert [p.role for p in session.exec(select(Person))] == ["admin"]


def test_reading_a_page_changes_nothing(client, engine):
    client.cookies.set("storybank-staff", cookie_for(engine, Role.ADMIN)[1])
    for path in ("/admin/invitations", "/admin/places", "/sign-out"):
        assert client.get(path).status_code == 405
    assert client.get("/admin").status_code == 200

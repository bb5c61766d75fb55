"""No form of staff can be sent from another site, whatever cookie the browser holds."""

import re

import pytest
from sqlmodel import select

from storybank.db import transaction
from storybank.tables import Invite, Person
from storybank.values import Role
from tests.staff import cookie_for
from tests.web.test_authz import EXPECTED
from web.security import OTHER_APPS

pytestmark = pytest.mark.database

UNSAFE = sorted(
    (method, path) for method, path in EXPECTED
    if method not in ("GET", "HEAD", "OPTIONS") and not path.startswith(OTHER_APPS)
)  # fmt: skip
ANY = "00000000-0000-0000-0000-000000000000"
NUMBERED = {"suggestion_id": 1, "coding_id": 1, "key_id": 1}


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {},
], ids=str)  # fmt: skip
def test_a_form_from_elsewhere_is_refused_on_every_route(client, engine, headers):
    client.cookies.set("storybank-staff", cookie_for(engine, Role.ADMIN)[1])
    for method, path in UNSAFE:
        names = {name: NUMBERED.get(name, ANY) for name in re.findall(r"{(\w+)}", path)}
        answer = client.request(
            method, path.format(**names), headers=headers, follow_redirects=False,
            data={"name": "Eve", "email": "eve@evil.example", "role": "admin"},
        )  # fmt: skip
        assert answer.status_code == 403, f"{method} {path}"
    with transaction(engine) as session:
        assert session.exec(select(Invite)).all() == []
        assert [p.role for p in session.exec(select(Person))] == ["admin"]


def test_reading_a_page_changes_nothing(client, engine):
    client.cookies.set("storybank-staff", cookie_for(engine, Role.ADMIN)[1])
    for path in ("/admin/invitations", "/admin/places", "/sign-out"):
        assert client.get(path).status_code == 405
    assert client.get("/admin").status_code == 200


def test_the_address_of_survey_apps_takes_no_cookie_for_an_answer(client, engine):
    client.cookies.set("storybank-staff", cookie_for(engine, Role.ADMIN)[1])
    headers = {"Origin": "https://evil.example", "X-OpenRosa-Version": "1.0"}
    for path in ("submission", "../sign-out", "..%2fsign-out", "/sign-out", "%2e%2e/sign-out"):
        answer = client.post(f"/key/x/{path}", headers=headers, follow_redirects=False)
        assert answer.status_code in (401, 403, 404, 405), path
    assert client.get("/admin").status_code == 200, "still signed in"

"""What no page of ours sends: answered as a mistake of the sender, never as one of ours."""

import pytest

from storybank.db import transaction
from storybank.values import Role
from tests.factories import make_programme
from tests.staff import sign_in

pytestmark = pytest.mark.database

LONG = "9" * 5000


@pytest.mark.parametrize("address", ["/?programme=%00", "/tell/write?programme=a%00b"])
def test_a_nul_in_an_address_is_passed_over(client, engine, address):
    with transaction(engine) as session:
        make_programme(session)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", [
    f"/search?page={LONG}", "/search?from=1/1/99999999999999999999", f"/search?to=1/1/{LONG}",
    "/sign-in?next=//[",
])  # fmt: skip
def test_numbers_beyond_measure_and_half_addresses_break_no_page(client, engine, address):
    sign_in(client, engine, Role.EVALUATOR)
    assert client.get(address, follow_redirects=False).status_code < 400


@pytest.mark.parametrize(("method", "address"), [
    ("GET", "/p/%00"), ("HEAD", "/uploads/%00"), ("GET", "/admin/programmes/a%00/poster"),
    ("POST", f"/admin/phones/{LONG[:20]}/revoke"),
])  # fmt: skip
def test_names_that_no_database_takes_are_not_found(client, engine, method, address):
    sign_in(client, engine, Role.ADMIN)
    client.cookies.set("storybank-draft", "x")
    headers = {"sec-fetch-site": "same-origin", "tus-resumable": "1.0.0"}
    assert client.request(method, address, headers=headers).status_code == 404


@pytest.mark.parametrize("form", [
    {"programme-name": "Warm\0 rooms", "prompt": "What\0?"},
])  # fmt: skip
def test_a_nul_in_a_form_is_left_out(client, engine, form):
    sign_in(client, engine, Role.ADMIN)
    answer = client.post("/admin/programmes", data=form, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 200
    assert "Warm rooms" in answer.text


def test_a_year_beyond_measure_is_asked_about(client, engine):
    sign_in(client, engine, Role.WORKER)
    answer = client.post(
        "/worker/new", data={"year": LONG}, headers={"sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 422


def test_a_form_token_in_another_script_is_a_wrong_one(client):
    client.cookies.set("storybank-form", "x")
    assert client.post("/receipt", data={"form_token": "é", "code": "1"}).status_code == 403


def test_a_referer_that_is_no_address_leads_to_the_sign_in_page(client):
    answer = client.get("/search", headers={"HX-Request": "true", "referer": "http://["})
    assert answer.headers["HX-Redirect"] == "/sign-in"

import pytest
from sqlmodel import select

from storybank import installed
from storybank.commands import checking
from storybank.db import reading, transaction
from storybank.tables import AuditEntry, Person, Place, Programme
from storybank.values import Role
from tests.staff import cookie_for, sign_in

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def admin(client, engine):
    return sign_in(client, engine, Role.ADMIN, "Noor")


def test_damage_to_what_was_learnt_is_said_and_shuts_no_page(pages, client, engine, settings):
    folder = installed.folder_of(settings)
    folder.mkdir(parents=True)
    (folder / "in-use.json").write_text('["learnt-7"]')
    assert "learnt-7 cannot be read" in pages.get("/admin").words()
    (folder / "in-use.json").write_text("{")
    assert "storybank train --undo" in pages.get("/admin").words()
    sign_in(client, engine, Role.EVALUATOR)
    assert "storybank train --undo" in pages.get("/framework-versions").words()
    (found,) = checking._tried("what was learnt", lambda: checking._learnt(settings))
    assert (found.state, "train --undo" in found.mend + found.said) == ("broken", True)


def test_an_invitation_shows_its_link_once(pages, engine):
    page = pages.get("/admin")
    assert "Nobody else has an account yet" in page.words()
    made = pages.post("/admin/invitations", {"name": "Ben", "email": "ben@example.org",
                                             "role": "evaluator"})  # fmt: skip
    link = made.one("p", id="link").text
    code = link.rsplit("/", 1)[1]
    assert link.startswith("http://127.0.0.1:8000/invitation/")
    listed = pages.get("/admin")
    assert "ben@example.org" in listed.words()
    assert code not in listed.source
    assert "Welcome, Ben" in pages.get(f"/invitation/{code}").words()


@pytest.mark.parametrize(("change", "said"), [
    ({"email": "ben"}, "not an email address"),
    ({"name": ""}, "name"),
    ({"role": "king"}, "Choose"),
])  # fmt: skip
def test_a_wrong_invitation_says_what_to_mend(pages, change, said):
    form = {"name": "Ben", "email": "ben@example.org", "role": "worker"} | change
    page = pages.post("/admin/invitations", form, status=422)
    assert said in page.one("div", class_="govuk-error-summary").text


def test_switching_off_signs_out_at_once(pages, client, engine, admin):
    other, cookie = cookie_for(engine, Role.EVALUATOR, "Ben")
    assert "switched off" in pages.post(f"/admin/people/{other.person_id}/disable", {}).words()
    own = client.cookies["storybank-staff"]
    client.cookies.clear()
    client.cookies.set("storybank-staff", cookie)
    assert client.get("/search", follow_redirects=False).status_code == 303
    client.cookies.clear()
    client.cookies.set("storybank-staff", own)
    pages.post(f"/admin/people/{other.person_id}/enable", {})
    pages.post(f"/admin/people/{admin.person_id}/disable", {}, status=422)
    with transaction(engine) as session:
        assert not [p for p in session.exec(select(Person)) if p.disabled_at]


def test_programmes_and_places_are_added_once(pages, engine):
    assert "There is no programme yet" in pages.get("/admin/lists").words()
    form = {"programme-name": "Café & Garden", "prompt": "What grew?", "about": ""}
    assert "What grew?" in pages.post("/admin/programmes", form).words()
    twice = pages.post("/admin/programmes", form, status=422)
    assert "already" in twice.words()
    pages.post("/admin/places", {"place-name": "Wood Farm"})
    pages.post("/admin/places", {"place-name": "wood  farm"}, status=422)
    pages.post("/admin/places", {"place-name": "!!!"}, status=422)
    with transaction(engine) as session:
        assert session.exec(select(Programme.slug)).all() == ["cafe-garden"]
        assert session.exec(select(Place.slug)).all() == ["wood-farm"]


def test_the_right_to_write_versions_is_given_and_taken_by_an_admin(pages, client, engine):
    ben = sign_in(client, engine, Role.EVALUATOR, "Ben")
    cookie = client.cookies.get("storybank-staff")
    pages.get("/framework-draft", status=403)
    sign_in(client, engine, Role.ADMIN)
    address = f"/admin/people/{ben.person_id}/frameworks"
    given = pages.post(address, pages.get("/admin").form(address))
    assert "may change what stories are read for" in given.words()
    admin = client.cookies.get("storybank-staff")
    client.cookies.set("storybank-staff", cookie)
    assert "There is no draft" in pages.get("/framework-draft").words()
    client.cookies.set("storybank-staff", admin)
    pages.post(address, pages.get("/admin").form(address))
    client.cookies.set("storybank-staff", cookie)
    pages.get("/framework-draft", status=403)
    with reading(engine) as session:
        acts = session.exec(select(AuditEntry.purpose).where(AuditEntry.act == "frameworks-right"))
        assert acts.all() == ["yes", "no"]

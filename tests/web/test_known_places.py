"""A council's own streets, schools and practices: pasted in, masked, and followed by the rules."""

import pytest
from sqlmodel import select

from storybank.db import reading, transaction
from storybank.gazetteer import KnowingRedactor
from storybank.tables import KnownPlaceRow
from storybank.values import Role
from tests.fakes import NamedRedactor
from tests.staff import sign_in

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def admin(client, engine):
    return sign_in(client, engine, Role.ADMIN)


def test_names_are_pasted_once_and_removed(pages, engine):
    page = pages.post("/admin/known-places", {"kind": "street", "names": "Elm  Road\n\nelm road\n"})
    assert "1 name is new" in page.words()
    page = pages.post("/admin/known-places", {"kind": "school", "names": "ELM ROAD\nLarkrise"})
    assert "1 name is new. 1 was there already." in page.words()

    with reading(engine) as session:
        first = session.exec(select(KnownPlaceRow).order_by(KnownPlaceRow.id)).first()
    page = pages.post(f"/admin/known-places/{first.id}/remove", {})
    assert "“elm road” is removed" in page.words()
    known = "".join(ul.text for ul in page.all("ul", class_="sb-known"))
    assert "Larkrise" in known
    assert "elm road" not in known

    (back,) = page.all("form", class_="sb-put-back")
    hidden = {e["name"]: e["value"] for e in page.all("input", type="hidden") if back in e.path}
    page = pages.post("/admin/known-places", hidden)
    assert "1 name is new" in page.words()
    with reading(engine) as session:
        rows = session.exec(select(KnownPlaceRow)).all()
    assert {(row.name, row.kind) for row in rows} == {
        ("elm road", "street"),
        ("Larkrise", "school"),
    }


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "street", "names": " \n"}, "names"),
        ({"kind": "street", "names": "A1"}, "names"),
        ({"kind": "pub", "names": "The Anchor"}, "kind-1"),
        ({"kind": "street", "names": "x" * 121}, "names"),
    ],
)
def test_wrong_lists_are_refused_with_what_to_mend(pages, typed, field):
    page = pages.post("/admin/known-places", typed, status=422)
    assert page.one("div", class_="govuk-error-summary").text
    assert f'href="#{field}"' in page.source


def test_the_rules_know_of_a_new_place_at_once(engine):
    made = []

    def make(kept, known):
        made.append([(place.name, place.kind) for place in known])
        return NamedRedactor(*(place.name for place in known))

    redactor = KnowingRedactor(engine, make)
    redactor.find("Larkrise is near.")
    with transaction(engine) as session:
        session.add(KnownPlaceRow(name="Larkrise", kind="school"))

    assert len(redactor.find("Larkrise is near.")) == 1
    redactor.find("Again.")
    assert made == [[], [("Larkrise", "school")]]

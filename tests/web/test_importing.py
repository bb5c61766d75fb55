"""A list of stories through the pages: sent, looked at, checked, imported, and gone."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from storybank.capture import import_files
from storybank.capture.import_files import Phase, drop_old_imports, go_on, keep_list, open_list
from storybank.db import reading, transaction
from storybank.tables import ImportFile, Place, Story
from storybank.values import Role
from tests.factories import make_place, make_programme
from tests.staff import sign_in

pytestmark = pytest.mark.database

LIST = """Ref,What they said,Area,Date
1,The Zanzibar lift is mended,Blackbird Leys,31/05/2026
2,A bench,Atlantis,2026-05-31
3,"Warm
words",Blackbird Leys,soon
4,They asked us first,,
"""


@pytest.fixture(autouse=True)
def lists(engine):
    with transaction(engine) as session:
        make_place(session)
        make_programme(session)


@pytest.fixture
def evaluator(client, engine):
    return sign_in(client, engine, Role.EVALUATOR)


def send(pages, content=LIST, **more):
    form = pages.get("/import").form("/import")
    return pages.post("/import", form, files={"list": ("a.csv", content)}, **more)


def path_of(pages):
    return pages.response.url.path


def check(pages, path, *, status=200, **change):
    """Send the columns as the page shows them, with some changed, and go on to the end."""
    values = pages.get(path).form(f"{path}/columns")
    selects = {"place": "Area", "text": "What they said", "id": "Ref", "told_on": "Date"}
    values |= (
        selects | {"whole-programme": "thriving", "who-says": "file", "consent": "learn"} | change
    )
    page = pages.post(f"{path}/columns", values, status=status)
    return work(pages, path) if status == 200 else page


def work(pages, path):
    for _ in range(20):
        page = pages.get(path)
        if not page.all("form", action=f"{path}/go"):
            return page
        pages.post(f"{path}/go", {})
    raise AssertionError("it never ends")


def test_a_list_with_a_quotation_mark_left_open_is_refused_as_it_is_sent(pages, engine, evaluator):
    page = send(pages, LIST.replace('"Warm', '"Warm" and'), status=422)
    assert "The file cannot be read from line 4 on" in page.words()
    with reading(engine) as session:
        assert session.exec(select(ImportFile)).all() == []


def stories(engine):
    with reading(engine) as session:
        return session.exec(select(Story).order_by(Story.external_id)).all()


def test_a_list_goes_from_columns_to_check_to_stories(pages, client, engine, evaluator):
    page = send(pages)
    path = path_of(pages)
    assert "The Zanzibar lift is mended" in page.words()
    chosen = {e["name"]: o["value"] for e in page.all("select") for o in page.all("option")
              if e in o.path and "selected" in o.attributes}  # fmt: skip
    assert chosen == {"id": "Ref", "place": "Area", "told_on": "Date"} | {"text": "What they said"}

    checked = check(pages, path)
    assert "2 stories are new" in checked.words()
    assert 'There is no place "Atlantis"' in checked.words()
    assert stories(engine) == []
    rows = list(csv.reader(io.StringIO(client.get(f"{path}/mistakes.csv").text)))
    assert [row[:2] for row in rows] == [["line", "column"], ["3", "Area"], ["5", "Date"]]

    pages.post(f"{path}/start", {})
    done = work(pages, path)
    assert "2 stories were imported" in done.words()
    first, last = stories(engine)
    assert (first.told_on, first.may_learn, first.may_quote) == ("2026-05-31", True, False)
    assert last.place_id is None
    with reading(engine) as session:
        assert session.exec(select(ImportFile.sealed)).one() == b""

    send(pages)
    again = check(pages, path_of(pages))
    assert "here already" in again.words()
    assert not again.all("form", action=f"{path_of(pages)}/start")


def test_parts_of_the_page_show_how_far_it_is(pages, evaluator):
    send(pages)
    path = path_of(pages)
    values = pages.get(path).form(f"{path}/columns")
    values |= {"text": "What they said", "whole-programme": "thriving", "who-says": "rows"}
    pages.post(f"{path}/columns", values)
    assert "Row 0 of 4" in pages.part(path).source
    pages.post(f"{path}/go", {})
    assert "does not say what the teller agreed to" in pages.part(path).source


def test_the_list_is_sealed_and_its_owners_alone(pages, client, engine, evaluator):
    send(pages)
    path = path_of(pages)
    check(pages, path)
    with Session(engine) as session:
        kept = session.execute(sa.text("select * from import_file")).one()
    assert not [v for v in kept if isinstance(v, bytes) and (b"Zanzibar" in v or b"Atlant" in v)]
    sign_in(client, engine, Role.EVALUATOR, "Another")
    pages.get(path, status=404)
    pages.get(f"{path}/mistakes.csv", status=404)
    pages.post(f"{path}/go", {}, status=404)
    assert "Lists that you sent" not in pages.get("/import").words()


def test_what_cannot_be_is_asked_for_again(pages, evaluator):
    for content, said in (
        (b"", "not empty"), ("Caf\u00e9".encode("cp1252"), "UTF-8"), (b"PK\x03\x04", "CSV UTF-8"),
    ):  # fmt: skip
        assert said in send(pages, content, status=422).words()
    send(pages)
    path = path_of(pages)
    for change, said in (
        ({"text": ""}, "Choose the column that holds the stories"),
        ({"place": "Nowhere"}, "Choose a column of the file"),
        ({"who-says": ""}, "how the tellers' consent is known"),
        ({"whole-programme": "x"}, "Choose a programme"),
    ):
        assert said in check(pages, path, status=422, **change).words()
    pages.post(f"{path}/start", {}, status=409)


def test_only_admins_add_places(pages, client, engine, evaluator):
    send(pages)
    assert 'no place "Atlantis"' in check(pages, path_of(pages), create="yes").words()
    sign_in(client, engine, Role.ADMIN)
    send(pages)
    path = path_of(pages)
    assert "Atlantis" not in check(pages, path, create="yes").words()
    pages.post(f"{path}/start", {})
    work(pages, path)
    with reading(engine) as session:
        assert session.exec(select(Place.slug).where(Place.slug == "atlantis")).all()


def test_the_columns_can_be_changed_until_the_import_begins(pages, evaluator):
    send(pages)
    path = path_of(pages)
    check(pages, path)
    assert "What the columns are" in pages.post(f"{path}/change", {}).words()
    check(pages, path)
    pages.post(f"{path}/start", {})
    pages.post(f"{path}/change", {}, status=409)
    work(pages, path)
    assert "Imported" in pages.get("/import").words()
    pages.post(f"{path}/delete", {})
    pages.get(path, status=404)


def test_an_import_that_was_cut_off_goes_on_where_it_was(engine, desk, evaluator):
    rows = "".join(f"{n},Words of {n}\n" for n in range(200))
    plan_of = lambda: open_list(session, desk.keyring, evaluator, import_id)  # noqa: E731
    with transaction(engine) as session:
        import_id = keep_list(session, desk.keyring, evaluator, f"id,text\n{rows}".encode())
        kept = plan_of()
        kept.plan.consent = "learn"
        import_files.check_list(session, kept)
    assert go_on(engine, desk, evaluator, import_id, seconds=0).at == 64
    assert go_on(engine, desk, evaluator, import_id, seconds=60).phase == Phase.CHECKED
    with transaction(engine) as session:
        import_files.import_list(session, evaluator, plan_of())
    go_on(engine, desk, evaluator, import_id, seconds=0)
    assert len(stories(engine)) == 64
    done = go_on(engine, desk, evaluator, import_id, seconds=60)
    assert (done.phase, done.outcome.stored, done.outcome.already) == (Phase.DONE, 200, 0)
    assert len(stories(engine)) == 200


def test_lists_go_after_a_day(engine, desk, evaluator):
    with transaction(engine) as session:
        import_id = keep_list(session, desk.keyring, evaluator, b"id,text\n1,Words\n")
        row = session.get_one(ImportFile, import_id)
        row.created_at -= timedelta(days=1, minutes=1)
        session.add(row)
        session.flush()
        assert import_files.lists_of(session, desk.keyring, evaluator) == []
        drop_old_imports(session)
    with transaction(engine) as session:
        assert session.exec(select(ImportFile)).all() == []


def test_half_a_character_in_any_cell_is_left_out_and_the_pages_show_the_rest(
    pages, evaluator, engine
):
    cut = '{"id": "a\\ud83d", "text": "The lift \\ud83d is mended", "x\\udc00": ["\\ud83d"]}\n'
    form = pages.get("/import").form("/import")
    pages.post("/import", form, files={"list": ("a.jsonl", cut)})
    path = path_of(pages)
    assert "The lift is mended" in pages.get(path).words()
    check(pages, path, text="text", id="id", place="", told_on="")
    pages.post(f"{path}/start", {})
    work(pages, path)
    assert [story.external_id for story in stories(engine)] == ["a"]

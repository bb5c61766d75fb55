"""Stories come in from files row by row, and go out only where their tellers agreed."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from storybank.access import Actor
from storybank.capture.importing import Outcome, Terms, consent_from, import_rows
from storybank.capture.intake import Desk
from storybank.db import reading, transaction
from storybank.errors import BadImport, BadInput
from storybank.evidence.export import count_exportable, exportable, write_csv, write_jsonl
from storybank.tables import (
    Consent,
    Place,
    Programme,
    Story,
    SuggestionRow,
    TranscriptRow,
)
from storybank.values import Channel, Role, Use
from tests.factories import make_place, make_programme, make_story

pytestmark = pytest.mark.database

EVALUATOR = Actor(role=Role.EVALUATOR)
LEARN = Terms(consent=consent_from("learn"))
HEAD = "id,text,place,told_on,consent_learn,consent_quote\n"


@pytest.fixture(autouse=True)
def lists(engine: Engine) -> None:
    with transaction(engine) as session:
        make_programme(session)
        make_place(session, "rose-hill-and-iffley", kind="ward").name = "Rose Hill & Iffley"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine) as session:
        yield session


def bring(engine: Engine, desk: Desk, path: Path, terms: Terms = LEARN) -> Outcome:
    return import_rows(engine, desk, path, terms)


def stories(engine: Engine) -> list[Story]:
    with reading(engine) as session:
        return list(session.exec(select(Story).order_by(col(Story.external_id))).all())


def test_good_rows_go_in_and_bad_ones_are_named_by_their_line(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        HEAD
        + 'a1,"The bus,\nit never comes.",Rose Hill & Iffley,2026-05-31,yes,no\n'
        + "a2,,Rose Hill & Iffley,2026-05-31,yes,no\n"
        + "a3,Warm words,Atlantis,2026-05-31,yes,no\n"
        + "a4,Warm words,,31.05.2026,yes,no\n"
        + "a5,Warm words,,2026-05-31,perhaps,no\n"
        + ",Warm words,,2026-05-31,yes,no\n"
        + "a7,Warm words,,,yes,yes\n",
        encoding="utf-8-sig",
    )

    outcome = bring(engine, desk, path)

    assert (outcome.stored, outcome.already) == (2, 0)
    assert [problem.line for problem in outcome.problems] == [4, 5, 6, 7, 8]
    assert "Atlantis" in outcome.problems[1].sentence
    first, last = stories(engine)
    assert (first.external_id, first.told_on, first.channel) == ("a1", "2026-05-31", Channel.IMPORT)
    assert (first.may_learn, first.may_quote, last.may_quote) == (True, False, True)
    with reading(engine) as session:
        assert session.exec(select(Place.slug).where(Place.id == first.place_id)).one() == (
            "rose-hill-and-iffley"
        )
        assert session.exec(select(Consent.how)).all() == ["import", "import"]


def test_importing_again_changes_nothing_and_other_words_clash(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": 1, "text": "The same words"}\n{"id": "2", "text": "Others"}\n')
    bring(engine, desk, path)
    path.write_text('{"id": 1, "text": "The same words"}\n{"id": "2", "text": "Changed"}\n')

    outcome = bring(engine, desk, path)

    assert (outcome.stored, outcome.already) == (0, 1)
    assert [problem.line for problem in outcome.problems] == [2]
    assert len(stories(engine)) == 2


def test_consent_is_asked_for_where_neither_row_nor_importer_says_it(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    said = {"id": "b", "text": "Words", "consent": {"learn": True, "quote": False}}
    path.write_text('{"id": "a", "text": "Words"}\n' + json.dumps(said))

    outcome = bring(engine, desk, path, Terms())

    assert outcome.stored == 1
    assert "does not say what the teller agreed to" in outcome.problems[0].sentence
    (only,) = stories(engine)
    assert (only.external_id, only.may_learn, only.may_quote) == ("b", True, False)


def test_the_importers_consent_never_widens_what_a_row_says(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("id,text,consent_learn\na,Words,yes\nb,Words,\nc,Words,no\n")

    bring(engine, desk, path, Terms(consent=consent_from("learn,quote")))

    said = [(s.external_id, s.may_learn, s.may_quote) for s in stories(engine)]
    assert said == [("a", True, False), ("b", True, True), ("c", False, False)]


def test_unknown_places_and_programmes_are_added_on_request_only(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [
        {"id": "a", "text": " ", "place": "Wood Farm", "programme": "Winter Rooms"},
        {"id": "b", "text": "Words", "place": "Wood Farm", "programme": "Winter Rooms"},
        {"id": "c", "text": "Words", "place": "wood farm"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))

    assert bring(engine, desk, path).stored == 0
    outcome = bring(engine, desk, path, Terms(consent_from("learn"), create=True))

    assert outcome.stored == 2
    with reading(engine) as session:
        assert session.exec(select(Programme.name).where(Programme.slug == "winter-rooms")).one()
        assert session.exec(select(func.count()).where(Place.slug == "wood-farm")).one() == 1


def test_a_name_too_long_for_a_file_spoils_no_other_row(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"id,file,text\na1,{'a' * 5000},\na2,,Warm words\n")
    outcome = bring(engine, desk, path)
    assert outcome.stored == 1
    assert [problem.line for problem in outcome.problems] == [2]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("rows.csv", b"", "is empty"),
        ("rows.jsonl", b"", "is empty"),
        ("rows.jsonl", b"\n  \n", "is empty"),
        ("rows.csv", b"id,words\na,b\n", '"text"'),
        ("rows.csv", "id,text\na,caf\u00e9\n".encode("cp1252"), "UTF-8"),
        ("rows.xlsx", b"PK", ".csv"),
    ],
)
def test_files_that_cannot_be_read_say_what_to_do(
    engine: Engine, desk: Desk, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(BadImport) as error:
        bring(engine, desk, path)

    assert says in error.value.message


def test_odd_bytes_in_rows_stop_nobody(engine: Engine, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    good = json.dumps({"id": "good", "text": "nul \x00 and \u202eright\u202c \U0001f600"})
    path.write_text('{"id": "bad\\u0000id", "text": "x"}\nnot json\n[1]\n' + good + "\n")

    outcome = bring(engine, desk, path)

    assert (outcome.stored, [problem.line for problem in outcome.problems]) == (1, [1, 2, 3])


def test_a_row_gives_words_or_a_recording_and_not_both(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    rows = [{"id": "none"}, {"id": "both", "text": "Warm words", "file": "a.wav"}]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))

    said = [problem.sentence for problem in bring(engine, desk, path).problems]

    assert said == [
        "It has neither words nor a recording. Give one of the two.",
        "It has both words and a recording. Give only one of the two.",
    ]


def test_an_unknown_use_is_refused() -> None:
    with pytest.raises(BadInput):
        consent_from("learn,sell")


@pytest.mark.parametrize("use", list(Use))
def test_a_story_refused_for_a_use_is_never_exported_for_it(session: Session, use: Use) -> None:
    make_story(session, "zanzibar marrow", **{f"may_{use}": False})
    make_story(session, "allotment bench")
    make_story(session, "withdrawn words", withdrawn_at=func.now())

    out = io.StringIO()
    assert count_exportable(session, EVALUATOR, use) == 1
    assert write_jsonl(exportable(session, EVALUATOR, use), out) == 1
    assert write_csv(exportable(session, EVALUATOR, use), out) == 1

    assert "allotment" in out.getvalue()
    assert "zanzibar" not in out.getvalue()
    assert "withdrawn" not in out.getvalue()


def test_whose_story_it_is_comes_in_as_our_own_forms_say_it_and_never_as_a_name(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    tellers = ["about-me", "About someone else", "Margaret Okonkwo", ""]
    rows = [f"a{number},Warm words {number},{who}" for number, who in enumerate(tellers)]
    path.write_text("\n".join(["id,text,teller", *rows]))
    bring(engine, desk, path)
    assert [s.teller for s in stories(engine)] == ["about-me", "about-someone-else", None, None]


def test_a_name_that_an_earlier_version_took_for_whose_story_it_is_is_not_handed_on(
    session: Session,
) -> None:
    make_story(session, "allotment bench", teller="Margaret Okonkwo")
    out = io.StringIO()
    write_csv(exportable(session, EVALUATOR, Use.LEARN), out)
    assert "allotment" in out.getvalue()
    assert "Okonkwo" not in out.getvalue()


@pytest.mark.parametrize("role", [None, Role.WORKER, Role.ADMIN])
def test_roles_that_read_nothing_export_nothing(session: Session, role: Role | None) -> None:
    make_story(session, "allotment bench")

    assert list(exportable(session, Actor(role=role), Use.LEARN)) == []


def test_csv_cells_never_begin_a_formula_and_tags_name_who_said_them(session: Session) -> None:
    text = '=HYPERLINK("x") said the sign'
    story = make_story(session, text, external_id="+1", title="@sum", teller="-1")
    (transcript,) = session.exec(
        select(TranscriptRow.id).where(TranscriptRow.story_id == story.id)
    ).all()
    session.add(
        SuggestionRow(
            story_id=story.id, transcript_id=transcript, framework="thriving-communities@1",
            code="aim-adapting", direction="-", start=0, end=9, quote=text[:9], score=0.8,
            model_id="head-1",
        )
    )  # fmt: skip
    session.flush()
    out = io.StringIO()

    write_csv(exportable(session, EVALUATOR, Use.QUOTE), out)

    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert not [cell for cell in row.values() if cell.startswith(tuple("=+-@\t\r"))]
    assert (row["code"], row["direction"], row["state"]) == ("aim-adapting", "missing", "suggested")
    assert (row["said_by"], row["quote"]) == ("head-1", f"'{text[:9]}")
    assert row["framework"] == "thriving-communities@1"

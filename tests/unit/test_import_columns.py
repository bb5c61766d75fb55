"""Which column of a file holds what: guessed from its name, or said on the command line."""

import pytest

from storybank.capture.columns import columns_from, guess_columns
from storybank.capture.rows import Sheet, columns_of, rows_of
from storybank.errors import BadImport, BadInput

SURVEY = b"Response ID,Ward,What happened? (in your own words),Date submitted,OK to quote?\n"


def test_columns_are_found_by_the_names_that_people_give_them() -> None:
    names = columns_of(Sheet("survey.CSV", SURVEY))
    found = {name: column for name, column in guess_columns(names).items() if column}
    assert found == {
        "id": "Response ID",
        "place": "Ward",
        "text": "What happened? (in your own words)",
        "told_on": "Date submitted",
    }


def test_a_whole_name_wins_over_one_that_holds_the_word_and_none_serves_twice() -> None:
    found = guess_columns(["Story date", "Story", "id", "text"])
    assert (found["text"], found["id"], found["told_on"]) == ("text", "id", "Story date")
    assert len({c for c in found.values() if c}) == len([c for c in found.values() if c])


def test_every_field_by_its_own_name() -> None:
    found = guess_columns(["id", "text", "place", "consent_learn", "consent_named", "told_on"])
    assert all(found[name] == name for name in ("id", "text", "place", "consent_named", "told_on"))


def test_rows_come_under_the_names_of_fields_and_hide_the_rest() -> None:
    sheet = Sheet("a.csv", b'Ref;Story;text\n1;"One\ntwo";other\n')
    [row] = rows_of(sheet, {"id": "Ref", "text": "story"})
    assert row.fields["text"] == "One\ntwo"
    assert (row.fields["id"], row.number) == ("1", 3)
    [row] = rows_of(Sheet("a.jsonl", b'{"Ref": 1, "Story": "One"}'), {"id": "Ref", "text": "Story"})
    assert (row.fields["text"], row.fields["id"]) == ("One", 1)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(BadImport) as error:
        list(rows_of(Sheet("a.csv", b"id,text\n"), {"text": "Story"}))
    assert 'no column "Story"' in error.value.message


@pytest.mark.parametrize(("name", "content", "says"), [
    ("a.csv", b"", "is empty"), ("a.csv", "é".encode("cp1252"), "UTF-8"),
    ("a.xlsx", b"PK", ".csv"), ("a", b"x", ".csv"),
])  # fmt: skip
def test_a_sheet_that_cannot_be_read_says_what_to_do(name: str, content: bytes, says: str) -> None:
    with pytest.raises(BadImport) as error:
        columns_of(Sheet(name, content))
    assert says in error.value.message


@pytest.mark.parametrize("line", [
    b'1,"He said hello,Cowley', b'1,"He said "hello" to me,",Cowley', b'1,"He said" hello,Cowley',
])  # fmt: skip
def test_no_quotation_mark_makes_one_story_of_what_several_told(line: bytes) -> None:
    sheet = Sheet("a.csv", b"id,text,place\n0,Before,Iffley\n" + line + b'\n2,"The bus",Iffley\n')
    with pytest.raises(BadImport) as error:
        list(rows_of(sheet))
    assert error.value.message == (
        "a.csv cannot be read from line 3 on: there a quotation mark begins or ends in the middle "
        "of a cell. Write each one that belongs to the words twice, and try again."
    )


def test_columns_said_on_the_command_line() -> None:
    assert columns_from(["text=Story", "id = Ref=2"]) == {"text": "Story", "id": "Ref=2"}
    assert columns_from(["id="]) == {"id": ""}
    for wrong in ("text", "words=Story"):
        with pytest.raises(BadInput):
            columns_from([wrong])

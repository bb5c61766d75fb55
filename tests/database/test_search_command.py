import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from storybank import db
from storybank.cli import app
from storybank.tables import Place

pytestmark = pytest.mark.database


@pytest.fixture
def search(monkeypatch, tmp_path, database_url, engine):
    monkeypatch.setenv("STORYBANK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(
        "STORYBANK_DATABASE_URL", make_url(database_url).render_as_string(hide_password=False)
    )
    with db.transaction(engine) as session:
        session.add(Place(slug="mill-end", name="Mill & End"))
    return lambda place: CliRunner().invoke(app, ["search", "", "--place", place])


@pytest.mark.parametrize("typed", ["Mill & End", "mill  & end", "mill-end", "Mill End"])
def test_a_place_is_known_by_its_name_and_by_its_short_name(search, typed):
    result = search(typed)

    assert result.exit_code == 0, result.stderr
    assert "0 stories found" in result.stderr


def test_a_place_that_is_not_there_is_named_and_not_taken_for_an_empty_one(search):
    result = search("Nowhere")

    assert result.exit_code == 1
    told = " ".join(result.stderr.split())
    assert "There is no place Nowhere" in told
    assert "Mill & End" in told

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from storybank import accounts, db
from storybank.cli import app

pytestmark = pytest.mark.database


@pytest.fixture
def run(monkeypatch, tmp_path, database_url):
    monkeypatch.setenv("STORYBANK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(
        "STORYBANK_DATABASE_URL", make_url(database_url).render_as_string(hide_password=False)
    )
    monkeypatch.setenv("STORYBANK_PUBLIC_URL", "https://stories.example.org/")
    return lambda *words: CliRunner().invoke(app, ["invite", *words])


def test_an_invitation_prints_only_its_link_to_standard_output(run, engine):
    result = run("ben@example.org", "--name", "Ben", "--role", "worker")

    assert result.exit_code == 0
    link = result.stdout.strip()
    address, _, code = link.rpartition("/")
    assert address == "https://stories.example.org/invitation"
    with db.reading(engine) as session:
        invite = accounts.open_invite(session, code)
        assert (invite.email, invite.role, invite.invited_by) == ("ben@example.org", "worker", None)


@pytest.mark.parametrize(("words", "said"), [
    (["ben", "--name", "Ben"], "not an email address"),
    (["b@x.org", "--name", "Ben", "--role", "king"], 'no role "king"'),
])  # fmt: skip
def test_what_is_wrong_is_one_sentence(run, words, said):
    result = run(*words)
    assert result.exit_code == 1
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""
    assert "Traceback" not in result.stderr

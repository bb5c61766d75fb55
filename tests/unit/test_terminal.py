"""What commands say where something is wrong."""

import errno
import json

import procrastinate
import pytest
import typer
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from storybank.cli import app
from storybank.commands.terminal import plainly


@pytest.mark.parametrize(
    ("url", "said", "unsaid"),
    [
        (None, "The built-in database does not answer", "STORYBANK_DATABASE_URL"),
        ("postgresql://somewhere/else", "Check STORYBANK_DATABASE_URL", "built-in database does"),
    ],
    ids=["built in", "by address"],
)
@pytest.mark.parametrize(
    "lost",
    [
        OperationalError("select 1", {}, Exception("server closed the connection")),
        procrastinate.exceptions.ConnectorException(),
    ],
    ids=["of a command", "of a worker"],
)
def test_a_database_that_goes_away_is_named_as_the_one_in_use(
    monkeypatch, capsys, lost, url, said, unsaid
):
    monkeypatch.delenv("STORYBANK_DATABASE_URL", raising=False)
    if url:
        monkeypatch.setenv("STORYBANK_DATABASE_URL", url)

    @plainly
    def work() -> None:
        raise lost

    with pytest.raises(typer.Exit) as ended:
        work()
    told = " ".join(capsys.readouterr().err.split())
    assert ended.value.exit_code == 1
    assert said in told
    assert unsaid not in told


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (OSError(errno.EIO, "Input/output error"), "Error: Input/output error"),
        (OSError(errno.EACCES, "Permission denied", "x.csv"), "Error: Permission denied: x.csv"),
    ],
    ids=["of no file", "of a file"],
)
def test_what_the_system_refuses_is_said_with_the_file_where_there_is_one(capsys, problem, said):
    @plainly
    def read() -> None:
        raise problem

    with pytest.raises(typer.Exit):
        read()
    assert capsys.readouterr().err.strip() == said


@pytest.mark.parametrize("command", ["tag", "redact", "check-language"])
def test_a_text_that_is_too_long_is_named_before_anything_is_loaded_or_read(tmp_path, command):
    lines = [{"id": "short", "text": "word"}, {"id": "long", "text": "word " * 50_001}]
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")

    result = CliRunner().invoke(app, [command, str(file)])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "The text long is longer than 50,000 words. Cut it" in " ".join(result.stderr.split())

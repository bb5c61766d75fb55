"""What a command says where the database goes away while it works."""

import pytest
import typer
from sqlalchemy.exc import OperationalError

from storybank.commands.terminal import plainly


@pytest.mark.parametrize(
    ("url", "said", "unsaid"),
    [
        (None, "The built-in database does not answer", "STORYBANK_DATABASE_URL"),
        ("postgresql://somewhere/else", "Check STORYBANK_DATABASE_URL", "built-in database does"),
    ],
    ids=["built in", "by address"],
)
def test_a_database_that_goes_away_is_named_as_the_one_in_use(
    monkeypatch, capsys, url, said, unsaid
):
    monkeypatch.delenv("STORYBANK_DATABASE_URL", raising=False)
    if url:
        monkeypatch.setenv("STORYBANK_DATABASE_URL", url)

    @plainly
    def work() -> None:
        raise OperationalError("select 1", {}, Exception("server closed the connection"))

    with pytest.raises(typer.Exit) as ended:
        work()
    told = " ".join(capsys.readouterr().err.split())
    assert ended.value.exit_code == 1
    assert said in told
    assert unsaid not in told

"""Where a command writes: files are replaced whole, links stay, pipes and devices are fed."""

import os
import stat
import threading
from pathlib import Path

import pytest
import typer

from storybank.commands.target import writing
from storybank.commands.terminal import plainly
from storybank.errors import BadInput, DiskFull


def put(path: Path, words: str = "new") -> None:
    with writing(path) as out:
        out.write(words)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        put(tmp_path / "none" / "x.csv")
    assert f"There is no folder {tmp_path / 'none'}." in caught.value.message


def test_a_file_is_replaced_whole_or_stays(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("old")

    with pytest.raises(ZeroDivisionError), writing(file) as out:
        out.write("half")
        _ = 1 / 0
    assert file.read_text() == "old"

    put(file)
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("there", [True, False], ids=["to a file", "to none yet"])
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path, *, there: bool) -> None:
    (tmp_path / "kept").mkdir()
    file, link = tmp_path / "kept" / "x.csv", tmp_path / "link.csv"
    if there:
        file.write_text("old")
    link.symlink_to(file)

    put(link)

    assert link.is_symlink()
    assert file.read_text() == "new"
    assert list((tmp_path / "kept").iterdir()) == [file]


def test_a_pipe_is_written_into_also_through_a_link(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        read: list[str] = []
        reader = threading.Thread(
            target=lambda into=read: into.append(pipe.read_text()), daemon=True
        )
        reader.start()
        put(path)
        if pipe.is_fifo():
            reader.join(5)
        assert read == ["new"]
    assert pipe.is_fifo()
    assert link.is_symlink()


def test_what_can_hold_nothing_is_refused(tmp_path: Path) -> None:
    ring, folder = tmp_path / "ring", tmp_path / "folder"
    ring.symlink_to(ring)
    folder.mkdir()
    for path in (ring, folder):
        with pytest.raises(BadInput) as caught:
            put(path)
        assert caught.value.message.startswith(f"{path} cannot be written.")
    assert ring.is_symlink()


def test_a_full_disk_is_one_sentence_and_the_old_file_stays(tmp_path, monkeypatch, capsys) -> None:
    file = tmp_path / "x.csv"
    file.write_text("old")
    real = Path.open

    def full(self: Path, *how: object, **more: object) -> object:
        """Open what has no room: the one device whose writes fail, written into and never moved."""
        if self.name.endswith(".new"):
            real(self, "w").close()
        return real(Path("/dev/full"), "w")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(typer.Exit) as ended:
        plainly(lambda: put(file))()

    assert ended.value.exit_code == 1
    assert " ".join(capsys.readouterr().err.split()) == f"Error: {DiskFull.message}"
    monkeypatch.undo()
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]

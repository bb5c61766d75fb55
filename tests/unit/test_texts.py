"""Lines of JSON that commands without a database are given, odd ones among them."""

import io
import json
import os
import sys
import threading
from pathlib import Path

import pytest

from storybank.commands.texts import read_texts, write_line
from storybank.errors import BadInput


def rows(path: Path) -> list[dict[str, object]]:
    return read_texts(path, max_words=20)


def test_half_a_character_is_shown_as_unreadable_and_moves_no_span(tmp_path, capsys):
    file = tmp_path / "texts.jsonl"
    file.write_text('{"id": "cut \\ud83d", "text": "a \\ud83d\\ude00 and a \\ud83d cut one"}\n')

    (row,) = rows(file)
    write_line(row)

    assert row["text"] == "a \U0001f600 and a \ufffd cut one"
    assert json.loads(capsys.readouterr().out.encode()) == row | {"id": "cut \ufffd"}


def test_bytes_that_are_not_utf8_stop_nothing_from_a_pipe_either(tmp_path, monkeypatch):
    odd = b'\xef\xbb\xbf{"id": 1, "text": "caf\xe9"}\n'
    (tmp_path / "texts.jsonl").write_bytes(odd)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(odd), "utf-8", "surrogateescape"))

    assert rows(tmp_path / "texts.jsonl") == rows(Path("-")) == [{"id": 1, "text": "caf\ufffd"}]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty. Write one JSON object a line."),
        ("\n \n", "is empty. Write one JSON object a line."),
        ('{"id": 1}', 'Line 1 has no "text". Add it'),
        ('\n{"id": 1, "text": null}', 'The "text" in line 2 is no text.'),
        ('{"id": 1, "text": ["The bus", "never"]}', 'The "text" in line 1 is no text.'),
        ('\n{"text": ' + "[" * 200_000 + "]" * 200_000 + "}", "Line 2 is not a JSON object."),
    ],
    ids=["empty", "blank", "without text", "null", "list", "too deep"],
)
def test_what_is_no_row_is_one_sentence(tmp_path, content, says):
    file = tmp_path / "texts.jsonl"
    file.write_text(content)

    with pytest.raises(BadInput) as error:
        rows(file)

    assert says in error.value.message


def test_a_pipe_that_brings_nothing_is_no_mistake(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""), "utf-8"))
    assert rows(Path("-")) == []


def test_a_named_pipe_or_what_a_shell_puts_for_a_command_is_read_as_a_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    line = '{"id": 1, "text": "one"}\n'
    writer = threading.Thread(target=lambda: pipe.write_text(line), daemon=True)
    writer.start()

    assert rows(pipe) == [{"id": 1, "text": "one"}]
    writer.join(5)


def test_a_folder_and_nothing_at_all_are_told_apart(tmp_path):
    for path, says in ((tmp_path, "is a folder. Name a file."), (tmp_path / "x", "no file")):
        with pytest.raises(BadInput) as error:
            rows(path)
        assert says in error.value.message

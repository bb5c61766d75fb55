"""Files that `storybank transcribe` is given and cannot read: one sentence for each."""

import pytest

from storybank.commands.speech import _sound
from storybank.errors import BadInput
from storybank.settings import Settings


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "It is a folder. Name the recordings in it."),
        ("none.wav", "There is no such file. Check the name."),
        # A file of this process that is there, and gives nothing to read at its beginning.
        ("/proc/self/mem", "It cannot be read (Input/output error). Check the file."),
    ],
    ids=["folder", "nothing", "unreadable"],
)
def test_what_cannot_be_read_is_one_sentence_so_that_the_others_are_done(tmp_path, name, says):
    with pytest.raises(BadInput) as error:
        _sound(str(tmp_path / name), Settings(data_dir=tmp_path))
    assert error.value.message == says

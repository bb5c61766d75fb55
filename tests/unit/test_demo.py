"""The demo's recordings: one for each spoken story, of the words that stand there, and small."""

import io
import json

import av

from scripts.demo.render import AUDIO, VOICES, digest, spoken_stories
from scripts.seed_demo import DEMO, recording_of
from storybank.capture.audio import sniff

MOST_BYTES, MOST_BYTES_IN_ALL = 300_000, 1_500_000


def test_the_demo_has_enough_to_find_things_in():
    rows = [json.loads(line) for line in (DEMO / "stories.jsonl").read_text("utf-8").splitlines()]

    assert len({row["id"] for row in rows}) == len(rows) >= 60
    told_for = {row["programme"] for row in rows}
    known = {row["slug"] for row in json.loads((DEMO / "programmes.json").read_text("utf-8"))}
    assert told_for - {None} == known
    assert len(known) >= 3
    assert len({row["place"] for row in rows if row["place"]}) >= 4


def test_every_spoken_story_has_a_recording_of_its_words():
    rows = list(spoken_stories())

    assert {row["id"] for row in rows} == VOICES.keys() == {path.stem for path in AUDIO.iterdir()}
    for row in rows:
        with av.open(io.BytesIO(recording_of(row))) as file:
            made_from = file.streams.audio[0].metadata["comment"]
        assert made_from == digest(row["text"]), f"run scripts.demo.render: {row['id']} changed"


def test_recordings_are_small_and_of_a_kind_that_is_taken():
    sizes = [path.stat().st_size for path in AUDIO.iterdir()]

    assert max(sizes) < MOST_BYTES
    assert sum(sizes) < MOST_BYTES_IN_ALL
    assert {sniff(path.read_bytes()[:4096]) for path in AUDIO.iterdir()} == {"ogg"}

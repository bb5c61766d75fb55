"""Heads on disk: what is saved comes back, and what is damaged or missing names its mend."""

import json
from dataclasses import replace

import numpy as np
import pytest

from storybank.errors import HeadDamaged, HeadMissing
from storybank.understand.heads import Head, View, load_head, save_head
from storybank.values import Direction

PAIRS = (("weak-ties", Direction.LIVED), ("weak-ties", Direction.MISSING))


def head() -> Head:
    draw = np.random.default_rng(1).normal
    changes = {"layer.1.weight": (np.ones((2, 3), np.float16), np.ones((4, 2), np.float16))}
    return Head(
        model_id="tagger-test-1",
        framework="test@1",
        encoder="one",
        pairs=PAIRS,
        views=(
            View(*(draw(size=s).astype(np.float32) for s in ((3, 2), 2))),
            View(np.ones((3, 2), np.float32), np.zeros(2, np.float32), changes),
        ),
        means=np.zeros(14, np.float32),
        scales=np.ones(14, np.float32),
        shares=np.ones(14, np.float32),
        levels=np.zeros(2, np.float32),
        bars=np.array([0.3, 0.6], np.float32),
        offered=0.2,
    )


@pytest.fixture
def folder(tmp_path):
    save_head(tmp_path / "test-1", head(), {"scores": {"f1": 0.5}})
    return tmp_path


def test_a_head_comes_back_as_it_was_saved(folder):
    saved, found = head(), load_head(folder, "test@1")

    assert (found.model_id, found.encoder, found.pairs) == ("tagger-test-1", "one", PAIRS)
    assert np.array_equal(found.bars, saved.bars)
    assert (found.offered, found.threshold) == (0.2, pytest.approx(0.3))
    for before, after in zip(saved.views, found.views, strict=True):
        assert np.array_equal(after.weights, before.weights)
        assert after.changes.keys() == before.changes.keys()
    narrow, wide = found.views[1].changes["layer.1.weight"]
    assert (wide @ narrow).shape == (4, 3)


def test_the_same_head_gives_the_same_bytes(folder, tmp_path):
    save_head(tmp_path / "again", head(), {"scores": {"f1": 0.5}})
    for name in ("head.npz", "head.json", "view1.npz", "view2.npz"):
        first, second = (tmp_path / part / name for part in ("test-1", "again"))
        assert first.read_bytes() == second.read_bytes()


def test_a_framework_without_a_head_names_the_mend(folder):
    with pytest.raises(HeadMissing) as caught:
        load_head(folder, "good-life@1")
    assert "good-life@1" in caught.value.message
    assert "train_tagger" in caught.value.message


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: (path / "head.npz").unlink(),
        lambda path: (path / "view2.npz").unlink(),
        lambda path: (path / "head.npz").write_bytes(b"PK\x03\x04 no more"),
        lambda path: (path / "head.json").write_text("{"),
        lambda path: (path / "head.json").write_text('{"id": "x"}'),
        lambda path: save_head(path, replace(head(), levels=np.zeros(3, np.float32)), {}),
        lambda path: save_head(path, replace(head(), views=()), {}),
    ],
    ids=["gone", "a view gone", "broken", "no json", "no facts", "wrong width", "no views"],
)
def test_damaged_files_are_named_with_their_mend(folder, harm):
    harm(folder / "test-1")
    with pytest.raises(HeadDamaged) as caught:
        load_head(folder, "test@1")
    assert "test-1/head.json" in caught.value.message
    assert caught.value.message.endswith(".")


def test_a_direction_that_does_not_exist_is_damage(folder):
    path = folder / "test-1" / "head.json"
    facts = json.loads(path.read_text())
    facts["pairs"][0]["direction"] = "up"
    path.write_text(json.dumps(facts))
    with pytest.raises(HeadDamaged):
        load_head(folder, "test@1")

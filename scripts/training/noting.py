"""Bring `models/manifest.toml` up to date with the trained heads in `models/heads`.

Usage: python -m scripts.training.noting

`scripts/train_tagger.py` does it by itself where it writes a head that ships.
"""

import hashlib
import json
from pathlib import Path

from storybank.framework import models_folder
from storybank.manifest import load_manifest

ENTRY = """[[model]]
id = "{id}"
task = "{task}"
licence = "{licence}"
source = "{source}"
package = "storybank"
card = "cards/{id}.md"
"""
FILE = """
[[model.file]]
name = "{name}"
beside = "{beside}"
sha256 = "{sha256}"
"""
TASK = "suggest tags"
LICENCE = "MIT; learnt on top of {encoder}"
SOURCE = "trained by scripts/train_tagger.py on the invented stories in models/training"


def main() -> None:
    """Note every head that ships."""
    models = models_folder()
    for path in sorted((models / "heads").glob("*/head.json")):
        print(f"noted {note(path.parent, models / 'manifest.toml')}")


def note(head: Path, manifest: Path) -> str:
    """Write what a head's files are now into the manifest; gives the head's id.

    A head that is not there yet is added at the end; everything else stays as it is.
    """
    facts = json.loads((head / "head.json").read_text("utf-8"))
    fresh = _entry(head, manifest.parent, facts["id"], facts["encoder"])
    before, mark, rest = manifest.read_text("utf-8").partition(f'[[model]]\nid = "{facts["id"]}"\n')
    _, more, after = rest.partition("\n[[model]]\n")
    if not mark:
        before = before.rstrip("\n") + "\n\n"
    manifest.write_text(before + fresh + more + after, "utf-8")
    load_manifest(manifest)  # what cannot be read is seen here, and not by an operator
    return str(facts["id"])


def _entry(head: Path, models: Path, head_id: str, encoder: str) -> str:
    known = ENTRY.format(
        id=head_id, task=TASK, licence=LICENCE.format(encoder=encoder), source=SOURCE
    )
    files = [
        FILE.format(
            name=path.name,
            beside=path.relative_to(models).as_posix(),
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(head.iterdir())
    ]
    return known + "".join(files)


if __name__ == "__main__":
    main()

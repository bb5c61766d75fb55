"""Trained heads: the numbers that turn sentence vectors into tags, on disk and in memory."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from storybank.errors import HeadDamaged, HeadMissing
from storybank.understand.embed import Changes
from storybank.values import Direction, Vector

Pair = tuple[str, Direction]


@dataclass(frozen=True, slots=True)
class View:
    """One way of seeing a story: the encoder changed a little, and vectors made into logits.

    `weights` is (d, k) and `bias` (k,), for d numbers a vector and k pairs. `changes` are small
    trained additions to the encoder's own weights: (r, in) and (out, r) by the name of the
    weight, empty for none.
    """

    weights: Vector
    bias: Vector
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """One head: k pairs of code and direction, and how a story's units speak for each.

    `encoder` is the manifest id of the encoder that reads the story, once for each view.

    `means`, `scales` and `shares` (f,) and `levels` (k,) turn the evidence of all views into one
    calibrated logit a pair (`weigh.chances`). A pair whose chance reaches its bar, `bars` (k,), is
    suggested; one whose chance only reaches `offered` is offered to whoever codes.
    """

    model_id: str
    framework: str
    encoder: str
    pairs: tuple[Pair, ...]
    views: tuple[View, ...]
    means: Vector
    scales: Vector
    shares: Vector
    levels: Vector
    bars: Vector
    offered: float

    @property
    def threshold(self) -> float:
        """The lowest of the bars: what is less likely is never suggested."""
        return float(self.bars.min())


_WHOLE = ("means", "scales", "shares", "levels", "bars")
NARROW, WIDE = "narrow:", "wide:"
"""How the two matrices of a change are named in a view's file, before the weight's name."""


def load_head(folder: Path, framework: str) -> Head:
    """Load the head for a framework version from the folder of all heads.

    Raises HeadMissing where none was trained for it, HeadDamaged where its files do not fit.
    """
    for path in sorted(folder.glob("*/head.json")):
        facts = _facts(path)
        if facts["framework"] == framework:
            return _read(path, facts)
    raise HeadMissing(
        framework,
        message=f"No tagger has been trained for the framework {framework}. "
        "Train one with scripts/train_tagger.py, or choose another in STORYBANK_FRAMEWORK.",
    )


def _facts(path: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
        for name in ("id", "framework", "encoder", "views", "pairs", "offered"):
            facts[name]
    except (ValueError, KeyError, TypeError):
        raise _damaged(path) from None
    return facts


def _read(path: Path, facts: Mapping[str, Any]) -> Head:
    try:
        arrays = _arrays(path.with_name("head.npz"))
        numbers = range(1, int(facts["views"]) + 1)
        views = [_view(_arrays(path.with_name(f"view{n}.npz"))) for n in numbers]
        head = Head(
            model_id=facts["id"],
            framework=facts["framework"],
            encoder=facts["encoder"],
            pairs=tuple((p["code"], Direction(p["direction"])) for p in facts["pairs"]),
            views=tuple(views),
            offered=float(facts["offered"]),
            **{name: arrays[name] for name in _WHOLE},
        )
    except (OSError, EOFError, BadZipFile, ValueError, KeyError, TypeError):
        raise _damaged(path) from None
    widths = {len(head.pairs), len(head.levels), len(head.bars)}
    widths |= {n for v in head.views for n in (v.weights.shape[1], len(v.bias))}
    if len(widths) > 1 or not head.views:
        raise _damaged(path)
    return head


def _arrays(path: Path) -> dict[str, Vector]:
    with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        return {name: file[name].astype(np.float32) for name in file.files}


def _view(arrays: Mapping[str, Vector]) -> View:
    changes = {
        name.removeprefix(NARROW): (arrays[name], arrays[name.replace(NARROW, WIDE, 1)])
        for name in arrays
        if name.startswith(NARROW)
    }
    return View(arrays["weights"], arrays["bias"], changes)


def save_head(folder: Path, head: Head, facts: Mapping[str, Any]) -> None:
    """Write `head.json`, `head.npz` and a file for each view, `view1.npz` and so on.

    `facts` say how it was trained and how well it does. The same head gives the same bytes, so
    that training again can be checked against git.
    """
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / "head.npz", **{name: getattr(head, name) for name in _WHOLE})
    for number, view in enumerate(head.views, 1):
        arrays: dict[str, Any] = {"weights": view.weights, "bias": view.bias}
        for name, (narrow, wide) in view.changes.items():
            arrays |= {NARROW + name: narrow, WIDE + name: wide}
        np.savez(folder / f"view{number}.npz", **arrays)
    own = {
        "id": head.model_id,
        "framework": head.framework,
        "encoder": head.encoder,
        "views": len(head.views),
        "offered": head.offered,
        "pairs": [{"code": code, "direction": d.value} for code, d in head.pairs],
    }
    text = json.dumps(own | dict(facts), indent=1, ensure_ascii=False)
    (folder / "head.json").write_text(text + "\n", "utf-8")


def _damaged(path: Path) -> HeadDamaged:
    place = f"{path.parent.name}/{path.name}"
    return HeadDamaged(
        place,
        message=f"The tagger's file {place}, or one beside it, cannot be read. "
        "Install Storybank again, or train the tagger with scripts/train_tagger.py.",
    )

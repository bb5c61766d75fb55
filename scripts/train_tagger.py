"""Train the tagger's head from `models/training`, and say how well it reads writers new to it.

Usage: python -m scripts.train_tagger [--measure FOLDER] [--cache FOLDER] [--out FOLDER]

Gives the same head again from the same files on the same kind of processor. Takes a few minutes
on two cores, nearly all of it for sentence vectors; `--cache` keeps them for the next run.
"""

import argparse
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from scripts.training.adapting import SEED, Lower
from scripts.training.examples import Example, make_examples
from scripts.training.fitting import Weighing, fit_weighing
from scripts.training.looks import Adapting, Look, Plain
from scripts.training.rows import Training, read_training
from scripts.training.vectors import Vectors
from storybank.engines import Engines
from storybank.evaluate.tagging import TaggingScores, read_gold, score
from storybank.framework import Framework, load_framework, models_folder
from storybank.settings import Settings
from storybank.understand.heads import Head, save_head
from storybank.understand.segment import sentences
from storybank.understand.tag import HeadTagger
from storybank.understand.weigh import evidence, opposites
from storybank.values import Direction

PLAIN, RIDGE = "all-minilm-l6-v2", 3e-5
"""Encoder used as it is, on sentences, clauses and pairs; the ridge on its weights."""
ADAPTED = "all-mpnet-base-v2"
"""Encoder whose top layers are adapted, on sentences."""
AIMS_RARER = float(np.log(2))
"""Aims make up a fifth of the codes in the invented stories, so that each can be learnt. The code
list asks for them only where a text plainly speaks to them: their odds are halved."""
AWAY = ("ad", "bc", "e")
"""Writers that are left out together; leaving out each alone would take twice as long."""
THRESHOLDS = np.arange(0.1, 0.6, 0.02)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the tagger.")
    parser.add_argument("--framework", default="thriving-communities@1")
    parser.add_argument("--training", type=Path, default=None, help="Default: models/training")
    parser.add_argument("--out", type=Path, default=None, help="Default: models/heads/...")
    parser.add_argument("--cache", type=Path, default=None, help="Keep sentence vectors here.")
    parser.add_argument("--measure", type=Path, default=None, help="Folder of tagging_*.jsonl")
    options = parser.parse_args()
    torch.set_num_threads(1)  # sums in one order, so that the same files give the same head
    with threadpool_limits(1):
        _train_and_tell(options)


def _train_and_tell(options: argparse.Namespace) -> None:
    models = models_folder()
    framework = load_framework(options.framework)
    pairs = tuple((code.id, direction) for code in framework.codes for direction in Direction)
    training = read_training(options.training or models / "training", pairs)
    for reason in training.dropped:
        print("dropped", reason)
    engines = Engines(Settings())
    examples = make_examples(engines.nlp, training.rows, len(pairs))
    print(f"{len(examples)} texts", flush=True)
    looks = make_looks(engines, options.cache)

    blank = Head("", framework.name, pairs, (), *(np.zeros(0, np.float32),) * 4, threshold=0.0)
    head, figures = train(blank, framework, examples, looks)
    head = replace(head, model_id=f"tagger-{framework.id}-{framework.version}")
    tagger = HeadTagger(head, engines.encoder)
    gold = models / "gold" / "tagging" / "stories.jsonl"
    figures["gold"] = _told("gold", measure(engines, tagger, framework, gold))
    out = options.out or models / "heads" / f"{framework.id}-{framework.version}"
    save_head(out, head, _facts(training, examples) | {"scores": figures})
    if options.measure:
        for path in sorted(options.measure.glob("tagging_*.jsonl")):
            _told(path.stem, measure(engines, tagger, framework, path))


def make_looks(engines: Engines, cache: Path | None) -> tuple[Look, ...]:
    """Give the looks of the head; chosen by leaving writers out."""
    if cache:
        cache.mkdir(parents=True, exist_ok=True)
    folder = engines.weights(ADAPTED)
    lower = Lower(folder, cache / f"{ADAPTED}.pt" if cache else None)
    return (
        Plain(Vectors(engines.encoder(PLAIN), cache), "all", RIDGE),
        Adapting(ADAPTED, folder, lower, cache),
    )


def train(
    blank: Head, framework: Framework, examples: Sequence[Example], looks: Sequence[Look]
) -> tuple[Head, dict[str, Any]]:
    """Fit looks and weighing; the weighing only sees stories of writers the looks did not see."""
    opposite = opposites(blank.pairs)
    final = [look.fit(examples) for look in looks]
    stories, found = [], []
    for away in AWAY:
        fitted = [look.fit([e for e in examples if e.row.writer not in away]) for look in looks]
        for story in (e for e in examples if e.row.writer in away and e.row.whole):
            parts = [evidence(one.logits(story), opposite) for one in fitted]
            stories.append(story)
            found.append(np.concatenate(parts, axis=1))
        print(f"left out writers {away}", flush=True)
    proof = np.stack(found)
    labels = np.stack([story.story for story in stories])
    rarer = np.array([AIMS_RARER * (framework.code(c).kind == "aim") for c, _ in blank.pairs])
    likely = _left_out(stories, proof, labels, rarer)
    threshold = max(THRESHOLDS.tolist(), key=lambda t: _f1(likely >= t, labels))
    weighing = _shifted(fit_weighing(proof, labels), rarer)
    head = replace(
        blank,
        views=tuple(one.view() for one in final),
        threshold=round(threshold, 2),
        **_arrays(weighing),
    )
    figures = _left_out_figures(likely, labels, threshold)
    print("writers left out:", figures, flush=True)
    return head, {"writers_left_out": figures}


def _left_out(stories: Sequence[Example], proof: Any, labels: Any, rarer: Any) -> np.ndarray:
    """Give each story's chances from a weighing that saw none of its writer's stories."""
    by = np.array([story.row.writer for story in stories])
    likely = np.zeros_like(labels)
    for writer in sorted(set(by.tolist())):
        weighing = _shifted(fit_weighing(proof[by != writer], labels[by != writer]), rarer)
        likely[by == writer] = weighing.chances(proof[by == writer])
    return likely


def _shifted(weighing: Weighing, rarer: Any) -> Weighing:
    return replace(weighing, levels=(weighing.levels - rarer).astype(np.float32))


def _arrays(weighing: Weighing) -> dict[str, Any]:
    return {name: getattr(weighing, name) for name in ("means", "scales", "shares", "levels")}


def _f1(read: Any, labels: Any) -> float:
    right = float((read & (labels > 0)).sum())
    return 2 * right / max(1.0, float(read.sum() + labels.sum()))


def _left_out_figures(likely: Any, labels: Any, threshold: float) -> dict[str, Any]:
    read = likely >= threshold
    right = float((read & (labels > 0)).sum())
    bands = {}
    for low in np.arange(0.0, 1.0, 0.2):
        within = (likely >= low) & (likely < low + 0.2)
        if within.sum():
            right_part = round(float(labels[within].mean()), 3)
            bands[f"{low:.1f}"] = {"pairs": int(within.sum()), "right": right_part}
    return {
        "stories": len(labels),
        "f1": round(_f1(read, labels), 3),
        "precision": round(right / max(1.0, float(read.sum())), 3),
        "recall": round(right / float(labels.sum()), 3),
        "reliability": bands,
    }


def measure(
    engines: Engines, tagger: HeadTagger, framework: Framework, path: Path
) -> TaggingScores:
    """Read a gold file with the finished tagger, just as `storybank evaluate tagging` does."""
    gold = read_gold(path, framework)
    texts = [(story.text, sentences(engines.nlp, story.text)) for story in gold]
    return score(gold, tagger.tag_all(texts))


def _told(name: str, scores: TaggingScores) -> dict[str, Any]:
    figures = {
        "stories": scores.stories,
        "f1": round(scores.micro.f1, 3),
        "interval": [round(edge, 3) for edge in scores.interval],
        "precision": round(scores.micro.precision, 3),
        "recall": round(scores.micro.recall, 3),
        "quotes": round(scores.quotes, 3),
        "quote_words": scores.quote_words,
        "reliability": {
            f"{low:.1f}": {"suggested": said, "right": right}
            for low, (said, right) in scores.bands.items()
        },
        "counts": asdict(scores.micro),
    }
    print(f"{name}:", figures, flush=True)
    return figures


def _facts(training: Training, examples: Sequence[Example]) -> dict[str, Any]:
    return {
        "training": {
            "sha256": training.sha256,
            "passages": sum(not e.row.whole for e in examples),
            "stories": sum(e.row.whole for e in examples),
            "dropped": len(training.dropped),
        },
        "seed": SEED,
        "ridge": RIDGE,
        "aims_log_odds": round(-AIMS_RARER, 3),
    }


if __name__ == "__main__":
    main()

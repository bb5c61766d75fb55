"""Train the tagger's head from `models/training`, and say how well it reads writers new to it.

Usage: python -m scripts.train_tagger [--measure FOLDER] [--cache FOLDER] [--out FOLDER]

Takes about three quarters of an hour on two cores that do nothing else; `--cache` keeps what was
learnt, so that a later run with the same stories only weighs and measures.
"""

import argparse
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from scripts.training.adapting import adapt
from scripts.training.averaging import averaged
from scripts.training.examples import Example, Numbers, make_examples
from scripts.training.fitting import Weighing, fit_weighing
from scripts.training.noting import note
from scripts.training.rows import Training, read_training
from storybank.engines import Engines
from storybank.evaluate.tagging import TaggingScores, read_gold, score
from storybank.framework import Framework, load_framework, models_folder
from storybank.settings import Settings
from storybank.understand.heads import Head, View, save_head
from storybank.understand.segment import sentences
from storybank.understand.tag import HeadTagger, Reader, suggested
from storybank.understand.weigh import evidence, opposites
from storybank.values import Direction

ENCODER = "all-mpnet-base-v2"
SEEDS = (1, 2)
"""One training each. They see the stories in another order, and their mean is what ships."""
TUNING = "jls"
"""Writers whose stories the views never see: on theirs, evidence is weighed and the threshold
chosen."""
AIMS_RARER = float(np.log(2))
"""Aims are told in the invented stories more often than in life, so that each can be learnt, and
the code list asks for them only where a text plainly speaks to them: their odds are halved."""
THRESHOLDS = np.arange(0.3, 0.6, 0.01)
"""What is wrong more than two times in three costs whoever codes more than it gives them: it is
only offered."""
OFFERED = 0.15
"""A pair less likely than this is not even offered to whoever codes."""
TRUSTED, HIGH, PRIOR = 0.4, 0.6, 4
"""A pair whose suggestions were right less often than TRUSTED on the writers left out has to be as
likely as HIGH. PRIOR suggestions, right as often as all are, are added to each pair's own, for
most pairs occur there only a few times."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the tagger.")
    parser.add_argument("--framework", default="thriving-communities@1")
    parser.add_argument("--training", type=Path, default=None, help="Default: models/training")
    parser.add_argument("--out", type=Path, default=None, help="Default: models/heads/...")
    parser.add_argument("--cache", type=Path, default=None, help="Keep what was learnt here.")
    parser.add_argument("--measure", type=Path, default=None, help="Folder of tagging_*.jsonl")
    options = parser.parse_args()
    models = models_folder()
    framework = load_framework(options.framework)
    pairs = tuple((code.id, direction) for code in framework.codes for direction in Direction)
    training = read_training(options.training or models / "training", pairs)
    for reason in training.dropped:
        print("dropped", reason)
    engines = Engines(Settings())
    examples = make_examples(engines.nlp, training.rows, len(pairs))
    print(f"{len(examples)} texts", flush=True)
    blank = Head(
        model_id=f"tagger-{framework.id}-{framework.version}",
        framework=framework.name,
        encoder=ENCODER,
        pairs=pairs,
        views=(),
        **dict.fromkeys(("means", "scales", "shares", "levels", "bars"), np.zeros(0, np.float32)),
        offered=OFFERED,
    )
    rarer = np.array([AIMS_RARER * (framework.code(c).kind == "aim") for c, _ in pairs])
    view = learn(examples, engines.weights(ENCODER), options.cache)
    head, figures = weigh(blank, view, examples, rarer, engines.reader)
    tagger = HeadTagger(head, engines.reader)
    for path in sorted((models / "gold" / "tagging").glob("*.jsonl")):
        figures[path.stem] = _told(path.stem, measure(engines, tagger, framework, path))
    out = options.out or models / "heads" / f"{framework.id}-{framework.version}"
    save_head(out, head, _facts(training, examples) | {"scores": figures})
    if out.parent == models / "heads":
        note(out, models / "manifest.toml")
    if options.measure:
        for path in sorted(options.measure.glob("tagging_*.jsonl")):
            _told(path.stem, measure(engines, tagger, framework, path))


def learn(examples: Sequence[Example], folder: Path, cache: Path | None) -> View:
    """Give what all trainings learnt from the writers that are not kept for weighing, as one."""
    if cache:
        cache.mkdir(parents=True, exist_ok=True)
    seen = [example for example in examples if example.row.writer not in TUNING]
    return averaged([View(*adapt(folder, seen, seed, cache).learnt()) for seed in SEEDS])


def weigh(
    blank: Head, view: View, examples: Sequence[Example], rarer: Any, reader: Reader
) -> tuple[Head, dict[str, Any]]:
    """Fit how evidence is weighed, and the bars, on stories of the writers kept for that.

    `rarer` (k,) is taken from each pair's log odds.
    """
    stories = [e for e in examples if e.row.writer in TUNING and e.row.whole]
    read = [(e.row.text, e.units.sentences, e.units.every) for e in stories]
    (vectors,) = reader(ENCODER, [view.changes]).vectors(read)
    opposite = opposites(blank.pairs)
    proof = np.stack([evidence(part @ view.weights + view.bias, opposite) for part in vectors])
    marks = np.stack([story.story for story in stories])
    labels, counts = (marks == 1).astype(np.float32), (marks % 1 == 0).astype(np.float32)
    likely = _left_out(stories, proof, labels, counts, rarer)
    threshold = _threshold(likely, labels, counts)
    weighing = _shifted(fit_weighing(proof, labels, counts), rarer)
    bars = _bars(likely, labels, counts, round(threshold, 2))
    arrays = {name: getattr(weighing, name) for name in ("means", "scales", "shares", "levels")}
    head = replace(blank, views=(view,), bars=bars, **arrays)
    figures = _left_out_figures(likely, labels, counts, bars)
    print("writers left out:", figures, flush=True)
    return head, {"writers_left_out": figures}


def _left_out(
    stories: Sequence[Example], proof: Numbers, labels: Numbers, counts: Numbers, rarer: Any
) -> Numbers:
    """Give each story's chances from a weighing that saw none of its writer's stories."""
    by = np.array([story.row.writer for story in stories])
    likely = np.zeros_like(labels)
    for writer in sorted(set(by.tolist())):
        others = by != writer
        weighing = _shifted(fit_weighing(proof[others], labels[others], counts[others]), rarer)
        likely[~others] = weighing.chances(proof[~others])
    return likely


def _shifted(weighing: Weighing, rarer: Any) -> Weighing:
    return replace(weighing, levels=(weighing.levels - rarer).astype(np.float32))


def _threshold(likely: Numbers, labels: Numbers, counts: Numbers) -> float:
    """Give the threshold at which about as many pairs are suggested as people gave.

    F1 is flat around its best, which moves with how generously stories are coded; this does not
    lean to either side.
    """
    given = labels.sum()
    return min(THRESHOLDS.tolist(), key=lambda t: abs(((likely >= t) * counts).sum() - given))


def _bars(likely: Numbers, labels: Numbers, counts: Numbers, threshold: float) -> Numbers:
    """Give how likely each pair has to be in order to be suggested, (k,)."""
    read = (likely >= threshold) * counts
    right = (read * labels).sum(0)
    usual = right.sum() / max(1.0, read.sum())
    precision = (right + PRIOR * usual) / (read.sum(0) + PRIOR)
    return np.where(precision < TRUSTED, max(HIGH, threshold), threshold).astype(np.float32)


def _f1(read: Any, labels: Any, counts: Any) -> float:
    right = float((read * labels * counts).sum())
    return 2 * right / max(1.0, float((read * counts).sum() + labels.sum()))


def _left_out_figures(likely: Any, labels: Any, counts: Any, bars: Any) -> dict[str, Any]:
    read = likely >= bars
    right = float((read * labels).sum())
    bands = {}
    for low in np.arange(0.0, 1.0, 0.2):
        within = (likely >= low) & (likely < low + 0.2) & (counts > 0)
        if within.sum():
            right_part = round(float(labels[within].mean()), 3)
            bands[f"{low:.1f}"] = {"pairs": int(within.sum()), "right": right_part}
    return {
        "stories": len(labels),
        "f1": round(_f1(read, labels, counts), 3),
        "precision": round(right / max(1.0, float((read * counts).sum())), 3),
        "recall": round(right / float(labels.sum()), 3),
        "reliability": bands,
    }


def measure(
    engines: Engines, tagger: HeadTagger, framework: Framework, path: Path
) -> TaggingScores:
    """Read a gold file with the finished tagger, just as `storybank evaluate tagging` does."""
    gold = read_gold(path, framework)
    texts = [(story.text, sentences(engines.nlp, story.text)) for story in gold]
    return score(gold, [suggested(found) for found in tagger.tag_all(texts)])


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
        "seeds": SEEDS,
        "tuned_on": TUNING,
        "aims_log_odds": round(-AIMS_RARER, 3),
    }


if __name__ == "__main__":
    main()

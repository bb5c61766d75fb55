"""`storybank tag`, and how well it does: reading texts against a framework, without a database."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from storybank.commands.held import Against, AsJson, Held, counted
from storybank.commands.opening import read_settings
from storybank.commands.terminal import plainly, progress
from storybank.commands.texts import read_texts, write_line

if TYPE_CHECKING:
    from storybank.engines import Engines
    from storybank.evaluate.tagging import TaggingScores, Tally
    from storybank.values import Suggestion


@plainly
def tag(
    file: Annotated[Path, typer.Argument(help='JSONL with "id" and "text"; - for standard input.')],
    framework: Annotated[
        str | None, typer.Option(help="Framework and version, e.g. thriving-communities@1.")
    ] = None,
) -> None:
    """Read each text: codes, their direction, the words that carry them, and how sure it is."""
    from storybank.understand.tag import suggestions

    engines = _engines(framework)
    rows = read_texts(file, max_words=engines.settings.max_story_words)
    texts = [row["text"] for row in rows]
    with progress() as bars:
        bar = bars.add_task("Reading", total=len(rows))
        read = suggestions(engines.tagger, engines.nlp, texts)
        for row, found in zip(rows, read, strict=True):
            write_line({"id": row["id"], "codes": [_code(one) for one in found]})
            bars.advance(bar)


@plainly
def evaluate_tagging(
    gold: Annotated[Path, typer.Argument(help='JSONL with "id", "text" and "codes".')],
    as_json: AsJson = False,
    framework: Annotated[
        str | None, typer.Option(help="Framework and version, e.g. thriving-communities@1.")
    ] = None,
    against: Against = None,
    diagram: Annotated[
        Path | None, typer.Option(help="Draw how often a score is right, as SVG, into this file.")
    ] = None,
) -> None:
    """Measure suggested tags against people's codes: precision, recall, F1, quotes, scores."""
    from storybank.evaluate.diagram import reliability
    from storybank.evaluate.measures import tags
    from storybank.evaluate.sets import named
    from storybank.evaluate.tagging import headline

    held = Held("tagging", against, named(gold))
    engines = _engines(framework)
    with counted("Reading") as count:
        scores = tags(engines, gold, count)
    (_tell if as_json else _show)(engines.tagger.model_id, scores)
    if diagram:
        diagram.write_text(reliability(scores.bands, gold.name), "utf-8")
    held.to(headline(scores))


@plainly
def evaluate_new_codes(
    gold: Annotated[
        Path, typer.Argument(help='JSONL with "id", "text", "codes"; framework.toml beside it.')
    ],
    as_json: AsJson = False,
    against: Against = None,
) -> None:
    """Measure what is offered of codes that no head was trained for, read from their words."""
    from storybank.evaluate.measures import new_codes
    from storybank.evaluate.sets import named
    from storybank.evaluate.tagging import headline

    held = Held("new-codes", against, named(gold))
    engines = _engines(None)
    with counted("Reading") as count:
        scores = new_codes(engines, gold, count)
    (_tell if as_json else _show)(engines.tagger.model_id, scores)
    held.to(headline(scores))


def _tell(model_id: str, scores: "TaggingScores") -> None:
    typer.echo(json.dumps(_figures(model_id, scores)))


def _engines(framework: str | None) -> "Engines":
    from storybank.engines import Engines

    settings = read_settings()
    if framework:
        settings = settings.model_copy(update={"framework": framework})
    return Engines(settings)


def _code(found: "Suggestion") -> dict[str, Any]:
    return {
        "code": found.code,
        "direction": found.direction.value,
        "quote": found.quote,
        "start": found.span.start,
        "end": found.span.end,
        "score": found.score,
    }


def _figures(model_id: str, scores: "TaggingScores") -> dict[str, Any]:
    return {
        "model": model_id,
        "stories": scores.stories,
        "micro": _tally(scores.micro) | {"interval": [round(edge, 4) for edge in scores.interval]},
        "quotes": round(scores.quotes, 4),
        "quote_words": scores.quote_words,
        "pairs": [
            {"code": pair[0], "direction": pair[1]}
            | _tally(tally)
            | {"interval": [round(edge, 4) for edge in scores.intervals[pair]]}
            for pair, tally in sorted(scores.pairs.items())
        ],
        "scores": [
            {"from": edge, "suggested": said, "right": right}
            for edge, (said, right) in scores.bands.items()
        ],
    }


def _tally(tally: "Tally") -> dict[str, Any]:
    return {
        "right": tally.right,
        "wrong": tally.wrong,
        "missed": tally.missed,
        "precision": round(tally.precision, 4),
        "recall": round(tally.recall, 4),
        "f1": round(tally.f1, 4),
    }


def _show(model_id: str, scores: "TaggingScores") -> None:
    table = Table("Code", "", "Right", "Wrong", "Missed", "Precision", "Recall", "F1", "95 %")
    table.title = f"{model_id}, {scores.stories} stories"
    for pair, tally in sorted(scores.pairs.items()):
        table.add_row(*pair, *_cells(tally), _between(scores.intervals[pair]))
    table.add_section()
    table.add_row("all", "", *_cells(scores.micro), _between(scores.interval))
    console = Console()
    console.print(table)
    low, high = scores.interval
    console.print(f"F1 with 95 % interval: {scores.micro.f1:.3f} ({low:.3f} to {high:.3f})")
    console.print(
        f"Quotes with half the coder's words: {100 * scores.quotes:.0f} %; "
        f"a quote has {scores.quote_words:.0f} words (median)"
    )
    for edge, (said, right) in scores.bands.items():
        console.print(f"Score {edge:.1f} to {edge + 0.1:.1f}: {right} of {said} right")


def _between(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.2f} to {interval[1]:.2f}"


def _cells(tally: "Tally") -> tuple[str, ...]:
    counts = (tally.right, tally.wrong, tally.missed)
    rates = (tally.precision, tally.recall, tally.f1)
    return (*map(str, counts), *(f"{rate:.2f}" for rate in rates))

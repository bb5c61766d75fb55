"""`storybank tag`, and how well it does: reading texts against a framework, without a database."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from storybank.commands.opening import read_settings
from storybank.commands.terminal import errors, plainly, progress, read_lines, write_line

if TYPE_CHECKING:
    from storybank.engines import Engines
    from storybank.evaluate.tagging import TaggingScores, Tally
    from storybank.values import Suggestion

T = TypeVar("T")

SLACK = 0.01
"""How much lower a figure may be than released: on another processor one tag in a hundred turns."""

AT_ONCE = 64
"""Texts read together: enough to fill the encoder's batches, few enough to see progress."""


@plainly
def tag(
    file: Annotated[Path, typer.Argument(help='JSONL with "id" and "text"; - for standard input.')],
    framework: Annotated[
        str | None, typer.Option(help="Framework and version, e.g. thriving-communities@1.")
    ] = None,
) -> None:
    """Read each text: codes, their direction, the words that carry them, and how sure it is."""
    engines = _engines(framework)
    rows = list(read_lines(file, ("id", "text")))
    with progress() as bars:
        bar = bars.add_task("Reading", total=len(rows))
        for some in _batches(rows):
            texts = [str(row["text"]) for row in some]
            for row, found in zip(some, _read(engines, texts), strict=True):
                write_line({"id": row["id"], "codes": [_code(one) for one in found]})
            bars.advance(bar, len(some))


@plainly
def evaluate_tagging(
    gold: Annotated[Path, typer.Argument(help='JSONL with "id", "text" and "codes".')],
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
    framework: Annotated[
        str | None, typer.Option(help="Framework and version, e.g. thriving-communities@1.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="Released figures: fail where one of this file's is worse.")
    ] = None,
    diagram: Annotated[
        Path | None, typer.Option(help="Draw how often a score is right, as SVG, into this file.")
    ] = None,
) -> None:
    """Measure suggested tags against people's codes: precision, recall, F1, quotes, scores."""
    from storybank.evaluate.diagram import reliability
    from storybank.evaluate.released import falls, read_released
    from storybank.evaluate.tagging import headline, read_gold, score

    released = read_released(against, gold.name) if against else {}
    engines = _engines(framework)
    stories = read_gold(gold, engines.framework)
    found: list[tuple[Suggestion, ...]] = []
    with progress() as bars:
        bar = bars.add_task("Reading", total=len(stories))
        for some in _batches(stories):
            found += _read(engines, [story.text for story in some])
            bars.advance(bar, len(some))
    scores = score(stories, found)
    if as_json:
        typer.echo(json.dumps(_figures(engines.tagger.model_id, scores)))
    else:
        _show(engines.tagger.model_id, scores)
    if diagram:
        diagram.write_text(reliability(scores.bands, gold.name), "utf-8")
    fallen = falls(headline(scores), released, slack=SLACK)
    for line in fallen:
        errors().print(f"Worse than released: {line}")
    if fallen:
        raise typer.Exit(1)


def _engines(framework: str | None) -> "Engines":
    from storybank.engines import Engines

    settings = read_settings()
    if framework:
        settings = settings.model_copy(update={"framework": framework})
    return Engines(settings)


def _read(engines: "Engines", texts: Sequence[str]) -> tuple[tuple["Suggestion", ...], ...]:
    from storybank.understand.segment import sentences
    from storybank.understand.tag import suggested

    found = engines.tagger.tag_all([(text, sentences(engines.nlp, text)) for text in texts])
    return tuple(suggested(one) for one in found)


def _code(found: "Suggestion") -> dict[str, Any]:
    return {
        "code": found.code,
        "direction": found.direction.value,
        "quote": found.quote,
        "start": found.span.start,
        "end": found.span.end,
        "score": found.score,
    }


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(rows), AT_ONCE):
        yield rows[at : at + AT_ONCE]


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

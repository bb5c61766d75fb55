"""`storybank check-language`, and how well it does: what staff write, without a database."""

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
    from storybank.evaluate.language import LanguageScore
    from storybank.evaluate.strengths import StrengthScore
    from storybank.values import Finding


@plainly
def check_language(
    file: Annotated[Path, typer.Argument(help='JSONL with "id" and "text"; - for standard input.')],
    age: Annotated[
        bool, typer.Option("--reading-age", help="Give the reading age of each text, too.")
    ] = False,
) -> None:
    """Find labels, case language and jargon in what staff write; quotations are left alone."""
    from storybank.engines import Engines
    from storybank.understand.reading_age import reading_age

    settings = read_settings()
    rows = read_texts(file, max_words=settings.max_story_words)
    checker = Engines(settings).language
    with progress() as bars:
        for row in bars.track(rows, description="Checking"):
            text = row["text"]
            line: dict[str, Any] = {"id": row["id"]}
            line["findings"] = [_finding(found) for found in checker.check(text)]
            if age:
                read = reading_age(checker.nlp, text)
                line["reading_age"] = read.years if read else None
            write_line(line)


@plainly
def evaluate_language(
    gold: Annotated[Path, typer.Argument(help="Folder with plain.jsonl and marked.jsonl.")],
    as_json: AsJson = False,
    against: Against = None,
) -> None:
    """Measure the language check: what it finds, and false alarms in a thousand plain words."""
    from storybank.engines import Engines
    from storybank.evaluate.language import headline
    from storybank.evaluate.measures import wordings

    held = Held("language", against, gold.resolve().name)
    checker = Engines(read_settings()).language
    with counted("Checking") as count:
        result = wordings(checker, gold, count)
    if as_json:
        typer.echo(json.dumps(_figures(result, checker.ids) | _wrong(result), ensure_ascii=False))
    else:
        _show(result, checker.ids)
    held.to(headline(result, checker.ids))


def _figures(result: "LanguageScore", entries: frozenset[str]) -> dict[str, Any]:
    return {
        "entries": len(entries),
        "marked": result.marked,
        "found": result.found,
        "recall": round(result.recall, 4),
        "plain_sentences": result.plain,
        "plain_words": result.plain_words,
        "false_alarms": len(result.alarms),
        "false_alarms_per_thousand_words": round(result.alarms_per_thousand, 3),
        "entries_never_found": sorted(entries - result.entries),
    }


def _wrong(result: "LanguageScore") -> dict[str, Any]:
    return {
        "missed": [{"id": w.id, "text": w.words} for w in result.missed],
        "alarms": [{"id": w.id, "text": w.words} for w in result.alarms],
    }


def _show(result: "LanguageScore", entries: frozenset[str]) -> None:
    table = Table("What", "Figure", title="People-first language check")
    for name, value in _figures(result, entries).items():
        shown = ", ".join(value) if isinstance(value, list) else str(value)
        table.add_row(name.replace("_", " "), shown)
    console = Console()
    console.print(table)
    for kind, places in _wrong(result).items():
        for place in places:
            console.print(f"{kind}: {place['id']}: {place['text']}", highlight=False)


def _finding(found: "Finding") -> dict[str, Any]:
    return {
        "start": found.span.start,
        "end": found.span.end,
        "text": found.words,
        "why": found.why,
        "suggest": " / ".join(found.suggest),
    }


@plainly
def evaluate_strengths(
    gold: Annotated[Path, typer.Argument(help='JSONL with "id", "half", "text" and "strengths".')],
    as_json: AsJson = False,
    against: Against = None,
) -> None:
    """Measure what is found of the strengths that texts name: precision first, then recall."""
    from storybank.engines import Engines
    from storybank.evaluate.measures import register
    from storybank.evaluate.sets import named
    from storybank.evaluate.strengths import headline
    from storybank.understand.strengths import RULES_ID

    held = Held("strengths", against, named(gold))
    with counted("Reading") as count:
        halves = register(Engines(read_settings()), gold, count)
    figures = [
        {
            "half": half.half,
            "texts": half.texts,
            "right": half.right,
            "wrong": list(half.wrong),
            "missed": list(half.missed),
            "precision": round(half.precision, 4),
            "recall": round(half.recall, 4),
        }
        for half in halves
    ]
    if as_json:
        typer.echo(json.dumps({"rules_id": RULES_ID, "halves": figures}, ensure_ascii=False))
    else:
        _show_halves(RULES_ID, halves)
    held.to(headline(halves))


def _show_halves(rules_id: str, halves: "tuple[StrengthScore, ...]") -> None:
    table = Table("Half", "Texts", "Right", "Wrong", "Missed", "Precision", "Recall")
    table.title = rules_id
    for half in halves:
        counts = (half.texts, half.right, len(half.wrong), len(half.missed))
        rates = (f"{half.precision:.3f}", f"{half.recall:.3f}")
        table.add_row(half.half, *map(str, counts), *rates)
    Console().print(table)

"""The command line: gathers the commands of `storybank.commands` under one name.

Command modules import what they need when they run, so that `storybank --help` stays quick.
"""

import gc

import typer

from storybank.commands.checking import doctor, models
from storybank.commands.everything import evaluate_all
from storybank.commands.exporting import export
from storybank.commands.finding import evaluate_search, reindex, search
from storybank.commands.frameworks import check_framework
from storybank.commands.keeping import backup, restore
from storybank.commands.language import check_language, evaluate_language, evaluate_strengths
from storybank.commands.masking_measured import evaluate_redaction
from storybank.commands.measuring import evaluate
from storybank.commands.moving import import_
from storybank.commands.people import invite
from storybank.commands.reading import redact
from storybank.commands.running import serve, work
from storybank.commands.speech import transcribe
from storybank.commands.tagging import evaluate_new_codes, evaluate_tagging, tag
from storybank.commands.taking_back import take_back
from storybank.commands.training import train
from storybank.commands.trying_again import try_again
from storybank.commands.voices import evaluate_voices

MORE_AT_ONCE = (20_000, 20, 50)
"""What Python makes before it looks for rubbish: 700, 10 and 10 of its own accord. Torch, spaCy and
the pages make a million things that stay; with these, loading them takes a fifth less computing."""


def collect_less_often() -> None:
    """Let Python look for rubbish less often, before any command."""
    gc.set_threshold(*MORE_AT_ONCE)


app = typer.Typer(
    callback=collect_less_often,
    help="Stories told by people, read with care, and found again as evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("serve")(serve)
app.command("work")(work)
app.command("transcribe")(transcribe)
app.command("tag")(tag)
app.command("redact")(redact)
app.command("check-language")(check_language)
app.command("check-framework")(check_framework)
app.add_typer(evaluate, name="evaluate")
app.command("doctor")(doctor)
app.command("models")(models)
app.command("invite")(invite)
app.command("import")(import_)
app.command("export")(export)
app.command("search")(search)
app.command("reindex")(reindex)
evaluate.command("all")(evaluate_all)
evaluate.command("tagging")(evaluate_tagging)
evaluate.command("new-codes")(evaluate_new_codes)
evaluate.command("search")(evaluate_search)
evaluate.command("redaction")(evaluate_redaction)
evaluate.command("voices")(evaluate_voices)
evaluate.command("language")(evaluate_language)
evaluate.command("strengths")(evaluate_strengths)
app.command("backup")(backup)
app.command("restore")(restore)
app.command("take-back")(take_back)
app.command("train")(train)
app.command("try-again")(try_again)

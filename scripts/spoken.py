"""Every sentence of Python that a resident can meet, for the catalogues.

Sentences in templates carry their own mark; these stand as constants, or beside the field that is
wrong, and are said in the page's language where they are shown.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import web.app  # noqa: F401 (it brings in every module that has errors of its own)
from storybank import consent, errors
from storybank.capture import own_reading
from web import language
from web.errors import _PLAIN, TITLES

ROOT = Path(__file__).resolve().parent.parent

STAFF_MEET = frozenset(
    {
        "AddressTaken", "BackupProblem", "BadCell", "BadFramework", "BadImport", "BadSavedStory",
        "BadSelection", "BadSetting", "BadSubmission", "BadVersion", "BadWordList",
        "BuiltInUnreachable",
        "DatabaseForbids", "DatabaseNewer", "DatabaseUnreachable", "DimensionMismatch",
        "FontMissing", "FrameworkDraftGone", "HeadDamaged", "HeadMissing", "InviteExpired",
        "KeysMissing", "ModelDamaged", "ModelMissing", "NotAllowed", "NothingLearnt",
        "NotToTranslate", "OthersStory",
        "PgvectorMissing", "PhoneKeyEnded", "ReaderLeft", "SealBroken", "SetupProblem", "SignedOut",
        "SignInFailed", "SignInNeeded", "TooFewDecisions", "Unchecked", "UnknownCode",
        "UnknownForm", "UnknownWording", "Unsealable", "WeakPassword", "WorseHead",
    }
)  # fmt: skip
"""Errors of staff, of operators and of other programs: no page of a resident raises them."""

STAFF_PAGES = frozenset(
    {
        "account", "admin", "checks", "collect", "collect_app", "framework_draft",
        "framework_versions", "frameworks", "health", "importing", "known_places",
        "local_words", "masks", "odk", "paper", "phones", "saved", "search", "stories",
        "strengths", "uploads", "wordings", "words", "worker", "worker_story",
    }
)  # fmt: skip
"""Modules of `web/routes` that make no page for residents."""

_SENTENCE = re.compile(r"[A-Z][^\n_]* [^\n]*")


def constants() -> Iterator[tuple[str, str]]:
    """Give each sentence with the file that it stands in."""
    yield "web/language.py", language.DRAFT_SAYS
    yield "web/forms.py", "Error"
    for kind in every_error():
        if kind.__name__ not in STAFF_MEET:
            yield f"{kind.__module__.replace('.', '/')}.py", kind.message
    for text in (*TITLES.values(), *_PLAIN.values()):
        yield "web/errors.py", text
    for question in consent.QUESTIONS:
        yield from (("storybank/consent.py", text) for text in (question.ask, question.hint))
    for asked in own_reading.QUESTIONS:
        for text in (asked.ask, *(choice.say for choice in asked.choices)):
            yield "storybank/capture/own_reading.py", text
    routes = sorted((ROOT / "web" / "routes").glob("*.py"))
    beside = [ROOT / "web" / "retelling.py", ROOT / "web" / "naming.py"]
    for path in [*(p for p in routes if p.stem not in STAFF_PAGES), *beside]:
        for text in written_in(path):
            yield str(path.relative_to(ROOT)), text


def written_in(path: Path) -> Iterator[str]:
    """Give every text of a module that reads like a sentence, docstrings left out."""
    tree = ast.parse(path.read_bytes())
    passed_over = {
        id(part)
        for node in ast.walk(tree)
        # A text that stands alone is a docstring; what is filled in at once cannot be looked up.
        if isinstance(node, ast.Expr | ast.JoinedStr)
        for part in ast.walk(node)
        if not isinstance(node, ast.Expr) or part is node.value
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in passed_over and _SENTENCE.fullmatch(text):
            yield text


def every_error() -> list[type[errors.StorybankError]]:
    """Give every kind of error, those of the web among them."""
    found: list[type[errors.StorybankError]] = []
    waiting: list[type[errors.StorybankError]] = [errors.StorybankError]
    while waiting:
        kind = waiting.pop(0)
        found.append(kind)
        waiting += sorted(kind.__subclasses__(), key=lambda k: k.__name__)
    return found

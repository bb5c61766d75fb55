"""Every sentence of Python that a resident can meet, for the catalogues.

Sentences in templates carry their own mark; these stand as constants in modules that know nothing
of languages, and are said in the page's language where they are shown.
"""

from collections.abc import Iterator

from storybank import consent, errors
from web import auth, language, retelling, security  # noqa: F401 (their errors are walked, too)
from web.errors import _PLAIN, TITLES

STAFF_MEET = frozenset(
    {
        "AddressTaken", "BackupProblem", "BadFramework", "BadImport", "BadSelection", "BadSetting",
        "DimensionMismatch", "HeadDamaged", "HeadMissing", "InviteExpired", "KeysMissing",
        "ModelDamaged", "ModelMissing", "NotAllowed", "SetupProblem", "SignInFailed",
        "SignInNeeded", "UnknownCode", "Unsealable", "WeakPassword",
    }
)  # fmt: skip
"""Errors of staff and operators: no page of a resident raises them."""


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
    for text in retelling.SAYS.values():
        yield "web/retelling.py", text


def every_error() -> list[type[errors.StorybankError]]:
    """Give every kind of error, those of the web among them."""
    found: list[type[errors.StorybankError]] = []
    waiting: list[type[errors.StorybankError]] = [errors.StorybankError]
    while waiting:
        kind = waiting.pop(0)
        found.append(kind)
        waiting += sorted(kind.__subclasses__(), key=lambda k: k.__name__)
    return found

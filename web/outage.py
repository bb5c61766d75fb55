"""What residents read where Storybank fails or refuses, and the words they typed, given back."""

import contextlib
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from starlette.requests import Request

from storybank.errors import BuiltInUnreachable, DatabaseUnreachable, DiskFull, SetupProblem
from web import auth
from web.crowd import brings_much
from web.forms import read_form
from web.language import SPEAK
from web.security import (
    OTHER_APPS,
    STREAMED,
    TOKEN_FIELD,
    BodyBroken,
    ForeignForm,
    FormExpired,
    TooLarge,
    check_origin,
    our_origins,
)

FOR_OPERATORS = "/health"


class NotWorking(SetupProblem):
    """What an operator has to mend, as everybody else reads of it."""

    message = "We cannot take or show stories just now. Please try again in a few minutes."


@dataclass(frozen=True)
class Typed:
    """What somebody typed into a form that could not be stored: its words, and all else it sent.

    `whole` says whether sending both again sends everything: a file has to be chosen anew. `now`
    says that sending them again helps at once.
    """

    words: list[tuple[str, str]]
    others: list[tuple[str, str]]
    whole: bool
    now: bool = False


def for_reader(request: Request, error: Exception) -> Exception:
    """Give the error as the person who asks may read it: what to mend only where they are staff.

    A full disk says itself, to everybody, that what was sent before is safe.
    """
    staff = auth.has_cookie(request) or request.url.path == FOR_OPERATORS
    built_in = request.app.state.settings.database_url is None
    if staff and built_in and isinstance(error, DatabaseUnreachable):
        return BuiltInUnreachable(error.detail)
    if staff or not isinstance(error, SetupProblem) or isinstance(error, DiskFull):
        return error
    return NotWorking(error.detail)


async def given_back(request: Request, error: Exception, status: int) -> Typed | None:
    """Give what was typed, where `error` is no fault of it; None where nothing may be shown.

    Words from another site are nobody's here: sent again with one press, its form would be ours.
    Staff who lost their form only get them to copy: the rest of it might be somebody else's.
    """
    expired = isinstance(error, FormExpired)
    if not (expired or status >= 500 or status == 429):
        return None
    typed = await typed_words(request)
    if typed is None or not await _from_a_page_of_ours(request):
        return None
    if not expired:
        return typed
    return replace(typed, now=True, whole=typed.whole and not auth.has_cookie(request))


async def _from_a_page_of_ours(request: Request) -> bool:
    """Say whether a form came from a page of ours, also where its token was lost.

    A browser so old that only the token could tell says on which page it was (Referer): our pages
    let it. One that does not say so gets no words back, only the plain page.
    """
    try:
        await check_origin(request)
    except FormExpired:
        return _page_before(request) in our_origins(request)
    except ForeignForm:
        return False
    return True


def _page_before(request: Request) -> str:
    """Give the origin of the page that led here, as the browser says it; empty for none."""
    with contextlib.suppress(ValueError):  # no address at all
        page = urlsplit(request.headers.get("referer", ""))
        return f"{page.scheme}://{page.netloc}"
    return ""


def unread(request: Request, error: Exception) -> bool:
    """Say whether a form was sent that could not be read, so that nothing can be given back."""
    return request.method == "POST" and isinstance(error, TooLarge | BodyBroken)


async def typed_words(request: Request) -> Typed | None:
    """Give what was typed into the form that was sent; None where there are no words in it.

    Where the error came first, the form is only read now, unless a recording may be in it.
    """
    if not hasattr(request.state, "form") and brings_much(request.scope):
        return None
    if request.method != "POST" or request.url.path.startswith((OTHER_APPS, *STREAMED)):
        return None
    form = None
    with contextlib.suppress(Exception):  # the page of an error must never be lost to another
        form = await read_form(request)
    if form is None or any("password" in name for name in form.texts):
        return None
    sent = [(name, value) for name, values in form.texts.items() for value in values]
    words = [(name, value) for name, value in sent if _holds_words(name) and value.strip()]
    others = [pair for pair in sent if pair not in words and pair[0] not in (TOKEN_FIELD, SPEAK)]
    return Typed(words, others, whole=not form.files) if words else None


def _holds_words(name: str) -> bool:
    """Say whether a field is one of those in which people write sentences."""
    named = {"text", "words", "note", "names", "about", "why", "english", "note-english"}
    return name in named or name.startswith("text-")

"""Templates to pages: one call that gives a whole page, or the part that htmx asked for."""

import contextlib
import json
import secrets
from collections.abc import Callable
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from jinja2 import (
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    pass_context,
)
from jinja2.loaders import ChoiceLoader
from jinja2.runtime import Context
from jinja2_fragments import render_block
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from storybank.access import NOBODY
from storybank.errors import SetupProblem
from storybank.tables import Programme
from storybank.understand.languages import UNDETERMINED
from web.forms import Problems
from web.language import ENGLISH, LANGUAGES, PUBLIC, Language, Speech, address_in, keep, speech_for
from web.one_story import STORY_FIELD, story_mark
from web.receipts import own_field
from web.security import TOKEN_FIELD, form_cookie, form_token, set_cookie
from web.words import add_words


def page(
    request: Request,
    name: str,
    *,
    fragment: str | None = None,
    status: int = 200,
    **context: object,
) -> Response:
    """Render template `name`, or only its block `fragment` when htmx asked for a part.

    Templates always have: `request`, `actor`, `nonce` (for `hx-nonce` and scripts),
    `form_token()` (put it into every form that posts), `story_field()` (into every form about the
    unsent story), `own_field()` (into every form about a sent one), `asset(name)`, `problems` (in
    the page's language), `language`, and `_()`, which gives a sentence written in the template in
    that language. Sentences that stand in Python go through the filter `said`, and words of the
    bank that are English through `english`. A macro that says sentences is imported `with context`.
    """
    environment: Environment = request.app.state.templates
    visitor, speech = _Visitor(request), speech_for(request, name)
    note = Markup(f"<!-- {request.state.nonce} -->")  # noqa: S704 (nobody can guess it and type it)
    values: dict[str, Any] = {
        "request": request,
        "actor": getattr(request.state, "actor", NOBODY),
        "nonce": request.state.nonce,
        "form_token": visitor.field,
        "story_field": lambda: _story_field(request),
        "own_field": lambda: own_field(request),
        "problems": Problems(),
        "url_for": lambda route, **path: request.app.url_path_for(route, **path),
        "path": request.url.path,
        "speech": speech,
        "language": speech.language,
        "languages": _menu(request) if name.startswith(PUBLIC) else (),
        "note_of_drafts": note,
        "gettext": _in_sentences(speech),
        "ngettext": _in_plurals(speech),
    } | context
    values["problems"] = values["problems"].said_by(speech.say)
    part = fragment if request.headers.get("HX-Request-Type") == "partial" else None
    if part:
        body = render_block(environment, name, part, values)
    else:
        body = environment.get_template(name).render(values)
    if note in body:  # only now is it known what the page says
        drafted = environment.get_template("_drafts.html") if speech.drafts_said else None
        body = body.replace(note, drafted.render(values) if drafted else "")
    response = HTMLResponse(speech.finish(body), status)
    response.headers["Vary"] = "Accept-Language"  # web/security.py adds what holds for all
    response.headers["Content-Language"] = speech.language.tag
    visitor.keep(response)
    keep(request, response)
    return response


def _story_field(request: Request) -> Markup:
    field = Markup('<input type="hidden" name="{}" value="{}">')
    return field.format(STORY_FIELD, story_mark(request))


def make_environment(built: Path) -> Environment:
    """Make the Jinja environment; `built` is the folder that scripts/build_assets.py fills.

    Undefined names chain (the GOV.UK macros need it). Raises SetupProblem where nothing is built.
    """
    here = Path(str(resources.files("web"))) / "templates"
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(here), govuk]),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.globals["asset"] = _Assets(built)
    environment.filters |= {"date": _date, "month": _month, "clock": say_clock}
    environment.filters |= {"grouped": in_fours, "lower_first": lower_first}
    environment.filters |= {"language_here": _language_here}
    environment.filters |= {"said": _said, "english": _english, "only_english": _only_english}
    environment.filters |= {"prompt": _prompt, "prompt_is_english": _prompt_is_english}
    add_words(environment)
    return environment


def say_date(when: datetime | date | str, tag: str = "en-GB") -> str:
    """Give a date as people write it: `3 November 2026`; an ISO date may come as a text.

    `tag` is that of a `Language`.
    """
    moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    return format_date(moment, "long", locale=Locale.parse(tag, sep="-"))


def say_month(happened: str, tag: str = "en-GB") -> str:
    """Give a month or a year as people write it: `2026-05` as `May 2026`, `2024` as it is."""
    if "-" not in happened:
        return happened
    year, month = happened.split("-")[:2]
    first = date(int(year), int(month), 1)
    return format_skeleton("yMMMM", first, locale=Locale.parse(tag, sep="-"))


@pass_context
def _date(context: Context, when: datetime | date | str) -> str:
    return say_date(when, context.get("language", ENGLISH).tag)


@pass_context
def _month(context: Context, happened: str) -> str:
    return say_month(happened, context.get("language", ENGLISH).tag)


@pass_context
def _language_here(context: Context, code: str) -> str:
    """Give the name of a language in that of the page; nothing for one that nobody could tell."""
    speaks = Locale.parse(context.get("language", ENGLISH).code)
    return "" if code == UNDETERMINED else str(speaks.languages.get(code, code))


@pass_context
def _said(context: Context, sentence: str) -> str:
    """Say a sentence that stands in Python; what it gives is text, and is escaped as such."""
    said: str = context["speech"].say(sentence)
    return said


@pass_context
def _english(context: Context, text: str) -> str:
    """Mark words that are English whatever the page speaks: names of programmes, questions."""
    marked: str = context["speech"].as_english(text)
    return marked


@pass_context
def _only_english(context: Context, sentence: str) -> bool:
    """Whether a sentence in Python is said in English on a page in another language."""
    return bool(sentence) and bool(context["speech"].only_english(sentence))


@pass_context
def _prompt(context: Context, programme: Programme) -> str:
    """Give what tellers are asked: in the page's language, else marked as English."""
    speech: Speech = context["speech"]
    return programme.prompts.get(speech.language.code) or speech.as_english(programme.prompt)


@pass_context
def _prompt_is_english(context: Context, programme: Programme) -> bool:
    """Whether that is in English on a page in another language."""
    code = context["speech"].language.code
    return code != ENGLISH.code and not programme.prompts.get(code)


def _in_sentences(speech: Speech) -> Callable[..., str]:
    @pass_context
    def _gettext(context: Context, pattern: str, **values: object) -> str:
        return Markup(speech.gettext(pattern)) % values  # noqa: S704 (our own catalogues)

    return _gettext


def _in_plurals(speech: Speech) -> Callable[..., str]:
    @pass_context
    def _ngettext(context: Context, one: str, many: str, n: int, /, **values: object) -> str:
        return Markup(speech.ngettext(one, many, n)) % ({"num": n} | values)  # noqa: S704

    return _ngettext


def _menu(request: Request) -> list[tuple[Language, str]]:
    return [(language, address_in(request, language.code)) for language in LANGUAGES.values()]


def lower_first(text: str) -> str:
    """Give a text that starts small, to stand inside a sentence."""
    return text[:1].lower() + text[1:]


def say_clock(seconds: float) -> str:
    """Give a time in a recording: `0:07`, `12:30`, `1:02:03`."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def in_fours(code: str) -> str:
    """Give a receipt code in groups of four, as it is read aloud."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


class _Assets:
    """Gives the address of a built file by its plain name, also after it was built anew."""

    def __init__(self, built: Path) -> None:
        self._manifest = built / "manifest.json"
        self._names = _manifest(built)
        self._made = self._manifest.stat().st_mtime_ns

    def __call__(self, name: str) -> str:
        with contextlib.suppress(OSError, SetupProblem):  # at this moment it is being replaced
            made = self._manifest.stat().st_mtime_ns
            if made != self._made:
                self._names, self._made = _manifest(self._manifest.parent), made
        return f"/static/built/{self._names[name]}"


def _manifest(built: Path) -> dict[str, str]:
    try:
        names: dict[str, str] = json.loads((built / "manifest.json").read_text())["names"]
    except (OSError, ValueError, KeyError):
        raise SetupProblem(
            message="The pages' styles are not built. Run `python scripts/build_assets.py`."
        ) from None
    return names


class _Visitor:
    """Gives form tokens, and sets their cookie only where a page used one."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._had = request.cookies.get(form_cookie(request))
        self._cookie = self._had or secrets.token_urlsafe(24)
        self._used = False

    def field(self) -> Markup:
        """Give the hidden field with the token."""
        self._used = True
        token = form_token(self._request, self._cookie)
        return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN_FIELD, token)

    def keep(self, response: Response) -> None:
        """Set the cookie where a new one was used."""
        if self._used and not self._had:
            set_cookie(self._request, response, "form", self._cookie)

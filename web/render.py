"""Templates to pages: one call that gives a whole page, or the part that htmx asked for."""

import contextlib
import json
import secrets
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from jinja2.loaders import ChoiceLoader
from jinja2_fragments import render_block
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from storybank.access import NOBODY
from storybank.errors import SetupProblem
from web.forms import Problems
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
    `form_token()` (put it into every form that posts), `asset(name)`, and `problems`.
    """
    environment: Environment = request.app.state.templates
    visitor = _Visitor(request)
    values: dict[str, Any] = {
        "request": request,
        "actor": getattr(request.state, "actor", NOBODY),
        "nonce": request.state.nonce,
        "form_token": visitor.field,
        "problems": Problems(),
        "url_for": lambda route, **path: request.app.url_path_for(route, **path),
        "path": request.url.path,
    } | context
    part = fragment if request.headers.get("HX-Request-Type") == "partial" else None
    if part:
        body = render_block(environment, name, part, values)
    else:
        body = environment.get_template(name).render(values)
    response = HTMLResponse(body, status)
    response.headers["Vary"] = "HX-Request-Type"
    visitor.keep(response)
    return response


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
    environment.filters |= {"date": say_date, "clock": say_clock, "grouped": in_fours}
    environment.filters |= {"month": say_month, "lower_first": lower_first}
    add_words(environment)
    return environment


def say_date(when: datetime | str) -> str:
    """Give a date as people write it: `3 November 2026`; an ISO date may come as a text."""
    moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    return f"{moment.day} {moment:%B %Y}"


def say_month(happened: str) -> str:
    """Give a month or a year as people write it: `2026-05` as `May 2026`, `2024` as it is."""
    if "-" not in happened:
        return happened
    return f"{datetime.strptime(happened, '%Y-%m'):%B %Y}"  # noqa: DTZ007 (no moment, no zone)


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

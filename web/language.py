"""Which language a page speaks, and its sentences in that language.

Asked for by `?lang=` (links of programmes, the menu) or by the button that sent a form, else
remembered in a cookie, else what the
browser prefers, else English. A sentence that a catalogue lacks is shown in English and marked as
English, so that a screen reader reads it as such.
"""

import gettext
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from storybank.errors import SetupProblem
from storybank.sentences import Sentence, Theirs
from web.forms import Form
from web.security import cookie_name, set_cookie

Text = TypeVar("Text", bound=str)


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the pages speak: its code, its own name, and which way it is written."""

    code: str
    name: str
    direction: str = "ltr"

    @property
    def tag(self) -> str:
        """The code for `<html lang>`, and for dates."""
        return "en-GB" if self.code == "en" else self.code


ENGLISH = Language("en", "English")
LANGUAGES = {
    language.code: language
    for language in (
        ENGLISH,
        Language("pl", "Polski"),
        Language("pt", "Português"),
        Language("ar", "العربية", "rtl"),
        Language("bn", "বাংলা"),
        Language("ur", "اردو", "rtl"),
        Language("ro", "Română"),
    )
}

PUBLIC = ("capture/", "receipt/", "pages/", "error.html")
"""Templates that speak every language; those of staff are in English."""

LOCALES = Path(str(resources.files("web"))) / "locales"
SPEAK = "speak"
"""Name of the buttons that send a form to have its page in another language, as it is filled in."""
DRAFT_SAYS = "Translated by a computer. A person has not checked it yet."
"""Stands over every page on which a text stands that nobody has approved yet."""

# Two code points that Unicode keeps for a program's own use: they stand round English text until
# the page is whole, since only then is it known whether an element can stand in that place.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_TAG = re.compile(r"""(<(?:"[^"]*"|'[^']*'|[^'">])*>)""")
_ONLY_TEXT = ("title", "option", "textarea", "script", "style")
_SPAN = '<span lang="en" dir="ltr">'


class _Marking(gettext.NullTranslations):
    """What a catalogue lacks: the English, marked."""

    def gettext(self, message: str) -> str:
        return english(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return english(msgid1 if n == 1 else msgid2)


class Speech:
    """The sentences of one language, for templates (`gettext`, `ngettext`) and for Python (`say`).

    `approved` are those that a person has checked, `drafts` all others. `drafts_said` holds the
    English of the drafts that were said so far; for a page of its own, take `for_one_page`.
    """

    def __init__(
        self,
        language: Language,
        approved: gettext.NullTranslations,
        drafts: gettext.NullTranslations | None = None,
    ) -> None:
        self.language = language
        self._approved, self._drafts = approved, drafts or _Marking()
        self.drafts_said: set[str] = set()

    def for_one_page(self) -> "Speech":
        """Give the same sentences, with none said yet."""
        return Speech(self.language, self._approved, self._drafts)

    def gettext(self, message: str) -> str:
        """Give a sentence in this language; what no catalogue holds comes marked as English."""
        said, lacking = self._approved.gettext(message), english(message)
        if said == lacking:
            said = self._noted(message, lacking, self._drafts.gettext(message))
        return said

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Give the form of a sentence that goes with `n`."""
        said, lacking = self._approved.ngettext(one, many, n), english(one if n == 1 else many)
        if said == lacking:
            said = self._noted(one, lacking, self._drafts.ngettext(one, many, n))
        return said

    def _noted(self, message: str, lacking: str, said: str) -> str:
        if said != lacking:
            self.drafts_said.add(message)
        return said

    def say(self, sentence: str) -> str:
        """Give a sentence of ours in this language, as text; a `Sentence` keeps what was put in.

        What is written in this language already (`Theirs`) stays as it is.
        """
        if isinstance(sentence, Theirs):
            return sentence
        if not isinstance(sentence, Sentence):
            return self.gettext(sentence) if sentence else ""
        values = {name: self._put_in(value) for name, value in sentence.values.items()}
        return self.gettext(sentence.pattern) % values

    def _put_in(self, value: object) -> object:
        if not isinstance(value, str) or isinstance(value, Sentence):
            return self.say(value) if isinstance(value, Sentence) else value
        said = self.say(value) if value else ""
        return value if said == english(value) else said  # a figure, or a name: as it is

    def only_english(self, sentence: str) -> bool:
        """Whether a sentence is said in English on a page in another language."""
        return self.language is not ENGLISH and self.say(sentence) == english(sentence)

    def as_english(self, text: Text) -> Text:
        """Give words that stand in the bank in English, marked on a page in another language."""
        return text if self.language is ENGLISH or not text else type(text)(english(text))

    def finish(self, html: str) -> str:
        """Give the whole page, or a part, with its English marked as English."""
        return html if _OPEN not in html else _mark(html)


def english(text: str) -> str:
    """Give English text with the marks that `finish` turns into elements."""
    return f"{_OPEN}{text}{_CLOSE}"


def plain(text: str) -> str:
    """Give text without marks, for an answer that is no page."""
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def _mark(html: str) -> str:
    """Turn the marks into elements where one may stand, and drop them everywhere else."""
    pieces, depth, inside = [], 0, ""
    for i, piece in enumerate(_TAG.split(html)):
        tag = re.match(r"</?(\w+)", piece) if i % 2 else None
        if tag and tag[1] in _ONLY_TEXT:
            inside = "" if piece.startswith("</") else tag[1]
        if i % 2 or inside:
            pieces.append(plain(piece))
            continue
        for run in re.split(f"([{_OPEN}{_CLOSE}])", piece):  # a sentence may hold elements itself
            if run in (_OPEN, _CLOSE):
                depth += 1 if run == _OPEN else -1
            else:
                pieces.append(f"{_SPAN}{run}</span>" if depth > 0 and run.strip() else run)
    return "".join(pieces)


def load_speeches(folder: Path = LOCALES) -> dict[str, Speech]:
    """Give every language's sentences from its compiled catalogues in `folder`.

    Raises SetupProblem where one is not compiled.
    """
    speeches = {"en": Speech(ENGLISH, gettext.NullTranslations())}
    for code in LANGUAGES.keys() - speeches.keys():
        approved, drafts = _compiled(folder, code, "messages"), _compiled(folder, code, "drafts")
        speeches[code] = Speech(LANGUAGES[code], approved, drafts)
    return speeches


def _compiled(folder: Path, code: str, name: str) -> gettext.NullTranslations:
    try:
        catalogue = gettext.translation(name, folder, [code])
    except OSError:
        raise SetupProblem(
            message="The translations are not compiled. Run `python scripts/build_assets.py`."
        ) from None
    catalogue.add_fallback(_Marking())
    return catalogue


def speech_for(request: Request, template: str | None = None) -> Speech:
    """Give the language in which to answer; pages of staff speak English."""
    speeches: Mapping[str, Speech] = request.app.state.speeches
    role = getattr(getattr(request.state, "actor", None), "role", None)
    for_staff = role is not None and template == "error.html"
    if for_staff or (template is not None and not template.startswith(PUBLIC)):
        return speeches["en"].for_one_page()
    return speeches[chosen(request)].for_one_page()


def chosen(request: Request) -> str:
    """Give the code of the language of whoever asks; also for handlers that show no page."""
    cookie = request.cookies.get(cookie_name(request, "lang"), "")
    for code in (asked(request), cookie):
        if code in LANGUAGES:
            return code
    return preferred(request.headers.get("accept-language", ""))


def asked(request: Request) -> str:
    """Give the language that the address or the form asks for, or an empty text."""
    form: Form | None = getattr(request.state, "form", None)
    if form is not None and only_speaks(form):
        return form.text(SPEAK)
    code = request.query_params.get("lang", "")
    return code if code in LANGUAGES else ""


def only_speaks(form: Form) -> bool:
    """Say whether a form was sent to be shown in another language: as it is, and kept nowhere."""
    return form.text(SPEAK) in LANGUAGES


def keep(request: Request, response: Response) -> None:
    """Remember the language that the address asked for until the browser closes."""
    if code := asked(request):
        set_cookie(request, response, "lang", code)


def preferred(accepted: str, offered: Iterable[str] = tuple(LANGUAGES)) -> str:
    """Give the first of `offered` by the header Accept-Language (`pl-PL,pl;q=0.9,en;q=0.5`)."""
    ranked = []
    for position, part in enumerate(accepted.split(",")):
        tag, _, weight = part.partition(";q=")
        code = tag.strip().lower().partition("-")[0]
        with_weight = re.fullmatch(r"\s*(0(\.\d*)?|1(\.0*)?)\s*", weight or "1")
        if code in offered and with_weight and float(weight or 1) > 0:
            ranked.append((-float(weight or 1), position, code))
    return min(ranked)[2] if ranked else "en"


def address_in(request: Request, code: str) -> str:
    """Give the address of this page in another language, for the menu."""
    others = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    return f"{request.url.path}?{urlencode([*others, ('lang', code)])}"

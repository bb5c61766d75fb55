"""Advice on words as staff type them: labels and jargon, and how easy it is to read."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from storybank.access import Actor
from storybank.consent import SHIPPED
from storybank.values import Role
from web.forms import Form, FormDep
from web.render import page
from web.staff import only
from web.wordcheck import Looked, WordsDep

router = APIRouter()

WriterDep = Annotated[Actor, only(Role.WORKER, Role.ADMIN)]

FOR_RESIDENTS = (
    "prompt",
    "about",
    *(f"{question.use}-{part}" for question in SHIPPED.questions for part in ("ask", "hint")),
    "spoken",
)
"""Fields that residents read, or hear read aloud."""
FIELDS = ("note", *FOR_RESIDENTS)


@router.post("/words", name="words")
def check(request: Request, actor: WriterDep, words: WordsDep, form: FormDep) -> Response:
    """Give advice on what was typed so far; nothing of it is kept."""
    advice = advice_on(words, form)
    if advice is None and "HX-Request-Type" in request.headers:
        words.begin()  # somebody is about to write
    return page(request, "words/check.html", fragment="advice", advice=advice)


def advice_on(words: WordsDep, form: Form) -> dict[str, object] | None:
    """Give the advice on the fields of a form that staff write; None where they are empty."""
    written = {name: form.raw(name).strip() for name in FIELDS}
    # an empty line between two fields: a quotation that is open in one does not reach the next
    text = "\n\n".join(value for value in written.values() if value)
    if not text:
        return None
    looked: Looked | None = words.look(text)
    residents = any(written[name] for name in FOR_RESIDENTS)
    return {"looked": looked, "age": looked.age if looked and residents else None}

"""The draft of the next version as its pages have it; words that come for one that is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.access import Actor
from storybank.errors import FrameworkDraftGone
from storybank.framework import Code
from storybank.tables import FrameworkDraft
from storybank.versions import shelf
from storybank.versions.draft import Draft, mark_of
from storybank.versions.fates import Change
from web import errors
from web.codebook import KINDS
from web.deps import HeldDep, SessionDep
from web.forms import Form, FormDep, Problems, read_form
from web.render import page
from web.staff import ChangerDep
from web.state import Held

HOME = "/framework-draft"
TYPED = {
    "name": "Name", "label": "Short name", "question": "Question", "definition": "Definition",
    "present": "Lived, in a few words", "missing": "Missing, in a few words",
    "includes": "It counts", "excludes": "It does not count",
    "examples-present": "Examples, lived", "examples-missing": "Examples, missing",
    "examples-none": "Examples that are near it, and are not it", "near": "Codes that are near",
    "names": "Names of the new codes", "why": "Why it is changed",
}  # fmt: skip
"""Fields of the draft's forms in which people write, as the forms call them."""
BEGIN = "begin"
"""The field by which a form asks for a new draft where there is none any more."""


@dataclass(frozen=True)
class Table:
    """What every answer about the draft needs: who asks, the row, and the draft as it is."""

    request: Request
    session: Session
    held: Held
    actor: Actor
    row: FrameworkDraft
    draft: Draft

    def keep(self, draft: Draft, done: str) -> Response:
        """Keep a changed draft, and go back to its list of codes."""
        shelf.keep(self.session, self.actor, self.row, draft)
        return RedirectResponse(f"{HOME}?done={done}", status_code=303)

    def page(self, name: str, **more: Any) -> Response:
        """Render one page about the draft."""
        return page(self.request, f"versions/{name}.html", draft=self.draft, row=self.row, **more)

    def written(
        self, code: Code | None, form: Form, problems: Problems, *,
        differ: Sequence[Change] = (), status: int = 200,
    ) -> Response:  # fmt: skip
        """Render the form of one code (None: a new one) with what was typed.

        `differ` is where that differs from what somebody else has written meanwhile.
        """
        seen = mark_of(self.draft, code.id) if code else ""
        return self.page(
            "code", code=code, filled=form, problems=problems, differ=differ, status=status,
            seen=seen, kinds=KINDS,
        )  # fmt: skip


def table_of(
    request: Request, session: SessionDep, held: HeldDep, actor: ChangerDep, form: FormDep
) -> Table:
    """Give the draft, held until the commit; where there is none, a look leads to the versions.

    Raises FrameworkDraftGone where somebody wants to change a draft that is gone, and does not
    ask for a new one.
    """
    now = held.framework()
    row = shelf.draft_row(session, now.id, lock=True)
    if row is None and request.method == "GET":
        raise HTTPException(303, headers={"Location": "/framework-versions?done=no-draft"})
    if row is None and form.text(BEGIN):
        row = shelf.begin(session, actor, held.settings.framework)
    if row is None:
        raise FrameworkDraftGone(now.id, message=shelf.how_it_ended(session, now.id))
    return Table(request, session, held, actor, row, shelf.opened(session, row))


TableDep = Annotated[Table, Depends(table_of)]


async def show_gone(request: Request, error: Exception) -> Response:
    """Show the words that came for a draft that is gone, and a way to keep them.

    A reason to publish says nothing of another draft, so it can only be copied.
    """
    form = await read_form(request)
    typed = [(label, form.raw(name)) for name, label in TYPED.items() if form.text(name)]
    if not typed:
        return await errors.show(request, error)
    values = {name: form.raw(name) for name in form.texts if name not in ("form_token", BEGIN)}
    return page(
        request, "versions/gone.html", status=409, what="draft", typed=typed, begin=BEGIN,
        happened=errors.message_of(error), values={} if "why" in values else values,
    )  # fmt: skip

"""The next version of the framework while it is written: its codes, a last look, publishing."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from storybank.errors import BadVersion, NotFound
from storybank.evidence.moved import affected
from storybank.framework import Code
from storybank.versions import shelf
from storybank.versions.draft import (
    Draft,
    added,
    edited,
    has_changes,
    mark_of,
    mark_of_all,
    merged,
    next_version,
    problems_of,
    restored,
    retired,
    split,
)
from storybank.versions.fates import as_rows, changes, fates_between
from web.codebook import KINDS, filled, written
from web.deps import HeldDep, SessionDep
from web.draft_table import HOME, TYPED, Table, TableDep
from web.forms import Form, FormDep, Problems
from web.staff import ChangerDep

router = APIRouter()

LONGEST_WHY = 600
CHANGED = "Somebody changed this code meanwhile"
DRAFT_CHANGED = "Somebody changed the draft meanwhile"
TAKEN_OUT = (
    "Somebody took this code out of the draft while you wrote. Put it back on the page of the "
    "draft, or add what you wrote as a new code"
)
NOT_TO_SPLIT = (
    "Somebody took this code out of the draft while you wrote. Put it back on the page of the "
    "draft and split it then, or add what you wrote as new codes."
)
DONE = {
    "begun": "The draft is begun. Nothing changes for stories until it is published.",
    "edited": "The code is changed in the draft.",
    "added": "The code is added to the draft.",
    "retire": "The code is taken out of the draft.",
    "merge": "The code is merged in the draft.",
    "split": "The code is split in the draft. Now write what each part means.",
    "restore": "The code is back as it was.",
}


@router.post(HOME, name="begin_draft")
def begin(session: SessionDep, held: HeldDep, actor: ChangerDep) -> Response:
    """Begin a draft from the current version, or go on with the one that is there."""
    shelf.begin(session, actor, held.settings.framework)
    return RedirectResponse(f"{HOME}?done=begun", status_code=303)


@router.get(HOME, name="draft")
def show(table: TableDep) -> Response:
    """Show the codes of the draft, what became of each old one, and what is still missing."""
    draft = table.draft
    fates = fates_between(draft.base, draft.codes, as_rows(draft.fates))
    changed = {
        code.id: changes(draft.base.by_id[code.id], code)
        for code in draft.codes
        if not draft.is_new(code.id)
    }
    return table.page(
        "draft", fates=fates, changed=changed, wrong=problems_of(draft), kinds=KINDS,
        done=DONE.get(table.request.query_params.get("done", "")), names=_names(draft),
        has_changes=has_changes(draft),
    )  # fmt: skip


@router.get(f"{HOME}/new", name="new_code")
def new(table: TableDep) -> Response:
    """Show the form for one more code."""
    return table.written(None, Form(), Problems())


@router.post(f"{HOME}/new", name="add_to_draft")
def add(table: TableDep, form: FormDep) -> Response:
    """Add a code to the draft."""
    problems = Problems()
    code = written(form, None, _ids(table.draft), problems)
    try:
        after = added(table.draft, code)
    except BadVersion as error:
        problems.add("name", error.message)
    if problems:
        return table.written(None, form, problems, status=422)
    return table.keep(after, "added")


@router.get(f"{HOME}/codes/{{code}}", name="edit_code")
def edit(table: TableDep, code: str) -> Response:
    """Show the form with the words of one code."""
    found = _one(table.draft, code)
    return table.written(found, filled(found), Problems())


@router.post(f"{HOME}/codes/{{code}}", name="change_code")
def change(table: TableDep, form: FormDep, code: str) -> Response:
    """Change the words of one code; where somebody changed them since, show both."""
    problems, seen = Problems(), form.text("seen")
    if seen and code not in _ids(table.draft):
        return table.written(None, form, Problems({"name": TAKEN_OUT}), status=409)
    found = _one(table.draft, code)
    after = written(form, found, _ids(table.draft), problems)
    differ = changes(found, after)
    if differ and seen != mark_of(table.draft, code):
        problems = Problems({"differ": f"{CHANGED}. Compare what you typed, and keep it again"})
        return table.written(found, form, problems, differ=differ, status=409)
    if problems:
        return table.written(found, form, problems, status=422)
    return table.keep(edited(table.draft, after), "edited")


@router.get(f"{HOME}/codes/{{code}}/{{act}}", name="ask_code")
def ask(table: TableDep, code: str, act: str) -> Response:
    """Ask before a code is retired, merged, split, or put back."""
    return _asked(table, code, act)


@router.post(f"{HOME}/codes/{{code}}/{{act}}", name="do_code")
def do(table: TableDep, form: FormDep, code: str, act: str) -> Response:
    """Retire, merge, split or put back a code; not what somebody changed since it was shown."""
    if act == "split" and form.text("names") and code not in _ids(table.draft):
        typed = [(TYPED["names"], form.raw("names"))]
        return table.page("gone", what="code", happened=NOT_TO_SPLIT, typed=typed, status=409)
    if form.text("seen") != mark_of(table.draft, code):
        problems = Problems({"go": f"{CHANGED}. Look at it, then press again"})
        return _asked(table, code, act, problems=problems, typed=form, status=409)
    try:
        return table.keep(_done(table.draft, form, code, act), act)
    except BadVersion as error:
        problems = Problems({{"merge": "into", "split": "names"}.get(act, "go"): error.message})
        return _asked(table, code, act, problems=problems, typed=form, status=422)


@router.get(f"{HOME}/publish", name="look_over")
def look_over(table: TableDep) -> Response:
    """Show exactly what will change, before it does."""
    return _look(table)


@router.post(f"{HOME}/publish", name="publish")
def publish(table: TableDep, form: FormDep) -> Response:
    """Make the draft the version that stories are read by from now on."""
    why = " ".join(form.text("why").split())
    if not 0 < len(why) <= LONGEST_WHY:
        problems = Problems({"why": f"Say why, in at most {LONGEST_WHY} characters"})
        return _look(table, typed=form, problems=problems, status=422)
    first = table.held.settings.framework
    shelf.publish(table.session, table.actor, form.text("seen"), why, first)
    table.held.current.forget()
    return RedirectResponse("/framework-versions?done=published", status_code=303)


@router.get(f"{HOME}/discard", name="ask_discard")
def ask_discard(table: TableDep) -> Response:
    """Ask before the draft is thrown away."""
    return table.page("discard", seen=mark_of_all(table.draft))


@router.post(f"{HOME}/discard", name="discard")
def discard(table: TableDep, form: FormDep) -> Response:
    """Throw the draft away; not what somebody changed since it was shown."""
    seen = mark_of_all(table.draft)
    if form.text("seen") != seen:
        problems = Problems({"go": f"{DRAFT_CHANGED}. Look at it, then press again"})
        return table.page("discard", seen=seen, problems=problems, status=409)
    shelf.discard(table.session, table.actor, table.row)
    return RedirectResponse("/framework-versions?done=discarded", status_code=303)


def _look(table: Table, **more: Any) -> Response:
    draft = table.draft
    after = next_version(draft, draft.base.version + 1)
    old = draft.base.by_id
    edits = [(code, found) for code in after.codes
             if code.id in old and (found := changes(old[code.id], code))]  # fmt: skip
    values: dict[str, Any] = {"typed": Form()} | more
    return table.page(
        "publish", after=after, edits=edits, new=[c for c in after.codes if c.id not in old],
        fates=fates_between(draft.base, draft.codes, as_rows(draft.fates)), names=_names(draft),
        counts=affected(table.session, table.actor, draft.base.name), wrong=problems_of(draft),
        seen=shelf.mark_of_row(table.row), **values,
    )  # fmt: skip


def _asked(table: Table, code: str, act: str, **more: Any) -> Response:
    draft = table.draft
    if act == "restore":
        found = draft.base.by_id.get(code)
    elif act in ("retire", "merge", "split"):
        found = _one(draft, code)
    else:
        found = None
    if found is None:
        raise NotFound(f"code, {act[:10]}")
    counts = affected(table.session, table.actor, draft.base.name).get(code, (0, 0))
    values: dict[str, Any] = {"typed": Form()} | more
    return table.page(
        "act", code=found, act=act, counts=counts, names=_names(draft), seen=mark_of(draft, code),
        **values,
    )  # fmt: skip


def _done(draft: Draft, form: Form, code: str, act: str) -> Draft:
    if act == "retire":
        return retired(draft, code)
    if act == "merge":
        return merged(draft, code, form.text("into"))
    if act == "split":
        names = [" ".join(line.split())[:80] for line in form.raw("names").splitlines()]
        return split(draft, code, [name for name in names if name])
    if act == "restore" and code in draft.base.by_id:
        return restored(draft, code)
    raise NotFound(f"code, {act[:10]}")


def _one(draft: Draft, code: str) -> Code:
    if code not in _ids(draft):
        raise NotFound("code of the draft")
    return draft.code(code)


def _names(draft: Draft) -> dict[str, str]:
    return {code.id: code.name for code in (*draft.base.codes, *draft.codes)}


def _ids(draft: Draft) -> frozenset[str]:
    return frozenset(code.id for code in draft.codes)

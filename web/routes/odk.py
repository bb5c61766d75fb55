"""Survey apps on phones (ODK Collect, KoboCollect, Enketo): fetch the form, send stories.

The key in the address says who sends for what; there are no cookies and no pages here.
"""

from typing import Annotated
from xml.sax.saxutils import escape

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from storybank.capture.odk_form import PhoneForm, make_form, terms_of
from storybank.capture.odk_taking import Taken, look_at, take
from storybank.capture.phone_keys import MOST_ATTACHED, OpenKey, open_key
from storybank.db import transaction
from storybank.errors import UnknownForm
from storybank.settings import Settings
from web.deps import HeldDep, ReaderDep
from web.openrosa import HEADERS, Posted, answer, read_posted, xml
from web.render import in_fours
from web.security import OTHER_APPS

router = APIRouter(prefix=f"{OTHER_APPS}{{token}}")


def get_key(held: HeldDep, token: str) -> OpenKey:
    """Give what the key in the address stands for, before anything of the body is read."""
    with transaction(held.engine) as session:
        return open_key(session, token)


KeyDep = Annotated[OpenKey, Depends(get_key)]


async def get_posted(request: Request, key: KeyDep) -> Posted:
    """Give what was posted; only who has a key is listened to."""
    return await read_posted(request)


PostedDep = Annotated[Posted, Depends(get_posted)]


@router.get("/formList", name="form_list")
def form_list(
    request: Request, session: ReaderDep, held: HeldDep, key: KeyDep, token: str
) -> Response:
    """List the one form of this key; `formID` narrows, `verbose=true` describes."""
    form = _form(session, key)
    wanted = request.query_params.get("formID")
    entry = ""
    if wanted in (None, form.id):
        about = request.query_params.get("verbose") == "true"
        entry = _entry(form, _address(held.settings, token), key.programme.about if about else "")
    return xml(f'<xforms xmlns="http://openrosa.org/xforms/xformsList">{entry}</xforms>')


@router.get("/forms/{form_id}", name="phone_form")
def form(session: ReaderDep, key: KeyDep, form_id: str) -> Response:
    """Give the form itself; its digest stands in the list."""
    return xml(_named(session, key, form_id).xml)


@router.get("/forms/{form_id}/manifest", name="phone_form_files")
def manifest(session: ReaderDep, key: KeyDep, form_id: str) -> Response:
    """Give the list of files that the form needs: none."""
    _named(session, key, form_id)
    return xml('<manifest xmlns="http://openrosa.org/xforms/xformsManifest"></manifest>')


@router.head("/submission")
def about_submission(held: HeldDep, key: KeyDep, token: str) -> Response:
    """Say where to send and how much at once; any other status than 204 turns Collect away."""
    headers = HEADERS | {
        "X-OpenRosa-Accept-Content-Length": str(MOST_ATTACHED),
        "Location": f"{_address(held.settings, token)}/submission",
    }
    return Response(status_code=204, headers=headers)


@router.post("/submission", name="phone_submission")
def submit(held: HeldDep, key: KeyDep, posted: PostedDep) -> Response:
    """Take a filled-in form: 201 where it is new, 202 where it was there or waits for sound."""
    arrived = look_at(held.settings, posted.xml, posted.files)
    with transaction(held.engine) as session:
        taken = take(session, held.desk, key, arrived)
    return answer(_said(taken, posted), 201 if taken.new else 202)


def _said(taken: Taken, posted: Posted) -> str:
    if taken.receipt is not None:
        return (
            "The story is safe. "
            f"Write down this code for the person who told it: {in_fours(taken.receipt)}"
        )
    if taken.safe:
        return "The story is safe. It was sent before."
    if posted.incomplete:
        return "The first part is here. The recording is still to come."
    return "The answers are here, but the recording is not. Send the form again with it."


def _form(session: Session, key: OpenKey) -> PhoneForm:
    return make_form(terms_of(session, key.programme))


def _named(session: Session, key: OpenKey, form_id: str) -> PhoneForm:
    found = _form(session, key)
    if found.id != form_id:
        raise UnknownForm
    return found


def _address(settings: Settings, token: str) -> str:
    return f"{settings.public_url.rstrip('/')}{OTHER_APPS}{token}"


def _entry(form: PhoneForm, base: str, about: str) -> str:
    there = escape(f"{base}/forms/{form.id}")
    parts = {
        "formID": escape(form.id),
        "name": escape(form.name),
        "version": escape(form.version),
        "hash": form.hash,
        "descriptionText": escape(about),
        "downloadUrl": there,
        "manifestUrl": f"{there}/manifest",
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value)
    return f"<xform>{inner}</xform>"

"""What the two pages share on which a worker puts in what somebody told: the form and the sheet."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from storybank import audit
from storybank.access import Actor
from storybank.capture.intake import Desk, receive
from storybank.capture.wordings import wording_for, wording_named
from storybank.consent import Wording
from storybank.tables import Place, Programme, now
from storybank.values import NewStory, Use
from web.codes import code_picture
from web.drafting import programme_of
from web.forms import Form, Problems
from web.render import page

FIRST_YEAR = 2000
OTHER_WORDS = "This programme asks in other words. Ask these questions, and put in the answers"

SENT_ALREADY = (
    "A story was sent from this page before, with other contents, and stays as it was sent. "
    "If this is another story, press “Send the story” again. The first one can be changed by its "
    "teller only, with their code"
)


@dataclass(frozen=True, slots=True)
class Lists:
    """What can be chosen: the programmes in the order they were made, the places by name."""

    programmes: Sequence[Programme]
    places: Sequence[Place]


def lists(session: Session) -> Lists:
    """Give the programmes and places that a worker can choose."""
    programmes = session.exec(select(Programme).order_by(col(Programme.id))).all()
    return Lists(programmes, session.exec(select(Place).order_by(col(Place.name))).all())


def chosen_programme(session: Session, form: Form) -> Programme | None:
    """Give the programme that is chosen on the page: the first one until somebody chooses."""
    return programme_of(session, form.text("programme") or None)


def asked_on(session: Session, form: Form) -> Wording:
    """Give the words in which the chosen programme's questions are to stand on the page.

    Those that were `shown`, as long as they were shown for this programme; else those of now.
    """
    programme = chosen_programme(session, form)
    number = programme.id if programme else None
    shown = None
    if programme is None or form.text("asked_for") == programme.slug:
        shown = wording_named(session, form.text("shown"), number)
    return shown or wording_for(session, number)


def without_answers(form: Form) -> Form:
    """Give a form without the answers to the five questions: they were given to other words."""
    uses = {use.value for use in Use}
    return Form({name: said for name, said in form.texts.items() if name not in uses}, form.files)


def as_another(form: Form, problems: Problems) -> Form:
    """Give a form as that of another story, where one was sent from its page already."""
    problems.add("text", SENT_ALREADY)
    return Form(dict(form.texts) | {"client": (uuid.uuid4().hex,)}, form.files)


def day_in(form: Form, problems: Problems, says: str) -> str:
    """Give the ISO date in the field `told_on`; one that cannot be is a problem, and today."""
    today = now().date()
    try:
        day = date.fromisoformat(form.text("told_on"))
    except ValueError:
        day = None
    if day is None or day > today or day.year < FIRST_YEAR:
        problems.add("told_on", says)
        return today.isoformat()
    return day.isoformat()


def uses_in(form: Form) -> dict[str, Any]:
    """Give what is ticked for each use; anything but a yes is a no."""
    return {use.value: form.text(use.value) == "yes" for use in Use}


def take_in(
    request: Request, session: Session, desk: Desk, actor: Actor, told: NewStory
) -> Response:
    """Receive a story and show the code to hand over; sent twice it is one story.

    Raises the errors of `receive`; then nothing is stored.
    """
    with session.begin_nested():
        received = receive(session, desk, told)
    if received.new:
        audit.note(session, actor.person_id, "send-story", received.story_id)
    code = received.receipt
    return page(request, "worker/receipt.html", code=code, qr=code_picture(request, code))

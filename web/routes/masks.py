"""Stories to review: go through the masks of each, unsure ones first, and say what is private."""

import uuid
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import audit, masking
from storybank.access import Actor, original_story, originals
from storybank.capture.beside import Beside, notes_beside
from storybank.capture.by_hand import english_so_far, put_into_english
from storybank.capture.notes_in_english import NOTED, put_note_into_english
from storybank.capture.translations import english_by, translation_of
from storybank.capture.whereabouts import TRANSLATED
from storybank.errors import BadInput, BadSelection, Conflict, EmptyStory, StoryTooLong
from storybank.evidence import masks
from storybank.evidence.notes import count_notes_for_english, notes_for_english
from storybank.evidence.story import count_for_english, waiting_for_english
from storybank.index.sides import ENGLISH, TOLD, Opened
from storybank.keys import Keyring
from storybank.tables import AuditEntry
from storybank.values import Span
from storybank.vault import story_key
from web.deps import HeldDep, SessionDep
from web.forms import Form, FormDep, Problems
from web.notes_in_english import box_of, note_sent
from web.render import page
from web.staff import MaskerDep
from web.state import Held

router = APIRouter()

QUEUE = "/masks"
REASONS = (
    "Checking masks before staff read new stories",
    "Somebody told us that a detail was missed",
    "Answering a request of a teller",
    "Putting a story into English",
)
KIND_WORDS = {
    "person": "Name of a person", "address": "Address of a home", "street": "Street of a home",
    "school": "School", "gp_practice": "GP practice", "phone": "Phone number",
    "email": "Email address", "postcode": "Postcode", "dob": "Date of birth",
    "nhs": "NHS number", "nino": "National Insurance number", "bank": "Bank details",
    "card": "Card number", "passport": "Passport number",
    "driving_licence": "Driving licence number", "vehicle": "Vehicle registration",
    "reference": "Reference number", "handle": "Social media name", "link": "Link",
    "network_address": "Network address",
}  # fmt: skip


@dataclass(frozen=True)
class Bench:
    """What every answer about one story's masks needs: who asks, why, and with what."""

    request: Request
    session: Session
    held: Held
    actor: Actor
    story_id: uuid.UUID
    why: AuditEntry | None

    def page(self, **more: Any) -> Response:
        """Render the story as told with its masks; that it was opened is noted."""
        assert self.why is not None  # noqa: S101 (the routes ask for it first)
        keyring = self.held.desk.keyring
        opened = masking.open_story(self.session, keyring, self.actor, self.story_id)
        masks.note_opening(self.session, self.actor, self.story_id, self.why)
        cards = masks.cards(opened)
        _, left = masks.waiting(self.session, self.actor, limit=1)
        values: dict[str, Any] = {"typed": Form(), "said": "", "status": 200} | more
        return page(
            self.request,
            "masks/story.html",
            story=opened.story,
            mark=opened.mark,
            cards=cards,
            runs=masks.runs(opened.told, cards),
            english=masks.runs(opened.english, cards) if opened.english else (),
            **self._translation(opened),
            notes=[(note, masks.runs(note, cards)) for note in opened.notes],
            written=self._written(opened),
            sides={note.text.id for note in opened.notes},
            told_in=opened.row.language,
            saved=self.request.query_params.get("saved", ""),
            undecided=sum(not card.decided for card in cards),
            reviewed_on=masks.reviewed_on(self.session, opened),
            left=left,
            kinds=KIND_WORDS,
            **values,
        )

    def _translation(self, opened: Opened) -> dict[str, Any]:
        """Give who put the words into English, and what a person may still write of it.

        `to_translate` is None where nobody has to: the words are in English.
        """
        row = translation_of(self.session, opened.row)
        key = story_key(self.held.desk.keyring, opened.story)
        begun = english_so_far(self.session, key, opened.row)
        return {
            "english_by": english_by(self.session, row),
            "english_on": row.created_at if row and row.person_id else None,
            "to_translate": begun if opened.row.withheld else None,
        }

    def _written(self, opened: Opened) -> dict[int, Beside]:
        """Give by its number each note as it was written, with its English."""
        key = story_key(self.held.desk.keyring, opened.story)
        return {note.id: note for note in notes_beside(self.session, key, self.story_id)}

    @property
    def address(self) -> str:
        """The page of this story."""
        return f"{QUEUE}/{self.story_id}"


def mask_bench(
    request: Request, session: SessionDep, held: HeldDep, actor: MaskerDep, story_id: uuid.UUID
) -> Bench:
    """Give the bench of somebody who may see words as told."""
    return Bench(request, session, held, actor, story_id, masks.reason_of(session, actor))


BenchDep = Annotated[Bench, Depends(mask_bench)]


@router.get(QUEUE, name="masks")
def queue(request: Request, session: SessionDep, actor: MaskerDep) -> Response:
    """Show which stories wait for somebody to go through their masks."""
    return _queue(request, session, actor)


@router.post(QUEUE, name="begin_masks")
def begin(request: Request, session: SessionDep, actor: MaskerDep, form: FormDep) -> Response:
    """Note why somebody is to see words as told, and show them the first story."""
    try:
        masks.begin(session, actor, form.text("other") or form.text("reason"))
    except BadInput as error:
        problems = Problems({"reason-1": error.message})
        return _queue(request, session, actor, problems=problems, typed=form, status=422)
    session.flush()
    return RedirectResponse(_wanted(form.text("story")) or _next(session, actor), status_code=303)


@router.get("/masks/{story_id}", name="mask_story")
def show(bench: BenchDep) -> Response:
    """Show one story as told, with its masks; first the reason has to be given."""
    if bench.why is None:
        return RedirectResponse(f"{QUEUE}?story={bench.story_id}", status_code=303)
    return bench.page()


@router.post("/masks/{story_id}", name="decide_mask")
def decide(bench: BenchDep, form: FormDep) -> Response:
    """Follow one decision: keep, show, undo, change, add, or that all is done.

    Where the story was changed since the page was loaded, nothing is decided: it is shown anew.
    """
    if bench.why is None:
        return RedirectResponse(f"{QUEUE}?story={bench.story_id}", status_code=303)
    act, given = form.text("act"), _given(bench)
    if act not in _ACTS:
        raise BadInput("act")
    try:
        masking.refuse_changed(*given, form.text("version"))
        return _ACTS[act](bench, given, form)
    except (EmptyStory, StoryTooLong) as error:
        return bench.page(status=422, problems=Problems({_box(form): error.message}), typed=form)
    except BadSelection:
        problem = "Type or select words exactly as they stand in the story."
        return bench.page(status=422, problems=Problems({"words": problem}), typed=form)
    except Conflict as error:
        return bench.page(status=409, problems=Problems({_box(form): error.message}), typed=form)


Given = tuple[Session, Keyring, Actor, uuid.UUID]
"""What every act is given first."""


def _given(bench: Bench) -> Given:
    return bench.session, bench.held.desk.keyring, bench.actor, bench.story_id


def _keep(bench: Bench, given: Given, form: Form) -> Response:
    masking.accept(*given, form.text("words"))
    return _back(bench)


def _show(bench: Bench, given: Given, form: Form) -> Response:
    masking.take_off(*given, _span(form), side=form.text("side") or TOLD)
    return _back(bench)


def _undo(bench: Bench, given: Given, form: Form) -> Response:
    masking.undo(*given, _span(form), side=form.text("side") or TOLD)
    return _back(bench)


def _mask(bench: Bench, given: Given, form: Form) -> Response:
    masking.mask_words(*given, form.text("words"), form.text("kind"))
    return _back(bench)


def _translate(bench: Bench, given: Given, form: Form) -> Response:
    """Keep the English that somebody wrote; the story is read from it."""
    session, _, actor, story_id = given
    story = original_story(session, actor, story_id)
    put_into_english(session, bench.held.desk, story, form.raw("english"), actor.person)
    audit.note(session, actor.person_id, TRANSLATED, story_id)
    return RedirectResponse(f"{bench.address}?saved=english#translate", status_code=303)


def _translate_note(bench: Bench, given: Given, form: Form) -> Response:
    """Keep the English that somebody wrote of a worker's note."""
    session, _, actor, story_id = given
    story, sent = original_story(session, actor, story_id), note_sent(form)
    put_note_into_english(session, bench.held.desk, story, sent, actor.person)
    audit.note(session, actor.person_id, NOTED, story_id)
    return RedirectResponse(f"{bench.address}?saved=note#note-{sent.note_id}", status_code=303)


def _box(form: Form) -> str:
    """Give the box beside which a page says what is wrong."""
    if form.text("act") == "note":
        return box_of(note_sent(form))
    return "in-english" if form.raw("english") else "told"


def _done(bench: Bench, given: Given, form: Form) -> Response:
    masking.finish(*given)
    return RedirectResponse(_next(bench.session, bench.actor), status_code=303)


_ACTS = {
    "keep": _keep, "show": _show, "undo": _undo, "mask": _mask, "english": _translate,
    "note": _translate_note, "done": _done,
}  # fmt: skip


def _back(bench: Bench) -> Response:
    return RedirectResponse(f"{bench.address}#next", status_code=303)


def _queue(request: Request, session: Session, actor: Actor, **more: Any) -> Response:
    for_english, here = request.query_params.get("waits") == ENGLISH, originals(actor)
    rows, count = masks.waiting(session, actor, limit=0 if for_english else masks.MOST_LISTED)
    values: dict[str, Any] = {"typed": Form({"story": (request.query_params.get("story", ""),)})}
    return page(
        request,
        "masks/queue.html",
        rows=rows,
        count=count,
        foreign=waiting_for_english(session, here) if for_english else (),
        to_translate=count_for_english(session, here),
        notes=notes_for_english(session, here, masks.MOST_LISTED) if for_english else (),
        notes_to_translate=count_notes_for_english(session, here),
        for_english=for_english,
        why=masks.reason_of(session, actor),
        reasons=REASONS,
        **(values | more),
    )


def _next(session: Session, actor: Actor) -> str:
    rows, _ = masks.waiting(session, actor, limit=1)
    return f"{QUEUE}/{rows[0].story.id}" if rows else QUEUE


def _wanted(story: str) -> str | None:
    try:
        return f"{QUEUE}/{uuid.UUID(story)}"
    except ValueError:
        return None


def _span(form: Form) -> Span:
    start, end = form.text("start"), form.text("end")
    if not all(n.isascii() and n.isdigit() and len(n) < 9 for n in (start, end)):
        raise BadInput("span")
    return Span(int(start), int(end))

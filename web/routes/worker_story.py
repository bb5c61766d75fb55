"""One story that a worker sent: what was written down, corrected line by line beside the sound."""

import uuid
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import audit
from storybank.access import Actor, sent_story
from storybank.capture.audio import PLAYABLE_TYPE
from storybank.capture.beside import HEARD, Beside, notes_beside, spoken_consent
from storybank.capture.by_hand import english_so_far, put_into_english
from storybank.capture.corrections import mark_of, newest
from storybank.capture.notes_in_english import NOTED, Sent, put_note_into_english
from storybank.capture.phones import reference
from storybank.capture.recordings import recording_of
from storybank.capture.side_steps import left
from storybank.capture.voices import voices_of_story
from storybank.capture.whereabouts import OPENED_BY_SENDER, PLAYED_BY_SENDER, TRANSLATED
from storybank.errors import (
    BadInput,
    EmptyStory,
    NotFound,
    NothingWritten,
    NotToTranslate,
    StoryTooLong,
)
from storybank.tables import Place, Programme, Story
from storybank.values import WORKING, Use
from storybank.vault import recording_context, story_key
from web.correcting import Correcting, refilled, save, shown
from web.deps import HeldDep, SessionDep
from web.forms import Form, FormDep, Problems
from web.notes_in_english import UNKEPT, box_of, note_sent, status_of
from web.render import page
from web.routes.media import Sound, consent_sound, note_played, sound_answer
from web.staff import WorkerDep
from web.state import Held

router = APIRouter()


@dataclass(frozen=True)
class Bench:
    """One story open before the worker who sent it, and what its page needs."""

    request: Request
    session: Session
    held: Held
    actor: Actor
    story: Story

    @property
    def address(self) -> str:
        """Give the address of the page; it takes the form as well."""
        return f"/worker/stories/{self.story.id}"

    @property
    def sound(self) -> str | None:
        """Give the address of the recording, or None where it may not or cannot be played."""
        recording = recording_of(self.session, self.story.id)
        if not self.story.may_voice or recording is None or recording.playable is None:
            return None
        return f"{self.address}/audio"

    def correcting(self, first: str) -> Correcting | None:
        """Give the form from line `first` on, or None where nothing is written down yet."""
        try:
            return shown(self.session, self.held.desk, self.story, first=first, sound=self.sound)
        except NothingWritten:
            return None

    def page(self, correcting: Correcting | None, **more: Any) -> Response:
        """Render the page; `more` are `status`, `problems` and `saved`."""
        story = self.story
        place = self.session.get(Place, story.place_id) if story.place_id else None
        return page(
            self.request,
            "worker/story.html",
            story=story,
            reference=reference(self.held.desk.keyring, story.id),
            programme=self.session.get_one(Programme, story.programme_id),
            place=place,
            working=story.state in WORKING,
            correcting=correcting,
            correct_action=self.address,
            notes=self._own_notes(),
            missing=left(self.session, story.id),
            voices=voices_of_story(self.session, self.held.desk, story),
            naming_action=f"{self.address}/voices",
            spoken_consent=story.may_voice and spoken_consent(self.session, story.id),
            **({"typed": Form()} | self._to_translate() | more),
        )

    def _to_translate(self) -> dict[str, Any]:
        """Give what the form for the English needs; nothing where nobody has to write it."""
        row = newest(self.session, self.story.id)
        if row is None:
            return {"to_translate": None}
        key = story_key(self.held.desk.keyring, self.story)
        return {
            "to_translate": english_so_far(self.session, key, row) if row.withheld else None,
            "told_in": row.language,
            "mark": mark_of(row),
        }

    def refuse_others_note(self, sent: Sent) -> None:
        """Raise NotFound unless this worker wrote the note."""
        if not any(note.id == sent.note_id for note in self._own_notes()):
            raise NotFound(f"note {sent.note_id} of story {self.story.id}")

    def _own_notes(self) -> list[Beside]:
        """Give what this worker wrote beside the story, and whether they read it back."""
        key = story_key(self.held.desk.keyring, self.story)
        return notes_beside(self.session, key, self.story.id, by=self.actor.person_id)


def open_bench(
    request: Request, session: SessionDep, held: HeldDep, actor: WorkerDep, story_id: uuid.UUID
) -> Bench:
    """Give the bench of a story that this worker sent and may still read; raises NotFound."""
    return Bench(request, session, held, actor, sent_story(session, actor, story_id))


BenchDep = Annotated[Bench, Depends(open_bench)]


@router.get("/worker/stories/{story_id}", name="worker_story")
def show(bench: BenchDep) -> Response:
    """Show a story to the worker who sent it, to correct it; that it was opened is noted."""
    audit.note(bench.session, bench.actor.person_id, OPENED_BY_SENDER, bench.story.id)
    asked = bench.request.query_params
    return bench.page(bench.correcting(asked.get("from", "")), saved="saved" in asked)


@router.post("/worker/stories/{story_id}")
def correct(form: FormDep, bench: BenchDep) -> Response:
    """Store the corrected lines as a new version, or show both where somebody saved meanwhile.

    The form is read first: one that comes slowly must not hold a connection to the database.
    """
    if form.text("act") == "english":
        return _translate(form, bench)
    if form.text("act") == "note":
        return _translate_note(form, bench)
    try:
        with bench.session.begin_nested():
            saved = save(
                bench.session,
                bench.held.desk,
                bench.story,
                form,
                sound=bench.sound,
                by=bench.actor.person_id,
            )
    except BadInput as error:
        problems, again = Problems({"lines": error.message}), bench.correcting(form.text("from"))
        filled = refilled(again, form) if again else None
        return bench.page(filled, problems=problems, status=422)
    if saved.clash is not None:
        return bench.page(saved.clash, status=409)
    if saved.changed:
        version = f"version {saved.row.version}"
        audit.note(bench.session, bench.actor.person_id, "correct-story", bench.story.id, version)
    first = form.text("from")
    at = f"&from={first}" if first.isascii() and first.isdigit() else ""
    return RedirectResponse(f"{bench.address}?saved=1{at}", status_code=303)


def _translate(form: Form, bench: Bench) -> Response:
    """Keep the English that the worker wrote; the story is read from it."""
    row = newest(bench.session, bench.story.id)
    if row is None or form.text("told") != mark_of(row):
        return _unkept(bench, form, "The story was changed meanwhile. Look at it again.", 409)
    try:
        words = form.raw("english")
        put_into_english(bench.session, bench.held.desk, bench.story, words, bench.actor.person)
    except NotToTranslate as error:
        return _unkept(bench, form, error.message, 409)
    except (EmptyStory, StoryTooLong) as error:
        return _unkept(bench, form, error.message, 422)
    audit.note(bench.session, bench.actor.person_id, TRANSLATED, bench.story.id)
    return RedirectResponse(f"{bench.address}?saved=1", status_code=303)


def _translate_note(form: Form, bench: Bench) -> Response:
    """Keep the English that the worker wrote of their own note; staff read it masked."""
    bench.refuse_others_note(sent := note_sent(form))
    by = bench.actor.person
    try:
        put_note_into_english(bench.session, bench.held.desk, bench.story, sent, by)
    except UNKEPT as error:
        return _unkept(bench, form, error.message, status_of(error), at=box_of(sent))
    audit.note(bench.session, by, NOTED, bench.story.id)
    return RedirectResponse(f"{bench.address}?saved=1", status_code=303)


def _unkept(
    bench: Bench, form: Form, problem: str, status: int, at: str = "in-english"
) -> Response:
    """Show the page with the English that could not be kept, and why, beside the box `at`."""
    problems = Problems({at: problem})
    return bench.page(bench.correcting(""), problems=problems, typed=form, status=status)


@router.get("/worker/stories/{story_id}/audio", name="worker_audio")
def audio(
    request: Request, session: SessionDep, held: HeldDep, actor: WorkerDep, story_id: uuid.UUID
) -> Response:
    """Play the recording to the worker who made it, where the teller let their voice be played.

    That it was played is noted.
    """
    story = sent_story(session, actor, story_id, Use.VOICE)
    recording = recording_of(session, story_id)
    if recording is None or recording.playable is None:
        raise NotFound(f"no sound of story {story_id}")
    note_played(request, session, actor.person_id, PLAYED_BY_SENDER, story_id)
    key = story_key(held.desk.keyring, story)
    context = recording_context(recording.id, "playable")
    sound = Sound(held.desk.blobs, key, recording.playable, context, PLAYABLE_TYPE)
    return sound_answer(request, sound)


@router.get("/worker/stories/{story_id}/spoken-consent", name="worker_spoken_consent")
def hear_consent(
    request: Request, session: SessionDep, held: HeldDep, actor: WorkerDep, story_id: uuid.UUID
) -> Response:
    """Play a spoken consent to the worker who recorded it, where the voice may be played.

    That it was heard is noted.
    """
    story = sent_story(session, actor, story_id, Use.VOICE)
    spoken = spoken_consent(session, story_id)
    if spoken is not None:
        note_played(request, session, actor.person_id, HEARD, story_id)
    return consent_sound(request, held, story_key(held.desk.keyring, story), spoken)

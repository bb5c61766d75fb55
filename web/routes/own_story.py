"""A teller's own story: their words, the sound, how it was read and by whom, where it has been."""

from typing import Any

from fastapi import APIRouter
from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.audio import PLAYABLE_TYPE
from storybank.capture.beside import notes_beside, spoken_consent
from storybank.capture.checks import checked_spans
from storybank.capture.corrections import mark_of
from storybank.capture.lines import lines_of
from storybank.capture.own_story import ReadAs, disagree, own_answers
from storybank.capture.recordings import recording_of
from storybank.capture.so_far import words_so_far
from storybank.capture.translations import translation_of, versions_told
from storybank.capture.voices import voices_of_story
from storybank.capture.whereabouts import uses_made
from storybank.capture.wordings import given_in
from storybank.errors import NotFound, UnknownCode
from storybank.framework import Framework
from storybank.tables import Place, Programme, Recording, SoFar, Story
from storybank.values import WORKING, Direction, StoryState, Use
from storybank.vault import open_transcript, recording_context, story_key
from storybank.versions.progress import reading_of
from web.deps import HeldDep, ReaderDep, SessionDep
from web.forms import FormDep
from web.missing import Missing, missing_of
from web.receipts import let_in, opened_story, story_on_page, way_back
from web.render import page
from web.retelling import BY, DONE, NOBODY_READS, SAYS, WAITS, Opened, Texts, answers, readings
from web.routes.media import TYPES, Sound, consent_sound, sound_answer
from web.state import Held
from web.words import say_problem

router = APIRouter()

SAVED = {
    "words": "Your changes are saved. A computer reads your story again now.",
    "more": "What you added is saved. A computer reads your story again now.",
    "reading": "Your answers are saved.",
    "uses": "Your answers are saved. They count from now on.",
    "voices": "Thank you. It is saved who speaks. A computer reads your story again now.",
    "checked": "Thank you. These words are checked now.",
    "unsure": "You took that back. These words are not checked now.",
    "same": "You changed nothing. Everything stays as it was.",
    "wrong": "You said that this is wrong. People who read your story will see that.",
    "right": "You took that back.",
}
"""What to say on the teller's page after each thing they did there."""


@router.get("/receipt/story", name="own_story")
def own_story(request: Request, session: ReaderDep, held: HeldDep, saved: str = "") -> Response:
    """Show the teller their own story, unmasked, and how it stands."""
    story = opened_story(request, session)
    if story is None:
        return way_back(request, session)
    response = page(
        request, "receipt/story.html", saved=SAVED.get(saved), **_told(session, held, story)
    )
    let_in(request, response, story.id)
    return response


@router.get("/receipt/status", name="own_status")
def own_status(request: Request, session: ReaderDep, held: HeldDep, seen: str = "") -> Response:
    """Give the part of the page that has changed since `seen`, or 204 where nothing has.

    204 keeps a screen reader quiet: what is not swapped is not read out again.
    """
    story = opened_story(request, session)
    if story is None or request.headers.get("HX-Request-Type") != "partial":
        return RedirectResponse(request.app.url_path_for("own_story"), 303)
    if seen == _seen(session, story):
        return Response(status_code=204)
    part = "status" if story.state in WORKING else "finished"
    return page(request, "receipt/story.html", fragment=part, **_told(session, held, story))


@router.get("/receipt/audio/{copy}", name="own_audio")
def own_audio(request: Request, session: ReaderDep, held: HeldDep, copy: str) -> Response:
    """Play the teller's recording: the copy that every browser can play, or as it was told.

    Each copy has an address of its own, since a player asks for ranges of one and the same file.
    """
    story = opened_story(request, session)
    recording = recording_of(session, story.id) if story is not None else None
    if story is None or recording is None or copy not in {"told", "playable"}:
        raise NotFound("own audio")
    blob = recording.playable if copy == "playable" else recording.blob
    if blob is None:
        raise NotFound(f"recording {recording.id}")
    key = story_key(held.desk.keyring, story)
    kind = PLAYABLE_TYPE if copy == "playable" else TYPES[recording.container]
    context = recording_context(recording.id, copy)
    return sound_answer(request, Sound(held.desk.blobs, key, blob, context, kind))


@router.get("/receipt/spoken-consent", name="own_spoken_consent")
def own_spoken_consent(request: Request, session: ReaderDep, held: HeldDep) -> Response:
    """Play what the teller said when they were asked for consent aloud."""
    story = opened_story(request, session)
    if story is None:
        raise NotFound("own spoken consent")
    key = story_key(held.desk.keyring, story)
    return consent_sound(request, held, key, spoken_consent(session, story.id))


@router.post("/receipt/disagree", name="disagree")
def say_wrong(request: Request, session: SessionDep, held: HeldDep, form: FormDep) -> Response:
    """Keep that the teller finds one reading of their story wrong, or no longer does."""
    story = story_on_page(request, session, form)
    if story is None:
        return way_back(request, session)
    if form.text("direction") not in set(Direction):
        raise UnknownCode("direction")
    framework = _read_by(session, held, story)
    read_as = ReadAs(framework, form.text("code"), Direction(form.text("direction")))
    wrong = form.text("wrong") == "1"
    disagree(session, story, read_as, wrong=wrong)
    way = "missing" if read_as.direction == Direction.MISSING else "shown"
    return back_to_story(request, "wrong" if wrong else "right", f"#{read_as.code}-{way}")


def back_to_story(request: Request, saved: str, at: str = "") -> Response:
    """Lead back to the story's page, which says what was saved; `at` is a fragment on it."""
    address = f"{request.app.url_path_for('own_story')}?saved={saved}{at}"
    return RedirectResponse(address, 303)


def sound_of(request: Request, recording: Recording | None) -> str | None:
    """Give the address at which the teller hears their recording, or None where there is none."""
    if recording is None:
        return None
    copy = "playable" if recording.playable else "told"
    return str(request.app.url_path_for("own_audio", copy=copy))


def _says(missing: Missing, story: Story) -> str:
    if missing.waits(story):
        return WAITS if story.may_learn else NOBODY_READS
    return SAYS[missing.state(story)]


def _told(session: Session, held: Held, story: Story) -> dict[str, Any]:
    key = story_key(held.desk.keyring, story)
    rows = versions_told(session, story.id)
    newest = rows[-1] if rows else None
    translation = translation_of(session, newest)
    opened = Opened(key, rows)
    transcript = opened.transcript(newest.id) if newest and newest.id is not None else None
    recording = recording_of(session, story.id)
    english = open_transcript(key, translation).text if translation else None
    missing = missing_of(session, story)
    read = Texts(opened, {translation.id or 0: english} if translation and english else {})
    return {
        "story": story,
        "says": _says(missing, story),
        "working": story.state in WORKING,
        "ready": missing.state(story) == StoryState.READY and not missing.by_hand,
        "missing": missing,
        "trouble": say_problem(story) if story.state == StoryState.NEEDS_HELP else None,
        "seen": _seen(session, story),
        "lines": lines_of(transcript) if transcript else (),
        "by_hand": bool(rows) and rows[-1].source == "corrected",
        "told_in": newest.language if newest else None,
        "recording": recording,
        "copy": "playable" if recording and recording.playable else "told",
        "voices": voices_of_story(session, held.desk, story) if recording else None,
        "readings": readings(session, _read_by(session, held, story), story.id, read),
        "checked": checked_spans(session, newest) if newest else (),
        "version_mark": mark_of(newest) if newest else "",
        "so_far": words_so_far(session, key, story.id) if newest is None else None,
        "english": english,
        "english_by_person": translation is not None and translation.person_id is not None,
        "by": BY,
        "notes": notes_beside(session, key, story.id),
        "spoken_consent": spoken_consent(session, story.id),
        "answers": answers(own_answers(session, story.id)),
        "used": uses_made(session, story.id),
        "done": DONE,
        **_given(session, story),
    }


def _given(session: Session, story: Story) -> dict[str, Any]:
    """Give what the teller agreed to, and what they told it about."""
    return {
        "asked": given_in(session, story.id, story.programme_id),
        "agreed": {use.value: getattr(story, f"may_{use}") for use in Use},
        "place": session.get(Place, story.place_id) if story.place_id else None,
        "programme": session.get(Programme, story.programme_id),
    }


def _seen(session: Session, story: Story) -> str:
    heard = session.exec(select(SoFar.seconds).where(SoFar.story_id == story.id)).first()
    return f"{story.state}-{round(100 * story.progress)}-{round(heard or 0)}"


def _read_by(session: Session, held: Held, story: Story) -> Framework:
    """Give the version of the framework that the story was read by last."""
    return held.framework(reading_of(session, story.id, held.framework().name))

"""The form in which a person says whose voice is whose: once for a recording, for all of a voice.

Used by the page of the worker who sent the story and by that of its teller; both include the part
`_voices.html`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from storybank.capture.intake import Desk
from storybank.capture.voices import Voices, name_voices, voices_of_story
from storybank.errors import NotFound
from storybank.tables import Story, TranscriptRow
from storybank.values import SPEAKERS
from web.forms import Form, Problems

WHO = {
    "teller": "The person who tells the story",
    "worker": "The worker who asks",
    "teller 2": "Somebody else who tells the story too",
    "other": "Somebody who was only there",
}
"""Whom a voice can belong to, in the words of the pages."""
UNSAID = "Say who this is"
MEANWHILE = "Somebody changed the words meanwhile. Look again, and save again."


@dataclass(frozen=True)
class Naming:
    """The form as it is shown: the voices, what is chosen for each, and what is wrong with it."""

    voices: Voices
    chosen: Mapping[int, str]
    problems: Problems = field(default_factory=Problems)
    status: int = 200


def asked(session: Session, desk: Desk, story: Story) -> Naming:
    """Give the form with what was said before; raises NotFound where one voice or none is heard."""
    found = voices_of_story(session, desk, story)
    if found is None:
        raise NotFound(f"voices of story {story.id}")
    return Naming(found, {v.number: v.named for v in found.voices if v.named})


def refilled(naming: Naming, form: Form) -> Naming:
    """Give the form with what was chosen in it, stored or not."""
    said = {v.number: form.text(f"voice-{v.number}") for v in naming.voices.voices}
    return replace(naming, chosen={n: who for n, who in said.items() if who in SPEAKERS})


def answered(session: Session, desk: Desk, story: Story, form: Form) -> Naming | TranscriptRow:
    """Store whose voices these are; gives the version that came of it, or the form again.

    The form comes again where a voice has no name (422), or the words changed meanwhile (409).
    Raises NotFound where one voice or none is heard, and the errors of `name_voices`.
    """
    now = asked(session, desk, story)
    chosen = refilled(now, form).chosen
    problems = Problems()
    for voice in now.voices.voices:
        if voice.number not in chosen:
            problems.add(f"voice-{voice.number}", UNSAID)
    if problems:
        return Naming(now.voices, chosen, problems, 422)
    row = name_voices(session, desk, story, chosen, form.text("version"))
    if row is None:
        first = now.voices.voices[0].number
        return Naming(now.voices, chosen, Problems({f"voice-{first}": MEANWHILE}), 409)
    return row

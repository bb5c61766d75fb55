"""What survey apps send: the XML of one filled-in form to a story, by OpenRosa's rules.

Nothing in it is trusted: entities are not opened, names of files are only compared, and every
answer is held against the lists that the form offers. A finished form cannot always be opened
again, so what comes from a phone's clock is not refused: a day in the future becomes today.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from storybank.capture.answers import ABOUT_CHILD
from storybank.capture.care import RELATIONS, given_by
from storybank.capture.odk_form import (
    ASKED_IN,
    AUDIO,
    ENGLISH,
    GIVERS,
    TELLERS,
    UNSAID,
    asked_as,
    form_id,
)
from storybank.consent import shown_as
from storybank.errors import BadSubmission, UnknownForm
from storybank.tables import now
from storybank.values import Channel, ConsentGiven, NewStory, Use, plain_figures

MOST_XML = 4 * 1024 * 1024
"""Bytes of the XML: a story of 50,000 words is under a quarter of it."""
MOST_TAGS = 2000
"""Opening and closing tags: our form has under a hundred, and a million take seconds to read."""
LONGEST_NAME = 255

_INSTANCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{7,99}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WORDING = re.compile(r"[\w./-]{1,250}")


@dataclass(frozen=True, slots=True)
class Submission:
    """One filled-in form: its ids, its answers by name, and the recording it names, if any."""

    form_id: str
    instance_id: str
    deprecated_id: str | None
    digest: str
    answers: dict[str, str] = field(repr=False)

    @property
    def recording(self) -> str | None:
        """Name of the file that the story was recorded in; None where it was written."""
        return self.answers.get(AUDIO)


def read_submission(xml: bytes) -> Submission:
    """Read the XML of a filled-in form.

    Raises BadSubmission where it is no such XML, too long, or without ids.
    """
    if len(xml) > MOST_XML:
        raise BadSubmission(f"{len(xml)} bytes of XML")
    if (tags := xml.count(b"<")) > MOST_TAGS:
        raise BadSubmission(f"{tags} tags")
    try:
        root = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise BadSubmission(type(error).__name__) from None
    meta = {_plain(e.tag): _text(e) for part in root if _plain(part.tag) == "meta" for e in part}
    instance = meta.get("instanceID", "")
    if not root.get("id") or not _INSTANCE.fullmatch(instance):
        raise BadSubmission("no form id or no instance id")
    answers = {_plain(e.tag): _text(e) for e in root if not len(e) and _text(e)}
    _check_name(answers.get(AUDIO))
    return Submission(
        form_id=root.get("id", ""),
        instance_id=instance,
        deprecated_id=meta.get("deprecatedID") or None,
        digest=hashlib.sha256(xml).hexdigest(),
        answers=answers,
    )


def story_of(
    submission: Submission, programme: str, recording: bytes | None, **more: Any
) -> NewStory:
    """Give the story that a form holds, for the programme with this short name.

    `more` goes to the story as it is (`client_id`, `sent_by`). Raises UnknownForm for a form of
    another programme, and BadSubmission naming what is missing.
    """
    if submission.form_id != form_id(programme):
        raise UnknownForm
    answers = submission.answers
    text = answers.get("story_text")
    if (text is None) == (submission.recording is None):
        raise BadSubmission(message="Record the story or write it down: one of the two, not both.")
    place, teller = _one_of(answers, "place", None), _one_of(answers, "teller", TELLERS)
    if teller == ABOUT_CHILD:
        _one_of(answers, "relation", RELATIONS)
    return NewStory(
        consent=_consent(answers),
        channel=Channel.ODK,
        text=text,
        recording=recording,
        programme=programme,
        place=None if place == UNSAID else place,
        told_on=_day(answers, "told_on").isoformat(),
        happened=f"{_day(answers, 'happened'):%Y-%m}" if "happened" in answers else None,
        teller=teller,
        **more,
    )


def _consent(answers: dict[str, str]) -> ConsentGiven:
    tongue = answers.get(ASKED_IN, ENGLISH)
    said = {use.value: answers.get(asked_as(use.value, tongue)) for use in Use}
    if any(answer not in ("yes", "no") for answer in said.values()):
        raise BadSubmission(
            message="It does not say what the teller agreed to. Answer each question yes or no."
        )
    wording = answers.get("wording", "")
    if not _WORDING.fullmatch(wording) or not _LANGUAGE.fullmatch(tongue):
        raise BadSubmission("wording")
    wording = shown_as(wording, tongue, easy=False)
    given: dict[str, Any] = {use: answer == "yes" for use, answer in said.items()}
    giver = given_by(
        answers.get("teller", ""),
        answers.get("relation", ""),
        _one_of(answers, "given_by", GIVERS),
    )
    return ConsentGiven(**given, wording=wording, how="helper", given_by=giver)


def _one_of(answers: dict[str, str], name: str, choices: dict[str, str] | None) -> str:
    value = answers.get(name, "")
    if not value or (choices is not None and value not in choices):
        raise BadSubmission(message=f'The question "{name}" is not answered. Answer it and send.')
    return value


def _day(answers: dict[str, str], name: str) -> date:
    try:
        day = date.fromisoformat(plain_figures(answers.get(name, ""))[:10])
    except ValueError:
        raise BadSubmission(
            message=f'The question "{name}" holds no date. Answer it and send.'
        ) from None
    if day.year < 1900:
        raise BadSubmission(message=f'The day of "{name}" is too long ago. Correct it and send.')
    return min(day, now().date())


def _check_name(name: str | None) -> None:
    """Raise BadSubmission for a name that no app gives a recording; it is never used as a path."""
    if name is None:
        return
    if len(name) > LONGEST_NAME or not name.isprintable() or "/" in name or "\\" in name:
        raise BadSubmission("name of a file")


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _text(element: Element) -> str:
    return (element.text or "").strip()

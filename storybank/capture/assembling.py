"""Make one story of the sealed parts that came from a phone; no database is touched."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from storybank.capture.audio import Probe, joined, probe
from storybank.capture.envelopes import open_envelope
from storybank.capture.intake import Desk, check_recording
from storybank.capture.phone_details import CONSENT, Announced, Part
from storybank.errors import (
    BadInput,
    BrokenRecording,
    EmptyRecording,
    NotARecording,
    RecordingTooLarge,
    RecordingTooLong,
    SealBroken,
    Unsealable,
    YesNotHeard,
)
from storybank.settings import Settings
from storybank.values import NewStory

log = logging.getLogger(__name__)

LONGEST_CLIP_S = 15 * 60.0
SEALS = 1.05
"""How much larger the parts of a recording are with their seals, at most."""
NO_SOUND_BYTES = 4096
"""A part of fewer bytes may hold no sound: the microphone was taken away as soon as it began."""


def assemble(
    desk: Desk, told: NewStory, announced: Announced, sealed: Mapping[str, bytes]
) -> NewStory:
    """Give the story with its recording and its spoken consent, both opened and looked at.

    `sealed` holds every announced part by name. One part is kept as it came; several are joined
    into one FLAC (docs/decisions/0011). Raises SealBroken, whose detail is the part's name,
    YesNotHeard for a clip that nobody can play, and the errors of `check_recording`.
    """
    # The clip comes last: ticks can stand for it, but for nothing that was told.
    parts = sorted(announced.awaited, key=lambda part: part.name == CONSENT)
    opened = {part.name: _open(desk, announced, part, sealed[part.name]) for part in parts}
    if announced.clip is not None:
        told = replace(told, clip=_yes(opened[announced.clip.name]))
    if not announced.told:
        return told
    recording, found = _one(desk.settings, announced.told, opened)
    return replace(told, recording=recording, heard=(found.container, found.seconds))


def refuse_too_large(settings: Settings, sizes: Mapping[str, int]) -> None:
    """Raise RecordingTooLarge before parts are opened that no memory could hold.

    `sizes` are the bytes of the sealed parts by name.
    """
    clip = sizes.get(CONSENT, 0)
    if max(sum(sizes.values()) - clip, clip) > settings.max_recording_bytes * SEALS:
        raise RecordingTooLarge(
            message=f"The recording is larger than {settings.max_recording_mb} MB."
        )


def _open(desk: Desk, announced: Announced, part: Part, sealed: bytes) -> bytes:
    client_id = str(announced.client_id)
    try:
        return open_envelope(desk.keyring, sealed, client_id, part.name, frames=part.frames)
    except Unsealable as error:
        log.warning(
            "part does not open",
            extra={"client": client_id, "part": part.name, "detail": error.detail},
        )
        raise SealBroken(part.name) from None


def _yes(clip: bytes) -> bytes:
    """Give a spoken consent that was looked at and can be played."""
    try:
        probe(clip, max_seconds=LONGEST_CLIP_S)
    except BadInput as error:
        raise YesNotHeard(type(error).__name__) from None
    return clip


def _one(
    settings: Settings, parts: Sequence[Part], opened: Mapping[str, bytes]
) -> tuple[bytes, Probe]:
    """Give one recording made of all parts, with what it is."""
    if len(parts) == 1:
        recording = opened[parts[0].name]
        return recording, Probe(*check_recording(settings, recording))
    longest = settings.max_recording_minutes * 60.0
    if sum(len(opened[part.name]) for part in parts) > settings.max_recording_bytes:
        raise RecordingTooLarge(
            message=f"The recording is larger than {settings.max_recording_mb} MB."
        )
    heard = _heard(parts, opened, longest)
    seconds = sum(found.seconds for _, found in heard)
    if seconds > longest + 1:
        raise RecordingTooLong(
            message=f"The recording is longer than {settings.max_recording_minutes} minutes."
        )
    if len(heard) == 1:
        return heard[0]
    whole = joined([recording for recording, _ in heard], seconds=seconds, max_seconds=longest)
    return whole, probe(whole, max_seconds=longest + 1)


def _heard(
    parts: Sequence[Part], opened: Mapping[str, bytes], longest: float
) -> list[tuple[bytes, Probe]]:
    """Give the parts in which there is sound; raises BrokenRecording where there should be."""
    heard = []
    for part in parts:
        try:
            heard.append((opened[part.name], probe(opened[part.name], max_seconds=longest)))
        except (EmptyRecording, NotARecording, BrokenRecording):
            if len(opened[part.name]) >= NO_SOUND_BYTES:
                raise
            log.info(
                "part without sound",
                extra={"part": part.name, "bytes": len(opened[part.name])},
            )
    if not heard:
        raise BrokenRecording(f"{len(parts)} parts")
    return heard

"""Recordings in, sound out: real files, a real child process, and what bad input gets."""

import io
import time
from collections.abc import Callable

import av
import numpy as np
import pytest

from storybank.capture.audio import PLAYABLE_TYPE, decode, playable, probe, sniff
from storybank.errors import (
    BrokenRecording,
    EmptyRecording,
    NotARecording,
    RecordingTooLong,
    StorybankError,
)
from storybank.values import Vector
from tests import clips

SPEECH_GAP_SPEECH = np.concatenate([clips.tone(3), clips.silence(4), clips.tone(2)])


def sounding(sound: Vector, rate: int = 16_000) -> list[bool]:
    """Whether each tenth of a second can be heard."""
    step = rate // 10
    return [bool(np.abs(sound[i : i + step]).mean() > 0.05) for i in range(0, len(sound), step)]


@pytest.mark.parametrize("container", clips.CONTAINERS)
def test_every_container_is_known_measured_and_decoded(container: str) -> None:
    data = clips.recording(SPEECH_GAP_SPEECH, container)

    found, sound = probe(data, max_seconds=60), decode(data, max_seconds=60)

    assert found.container == sniff(data) == container
    assert found.seconds == pytest.approx(9.0, abs=0.06)
    assert sound.dtype == np.float32
    assert len(sound) / 16_000 == pytest.approx(9.0, abs=0.06)
    heard = sounding(sound)
    assert all(heard[1:29])
    assert not any(heard[31:69])
    assert all(heard[71:88])


@pytest.mark.parametrize(
    ("container", "keep_empty"), [("amr", True), ("3gp", True), ("3gp", False)]
)
def test_silence_frames_of_phones_keep_their_time(container: str, keep_empty: bool) -> None:
    data = clips.recording(SPEECH_GAP_SPEECH, container, keep_empty=keep_empty, dtx="1")

    sound = decode(data, max_seconds=60)

    assert probe(data, max_seconds=60).seconds == pytest.approx(9.0, abs=0.12)
    assert len(sound) / 16_000 == pytest.approx(9.0, abs=0.12)
    heard = sounding(sound)
    assert not any(heard[32:68])
    assert all(heard[73:87])


def test_the_length_is_right_where_the_header_has_none() -> None:
    data = _live_webm(SPEECH_GAP_SPEECH)
    with av.open(io.BytesIO(data), format="matroska") as file:
        assert file.duration is None  # as MediaRecorder leaves it

    assert probe(data, max_seconds=60).seconds == pytest.approx(9.0, abs=0.03)


@pytest.mark.parametrize("container", ["webm", "ogg", "mp3", "wav", "flac", "amr"])
def test_of_a_recording_cut_off_what_is_there_is_decoded(container: str) -> None:
    whole = clips.recording(clips.tone(9), container)

    cut = whole[: 2 * len(whole) // 3]

    assert 4 < probe(cut, max_seconds=60).seconds < 8
    assert 4 < len(decode(cut, max_seconds=60)) / 16_000 < 8


def test_damage_in_the_middle_leaves_the_rest() -> None:
    data = bytearray(clips.recording(clips.tone(9), "webm"))
    middle = len(data) // 2
    data[middle : middle + 2000] = bytes(2000)

    sound = decode(bytes(data), max_seconds=60)

    assert len(sound) / 16_000 == pytest.approx(9.0, abs=0.3)
    assert sum(sounding(sound)) > 70


BAD: dict[str, tuple[Callable[[], bytes], type[StorybankError]]] = {
    "no bytes": (lambda: b"", EmptyRecording),
    "a text": (lambda: b"Dear council, this is my story.\n" * 50, NotARecording),
    "a text in UTF-16": (lambda: ("Dear council" * 50).encode("utf-16"), NotARecording),
    "a playlist": (lambda: b"#EXTM3U\n#EXTINF:5,\nfile:///etc/passwd\n", NotARecording),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), NotARecording),
    "only the first bytes": (lambda: clips.recording(clips.tone(1), "webm")[:60], BrokenRecording),
    "a playlist behind a mark": (
        lambda: b"\x1a\x45\xdf\xa3#EXTM3U\nfile:///etc/passwd\n",
        BrokenRecording,
    ),
    "an m4a without its index": (
        lambda: clips.recording(clips.tone(3), "mp4")[:9000],
        BrokenRecording,
    ),
    "noise called mp3": (lambda: b"ID3" + np.random.default_rng(7).bytes(5000), BrokenRecording),
    "a film without sound": (lambda: _silent_film(), BrokenRecording),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_its_error(name: str) -> None:
    make, error = BAD[name]
    data = make()

    for use in (probe, decode):
        with pytest.raises(error) as caught:
            use(data, max_seconds=60)
        assert caught.value.message.endswith(".")


def test_the_limit_is_said_in_plain_words() -> None:
    data = clips.recording(clips.tone(9), "ogg")

    assert probe(data, max_seconds=9).seconds > 8.9
    for limit, words in ((5, "5 seconds"), (7, "7 seconds")):
        with pytest.raises(RecordingTooLong) as caught:
            decode(data, max_seconds=limit)
        assert f"longer than {words}." in caught.value.message


def test_ten_hours_of_silence_in_a_few_megabytes_are_refused_quickly() -> None:
    bomb = clips.long_silence(10)
    assert len(bomb) < 12 * 2**20
    started = time.monotonic()

    with pytest.raises(RecordingTooLong) as caught:
        probe(bomb, max_seconds=7200)

    assert time.monotonic() - started < 10
    assert caught.value.message.startswith("The recording is longer than 2 hours.")


def test_the_copy_for_playing_has_the_same_clock_no_names_and_can_be_silenced() -> None:
    told = clips.recording(SPEECH_GAP_SPEECH, "mp4")
    assert b"Secret title" in told

    copy = playable(told, silences=[(1.0, 2.0), (7.5, 100.0)])

    assert PLAYABLE_TYPE == "audio/mpeg"
    assert sniff(copy) == "mp3"
    assert b"Secret title" not in copy
    assert not copy.startswith(b"ID3")
    with av.open(io.BytesIO(copy), format="mp3") as file:
        assert file.streams.audio[0].codec_context.layout.name == "mono"
        assert file.duration / 1e6 == pytest.approx(9.0, abs=0.1)
        assert not {k for k in file.metadata if k != "encoder"}
    heard = sounding(decode(copy, max_seconds=60))
    assert all(heard[1:9])
    assert not any(heard[11:19])
    assert all(heard[21:29])
    assert all(heard[71:74])
    assert not any(heard[76:])


def test_nothing_at_all_is_left_inside_a_silenced_range() -> None:
    copy = playable(clips.recording(clips.tone(6), "wav"), silences=[(2.0, 4.0)])

    inside = decode(copy, max_seconds=60)[int(2.1 * 16_000) : int(3.9 * 16_000)]

    assert np.abs(inside).max() < 0.001


def _live_webm(samples: Vector) -> bytes:
    """A webm written as a browser does: no length, no index, no way back to the start."""
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(clips.recording(samples, "webm"))) as told,
        av.open(out, "w", format="webm", options={"live": "1"}) as live,
    ):
        stream = live.add_stream_from_template(told.streams.audio[0])
        for packet in told.demux(audio=0):
            if packet.size:
                packet.stream = stream
                live.mux(packet)
    return out.getvalue()


def _silent_film() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            file.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        file.mux(stream.encode(None))
    return out.getvalue()

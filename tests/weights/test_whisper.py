"""Real Whisper weights on speech that is synthesised here."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from storybank.engines import Engines
from storybank.evaluate.transcription import grouped, read_gold, score
from storybank.evaluate.wording import edit_distance, normal_words
from storybank.transcribe.whisper import WhisperTranscriber
from tests import clips

pytestmark = pytest.mark.weights

SAID = "We cook dinner together every Friday evening."
ALSO = "My neighbour helped me to find a new job."


@pytest.fixture(scope="module")
def tiny(engines: Engines) -> WhisperTranscriber:
    return WhisperTranscriber("whisper-tiny.en", engines.weights("whisper-tiny.en"), threads=1)


def test_speech_comes_back_with_words_times_and_language(base: WhisperTranscriber) -> None:
    first, second = clips.spoken(SAID), clips.spoken(ALSO)
    audio = np.concatenate([clips.silence(3), first, clips.silence(4), second])
    parts: list[float] = []

    heard = base.transcribe(audio, on_progress=parts.append)

    assert edit_distance(normal_words(f"{SAID} {ALSO}", "en"), normal_words(heard.text, "en")) <= 2
    assert (heard.language, heard.model_id) == ("en", "whisper-base")
    assert heard.language_probability > 0.5
    assert heard.seconds == pytest.approx(len(audio) / 16_000)
    assert " ".join(s.span.of(heard.text) for s in heard.segments) == heard.text
    words = [w for s in heard.segments for w in s.words]
    assert [w.span.of(heard.text) for w in words] == heard.text.split()
    assert words == sorted(words, key=lambda w: w.span)
    assert all(0 <= w.confidence <= 1 and w.start <= w.end for w in words)
    job = next(w for w in words if "job" in w.span.of(heard.text))
    assert words[0].start == pytest.approx(3.1, abs=0.5)
    assert job.start == pytest.approx(len(audio) / 16_000 - 0.6, abs=0.6)
    assert parts == sorted(parts)
    assert parts[-1] == 1.0


def test_another_language_is_detected(base: WhisperTranscriber) -> None:
    heard = base.transcribe(clips.spoken("Buenos días, vivo en este barrio desde hace años.", "es"))

    assert heard.language == "es"
    assert "barrio" in heard.text.lower()


def test_silence_hum_and_nothing_give_no_words(base: WhisperTranscriber) -> None:
    hiss = np.random.default_rng(3).normal(0, 0.01, 80_000).astype(np.float32)
    for audio in (clips.silence(5), hiss, clips.silence(0)):
        heard = base.transcribe(audio)
        assert (heard.text, heard.segments) == ("", ())
        assert heard.seconds == len(audio) / 16_000


def test_mumbling_is_marked(tiny: WhisperTranscriber) -> None:
    clear = clips.spoken(SAID)
    noise = np.random.default_rng(5).normal(0, 0.12, len(clear)).astype(np.float32)

    marked = tiny.transcribe(np.clip(clear * 0.15 + noise, -1, 1).astype(np.float32))

    assert not any(s.flags for s in tiny.transcribe(clear).segments)
    assert all("low-confidence" in s.flags for s in marked.segments)


def test_a_language_that_the_model_does_not_know_is_no_error(tiny: WhisperTranscriber) -> None:
    assert "Friday" in tiny.transcribe(clips.spoken(SAID), language="cy").text


def test_the_command_does_the_good_files_and_names_the_bad(tmp_path: Path) -> None:
    good, bad, quiet = tmp_path / "good.webm", tmp_path / "letter.mp3", tmp_path / "quiet.ogg"
    good.write_bytes(clips.recording(clips.spoken(SAID), "webm"))
    bad.write_text("Dear council")
    quiet.write_bytes(clips.recording(clips.silence(3), "ogg"))

    done = subprocess.run(
        [sys.executable, "-m", "storybank", "transcribe", "--json", bad, quiet, good],
        capture_output=True,
        text=True,
        timeout=120,
    )

    silent, told = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    assert "not a sound recording" in done.stderr
    assert "could not hear any words" in done.stderr
    assert "Traceback" not in done.stderr
    assert (silent["text"], silent["segments"]) == ("", [])
    assert set(told) == {"file", "language", "seconds", "text", "segments"}
    assert told["file"] == str(good)
    assert set(told["segments"][0]) == {"start", "end", "text", "confidence", "flags"}
    assert "Friday" in told["text"]


def test_a_gold_set_gives_word_error_rates(tiny: WhisperTranscriber, tmp_path: Path) -> None:
    (tmp_path / "a.flac").write_bytes(clips.recording(clips.spoken(SAID), "flac"))
    rows = [
        {"file": "a.flac", "text": SAID, "language": "en", "kind": "read"},
        {"file": "a.flac", "text": "nothing of the sort was ever said", "kind": "wrong"},
    ]
    (tmp_path / "manifest.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    done: list[int] = []

    scores = score(read_gold(tmp_path), tiny, detect_language=False, on_clip=lambda: done.append(1))

    groups = {g.name: g for g in grouped(scores)}
    assert len(done) == 2
    assert groups["en read"].wer <= 12
    assert groups["en wrong"].wer >= 80
    assert groups["en"].words == groups["all"].words == 14
    assert 0 < groups["all"].real_time_factor < 20

"""Speak the demo's spoken stories with espeak-ng, into the recordings that are kept beside this.

Usage: .venv/bin/python -m scripts.demo.render

Needed only where the words of a spoken story in `stories.jsonl` have changed. The same espeak-ng
gives the same bytes.
"""

import hashlib
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from storybank.commands.terminal import errors, plainly
from storybank.errors import SetupProblem

HERE = Path(__file__).resolve().parent
AUDIO = HERE / "audio"
RATE = 48_000
BITS_A_SECOND = 24_000


@dataclass(frozen=True)
class Voice:
    """One of espeak-ng's voices, and how fast it speaks, in words a minute."""

    name: str
    speed: int


VOICES = {
    "demo-022": Voice("en+f2", 150),
    "demo-023": Voice("en-gb-x-rp", 140),
    "demo-028": Voice("en-gb-x-rp+f2", 140),
    "demo-032": Voice("en-gb-x-rp+m3", 150),
    "demo-034": Voice("en+f3", 145),
    "demo-043": Voice("en-gb", 150),
    "demo-053": Voice("en-gb-scotland", 150),
    "demo-061": Voice("en+f3", 145),
    "demo-066": Voice("en-us", 150),
}
"""Who speaks which story: many voices, each with words that Whisper base hears well from it.

espeak-ng leaves out what follows a plus sign after `en-gb`, and speaks as it does without."""


@plainly
def main() -> None:
    """Speak every spoken story, and say how large each recording is."""
    AUDIO.mkdir(exist_ok=True)
    for row in spoken_stories():
        said = speak(row["text"], VOICES[row["id"]])
        recording = opus(said, made_from=digest(row["text"]))
        (AUDIO / f"{row['id']}.ogg").write_bytes(recording)
        errors().print(f"{row['id']}: {len(recording) // 1000} kB", highlight=False)


def spoken_stories() -> Iterator[dict[str, Any]]:
    """Give the demo stories that were told by voice."""
    for line in (HERE / "stories.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["mode"] == "spoken":
            yield row


def speak(text: str, voice: Voice) -> bytes:
    """Give `text` said by espeak-ng, as a WAV file; raises SetupProblem where it is missing."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise SetupProblem(
            message="Speaking the demo stories anew needs espeak-ng. "
            "Install it, for example with `apt-get install espeak-ng`, and try again."
        )
    done = subprocess.run(
        [program, "-v", voice.name, "-s", str(voice.speed), "--stdout"],
        input=text.encode(), capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout


def digest(text: str) -> str:
    """Give what a recording is marked with, so that a test sees when the words have changed."""
    return hashlib.sha256(text.encode()).hexdigest()


def opus(wav: bytes, *, made_from: str) -> bytes:
    """Give a WAV file as Opus in Ogg, one channel, the same bytes each time.

    `made_from` is kept as the recording's comment.
    """
    out = io.BytesIO()
    with av.open(io.BytesIO(wav), format="wav") as said, _ogg(out) as file:
        file.metadata["comment"] = made_from
        stream = file.add_stream("libopus", rate=RATE)
        stream.codec_context.layout = "mono"
        stream.codec_context.bit_rate = BITS_A_SECOND
        for frame in said.decode(audio=0):
            frame.pts = None
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def _ogg(out: io.BytesIO) -> Any:
    return av.open(out, "w", format="ogg", options={"fflags": "+bitexact"})


if __name__ == "__main__":
    main()

"""`storybank transcribe`: recordings on this machine to text, without any database."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storybank.commands.opening import read_settings
from storybank.commands.terminal import errors, plainly, progress
from storybank.commands.texts import write_line
from storybank.errors import BadInput, NothingHeard, RecordingTooLarge, StorybankError
from storybank.settings import Settings

if TYPE_CHECKING:
    from storybank.transcribe.engine import Transcriber
    from storybank.values import Segment, Transcript, Vector


@plainly
def transcribe(  # noqa: PLR0913 (the options of a command)
    audio: Annotated[list[str], typer.Argument(help="Recordings: MP3, M4A, WAV, OGG, WEBM ...")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file.")] = False,
    as_vtt: Annotated[bool, typer.Option("--vtt", help="Captions with times (WebVTT).")] = False,
    as_txt: Annotated[bool, typer.Option("--txt", help="Plain text (the default).")] = False,
    model: Annotated[str | None, typer.Option(help="A speech model's id; see `models`.")] = None,
    language: Annotated[str | None, typer.Option(help="As in `en`; default: detected.")] = None,
    local: Annotated[
        list[str] | None, typer.Option(help="A local name that may be said; repeat it for more.")
    ] = None,
) -> None:
    """Write down what is said in recordings; a bad file is named and the others still done."""
    from storybank.engines import Engines
    from storybank.transcribe.captions import plain, webvtt

    if as_json + as_vtt + as_txt > 1:
        raise BadInput(message="Choose one of --json, --vtt and --txt.")
    settings = read_settings()
    transcriber = Engines(settings).speech(model or settings.speech_model)
    failed = printed = False
    with progress() as bars:
        for name in audio:
            bar = bars.add_task(Path(name).name, total=None)

            def move(done: int, total: int, bar: Any = bar) -> None:
                bars.update(bar, completed=done, total=total)

            try:
                sound = _sound(name, settings)
                heard = _listen(sound, transcriber, language, local or (), move)
            except StorybankError as error:
                failed = True
                _complain(name, error.message)
                continue
            finally:
                bars.remove_task(bar)
            if as_json:
                write_line(as_row(name, heard))
            else:
                typer.echo("\n" * printed + (webvtt if as_vtt else plain)(heard), nl=False)
                printed = True
            if not heard.text:
                failed = True
                _complain(name, NothingHeard.message.partition(". ")[0] + ".")
    if failed:
        raise typer.Exit(1)


def as_row(name: str, heard: "Transcript") -> dict[str, Any]:
    """Give one transcript as `--json` writes it; times in seconds.

    Flags are those of `marks.Mark`; a gap is a segment with times and without text.
    """

    def segment(one: "Segment") -> dict[str, Any]:
        return {
            "start": round(one.start, 3),
            "end": round(one.end, 3),
            "text": one.span.of(heard.text),
            "confidence": round(one.confidence, 4),
            "flags": list(one.flags),
        }

    return {
        "file": name,
        "language": heard.language,
        "seconds": round(heard.seconds, 3),
        "text": heard.text,
        "segments": [segment(one) for one in heard.segments],
    }


def _sound(name: str, settings: Settings) -> "Vector":
    from storybank.capture.audio import decode

    path = Path(name)
    if path.is_dir():
        raise BadInput(message="It is a folder. Name the recordings in it.")
    if not path.is_file():
        raise BadInput(message="There is no such file. Check the name.")
    if path.stat().st_size > settings.max_recording_bytes:
        raise RecordingTooLarge(
            message=f"The recording is larger than {settings.max_recording_mb} MB. "
            "Send a smaller file, or send it in parts."
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(message=f"It cannot be read ({error.strerror}). Check the file.") from None
    return decode(content, max_seconds=settings.max_recording_minutes * 60)


def _listen(
    sound: "Vector",
    transcriber: "Transcriber",
    language: str | None,
    local: Sequence[str],
    move: Callable[[int, int], None],
) -> "Transcript":
    seconds = max(1, len(sound) // 16_000)

    def part_done(part: float) -> None:
        move(int(part * seconds), seconds)

    part_done(0.0)
    return transcriber.transcribe(
        sound, language=language, local_words=local, on_progress=part_done
    )


def _complain(name: str, sentence: str) -> None:
    console = errors()
    console.print(f"[bold red]Error:[/] {name}: {sentence}", highlight=False, soft_wrap=True)

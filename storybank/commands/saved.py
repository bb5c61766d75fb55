"""Bring in a story that a worker saved from the recorder: part of `storybank import`."""

from pathlib import Path
from typing import TYPE_CHECKING

from storybank.commands.terminal import errors
from storybank.errors import BadInput, RecordingTooLarge, YesNotHeard
from storybank.values import Role

if TYPE_CHECKING:
    from storybank.commands.opening import House


def bring_saved(house: "House", file: Path) -> None:
    """Make the story in a saved file safe, for the worker whom it names, and say its reference.

    The receipt is the teller's: the worker finds it in the recorder, and nobody sees it here.
    Raises BadInput where there is no such file, RecordingTooLarge, and the errors of `take_saved`.
    """
    from storybank.access import Actor
    from storybank.capture.saved_items import largest, take_saved

    if not file.is_file():
        raise BadInput(message=f"There is no file {file}. Check its name.")
    if file.stat().st_size > largest(house.settings):
        raise RecordingTooLarge(
            message=f"The recording is larger than {house.settings.max_recording_mb} MB."
        )
    actor = Actor(role=Role.ADMIN, name="command line")
    try:
        standing = take_saved(house.engine, house.desk, actor, file.read_bytes())
    except YesNotHeard as error:
        # Only who heard the yes can say that the ticks are what was said.
        way = f"{error.message} Its worker can send it so at /worker/saved."
        raise YesNotHeard(error.detail, message=way) from None
    was = "is safe" if standing.new else "was here already"
    errors().print(f"The story {was}, reference {standing.reference}.", highlight=False)
    errors().print("Its worker finds the receipt in the recorder: Retry, then Show the receipt.")

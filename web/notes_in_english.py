"""The form in which the English of a worker's note is sent, from either page that shows it."""

from storybank.capture.notes_in_english import Sent
from storybank.errors import BadInput, Conflict, EmptyStory, StoryTooLong
from web.forms import Form

UNKEPT = (EmptyStory, StoryTooLong, Conflict)
"""What is said beside the box, with the words still in it."""
_DIGITS = 9


def note_sent(form: Form) -> Sent:
    """Give what was sent; raises BadInput where it is not said of which note."""
    numbers = (form.text("beside"), form.text("seen") or "0")
    if not all(n.isascii() and n.isdigit() and len(n) <= _DIGITS for n in numbers):
        raise BadInput("note")
    return Sent(int(numbers[0]), form.raw("note-english"), int(numbers[1]))


def box_of(sent: Sent) -> str:
    """Give the id of the box into which the English was written."""
    return f"note-english-{sent.note_id}"


def status_of(error: BadInput | Conflict) -> int:
    """Give the HTTP status of an English that was not kept."""
    return 409 if isinstance(error, Conflict) else 422

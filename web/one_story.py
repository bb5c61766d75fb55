"""Which story a page of the form was shown for: nothing said on it is kept with another story.

Two tabs of one browser share its cookie. Where the story of one of them was sent or deleted, and
another was begun, what stands in the other tab is about a story that is no longer open: above all
a yes that was given for that one is no yes for this one.
"""

from sqlmodel import Session
from starlette.requests import Request

from storybank.capture.answers import Answers
from storybank.capture.drafts import hold_draft
from storybank.errors import AnotherStoryOpen, PageOutdated
from web.drafting import begun, cookie_of
from web.forms import Form
from web.state import Held

STORY_FIELD = "story"
"""Name of the hidden field that says which story a page was shown for."""


def story_mark(request: Request) -> str:
    """Give what stands for the story of this browser; it tells nothing of the cookie."""
    cookie = cookie_of(request)
    if cookie is None:
        return ""
    held: Held = request.app.state.held
    digest: bytes = held.desk.keyring.digest(f"page of|{cookie}")
    return digest.hex()[:16]


def is_of_open_story(request: Request, form: Form) -> bool:
    """Say whether a form was shown for the story that is open in this browser now."""
    return form.text(STORY_FIELD) == story_mark(request)


def begun_on_page(request: Request, session: Session, held: Held, form: Form) -> Answers:
    """Give the answers so far, for a form that adds to them.

    Raises DraftGone where there is no story, and the errors of `check_story`.
    """
    hold_draft(session, held.desk.keyring, cookie_of(request))
    answers = begun(request, session, held)
    check_story(request, form)
    return answers


def check_story(request: Request, form: Form) -> None:
    """Raise AnotherStoryOpen where a form is about another story than the one that is open.

    Raises PageOutdated where it does not say which: pages of earlier versions did not.
    """
    if STORY_FIELD not in form.texts:
        raise PageOutdated
    if not is_of_open_story(request, form):
        raise AnotherStoryOpen

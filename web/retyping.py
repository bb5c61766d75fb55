"""Forms of a teller's own story that could not be saved: kept, and shown on a page of their own."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank.capture.unsaved import Unsaved, drop_unsaved, keep_unsaved, open_unsaved
from storybank.keys import Keyring
from storybank.tables import Story
from web.forms import Form
from web.language import SPEAK
from web.receipts import OWN_FIELD, let_in, story_of_page, way_back
from web.security import TOKEN_FIELD

AGAIN = "again"
"""The query that asks for what was typed before; the words themselves stand in no address."""


@dataclass(frozen=True)
class Retyping:
    """What was typed into one form of a story, from the mistake to the save.

    `route` is the name of the form's page, one of `capture.unsaved.FORMS`.
    """

    request: Request
    session: Session
    keyring: Keyring
    story: Story
    route: str

    def show(self, form: Form, problem: str | None = None) -> Response:
        """Keep what was typed, and send the browser to the page, which shows it again.

        `problem` is the sentence that says what is wrong; without one it is shown in the language
        that was asked for, or because somebody else saved meanwhile.
        """
        self._keep(form, problem)
        query = {AGAIN: "1"} | ({"lang": form.text(SPEAK)} if form.text(SPEAK) else {})
        address = f"{self.request.app.url_path_for(self.route)}?{urlencode(query)}"
        response = RedirectResponse(address, status_code=303)
        let_in(self.request, response, self.story.id)
        return response

    def before(self) -> tuple[Form | None, str | None]:
        """Give the form as it was sent and what is wrong with it, where the address asks for it."""
        if not self.request.query_params.get(AGAIN):
            return None, None
        kept = open_unsaved(self.session, self.keyring, self.story, self.route)
        return (None, None) if kept is None else (Form(kept.fields), kept.problem)

    def wait(self, form: Form) -> Response:
        """Keep what was typed, and ask for the code of its story, which is not open any more."""
        self._keep(form, None)
        return way_back(self.request, self.session, kept=self.route)

    def done(self) -> None:
        """Forget what was typed: it is saved."""
        drop_unsaved(self.session, self.keyring, self.story.id, self.route)

    def _keep(self, form: Form, problem: str | None) -> None:
        unkept = (TOKEN_FIELD, SPEAK, OWN_FIELD)
        fields = {name: v for name, v in form.texts.items() if name not in unkept}
        keep_unsaved(self.session, self.keyring, self.story, self.route, Unsaved(fields, problem))


def wait_for_code(
    request: Request, session: Session, keyring: Keyring, form: Form, route: str
) -> Response:
    """Ask for the code of the story that a form was shown for; what was typed waits for it."""
    story = story_of_page(request, session, form)
    if story is None:
        return way_back(request, session)
    return Retyping(request, session, keyring, story, route).wait(form)

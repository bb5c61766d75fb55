"""Staff come and go: sign in, sign out, and take up an invitation."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storybank import accounts
from storybank.db import transaction
from storybank.errors import SignInFailed, TooManyTries, WeakPassword
from storybank.values import Role
from web import auth
from web.deps import ActorDep, HeldDep, ReaderDep, SessionDep
from web.forms import FormDep, Problems
from web.render import page

router = APIRouter()

LEFT = "storybank-left"
"""A cookie that says only that somebody signed out; scripts of the recorder may read it."""
LEFT_SECONDS = 14 * 24 * 3600
"""As long as the recorder works without a new sign-in."""


@router.get("/sign-in", name="sign_in")
def ask(request: Request, actor: ActorDep, next: str = "", out: bool = False) -> Response:
    """Show the sign-in form; somebody who is signed in goes on to their pages."""
    if actor.role is not None:
        return RedirectResponse(auth.safe_next(next, actor.role), status_code=303)
    asked = page(request, "account/sign_in.html", next=next, out=out, email="")
    return auth.ask_again(request, asked)


@router.post("/sign-in")
def sign_in(request: Request, held: HeldDep, form: FormDep) -> Response:
    """Sign somebody in, or show the form again with what was wrong."""
    email, wanted = form.text("email"), form.text("next")
    tries = auth.tries_of(request, email)
    problems = Problems()
    try:
        with transaction(held.engine) as session:
            accounts.check_tries(session, tries)
        with transaction(held.engine) as session:
            accounts.sign_out(session, auth.cookie_of(request))
            person, cookie = accounts.sign_in(
                session, held.passwords, email, form.raw("password"), tries
            )
    except (SignInFailed, TooManyTries) as error:
        problems.add("email", error.message)
        status = 429 if isinstance(error, TooManyTries) else 422
        return page(
            request, "account/sign_in.html", status=status,
            problems=problems, next=wanted, out=False, email=email,
        )  # fmt: skip
    response = RedirectResponse(auth.safe_next(wanted, Role(person.role)), status_code=303)
    auth.keep(request, response, cookie)
    return response


@router.post("/sign-out", name="sign_out")
def sign_out(request: Request, session: SessionDep) -> Response:
    """End this sign-in, on the server and in the browser."""
    accounts.sign_out(session, auth.cookie_of(request))
    response = RedirectResponse("/sign-in?out=1", status_code=303)
    auth.forget(request, response)
    # The recorder reads this at its next opening, and then hides the stories on the phone.
    response.set_cookie(
        LEFT, "1", max_age=LEFT_SECONDS, path="/collect/", samesite="lax",
        secure=request.app.state.settings.secure_cookies,
    )  # fmt: skip
    return response


@router.get("/invitation/{code}", name="invitation")
def invitation(request: Request, session: ReaderDep, code: str) -> Response:
    """Show the form that takes up an invitation; a spent one is gone."""
    invite = accounts.open_invite(session, code)
    return page(request, "account/invitation.html", invite=invite, code=code)


@router.post("/invitation/{code}")
def accept(request: Request, held: HeldDep, form: FormDep, code: str) -> Response:
    """Make the account with the password chosen, and sign the person in."""
    try:
        with transaction(held.engine) as session:
            person = accounts.accept(session, held.passwords, code, form.raw("password"))
            cookie = accounts.begin(session, person)
    except WeakPassword as error:
        problems = Problems({"password": error.message})
        with transaction(held.engine) as session:
            invite = accounts.open_invite(session, code)
            return page(
                request, "account/invitation.html", status=422,
                problems=problems, invite=invite, code=code,
            )  # fmt: skip
    response = RedirectResponse(auth.LANDING[Role(person.role)], status_code=303)
    auth.keep(request, response, cookie)
    return response

"""Make the web application: open what it needs, and put its parts together."""

import threading
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from importlib import resources
from pathlib import Path

from fastapi import Depends, FastAPI
from sqlalchemy import Engine

from storybank import db
from storybank.capture.blobs import open_blobs
from storybank.capture.intake import Desk
from storybank.engines import Engines
from storybank.errors import DraftGone, FrameworkDraftGone, StorybankError
from storybank.keys import load_keyring
from storybank.log import start_logging
from storybank.settings import MEGABYTE, Settings
from storybank.understand.embed import Embedder
from web import auth, draft_table, errors, language, render, sent_already
from web.crowd import Crowd
from web.routes import all_routers
from web.security import Guard, check_origin
from web.state import Held
from web.static import Built
from web.wordcheck import WordCheck

WARM_AFTER_S = 8.0
"""Loading takes a processor for seconds, and pages are asked for first."""


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> FastAPI:
    """Give the application; without arguments everything comes from the environment.

    With `engine`, that migrated database is used and left open; otherwise the one in the settings
    is started, migrated, and stopped at the end. Raises SetupProblem where styles are not built.
    """
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            app.state.held = _open(settings, engine, stack)
            app.state.words = WordCheck(settings)
            stack.callback(app.state.words.close)
            if engine is None:
                stack.callback(_warm_later(app.state.held).cancel)
            yield

    app = FastAPI(
        lifespan=lifespan,
        openapi_url=None,  # pages for people; there is no interface to describe
        dependencies=[Depends(check_origin)],
        redirect_slashes=False,
    )
    built = Path(str(resources.files("web"))) / "static" / "built"
    app.state.settings = settings
    app.state.templates = render.make_environment(built)
    app.state.speeches = language.load_speeches()
    errors.add_error_pages(app)
    app.add_exception_handler(auth.SignInNeeded, errors.ask_to_sign_in)
    app.add_exception_handler(FrameworkDraftGone, draft_table.show_gone)
    app.add_exception_handler(DraftGone, sent_already.show_gone)
    app.add_middleware(Crowd)
    app.add_middleware(
        Guard,
        max_body=settings.max_recording_bytes + MEGABYTE,
        https=settings.secure_cookies,
        failing=errors.show,
    )
    for router in all_routers():
        app.include_router(router)
    app.mount("/static/built", Built(directory=built), name="static")
    return app


def _open(settings: Settings, engine: Engine | None, stack: ExitStack) -> Held:
    if engine is None:
        start_logging(settings.log_level)
        url = stack.enter_context(db.running_database(settings))
        engine = db.make_engine(url)
        stack.callback(engine.dispose)
        db.upgrade(engine)
    keyring = load_keyring(settings.keys_path, create=True)
    blobs = open_blobs(settings.blobs_url, settings.blobs_dir)
    return Held(engine, Desk(settings, keyring, blobs), _make_embedder)


def _warm_later(held: Held) -> threading.Timer:
    """Load the sentence encoder soon, but not in the way of those who come first."""
    timer = threading.Timer(WARM_AFTER_S, _warm, args=(held,))
    timer.daemon = True
    timer.start()
    return timer


def _warm(held: Held) -> None:
    """Load the sentence encoder while nobody waits; what is wrong is said at the first search."""
    with suppress(StorybankError):
        held.embedder.encode(["warm"])


def _make_embedder(settings: Settings) -> Embedder:
    return Engines(settings).query_encoder

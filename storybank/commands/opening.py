"""Open what most commands need: the settings, a migrated database, the desk, the workshop."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storybank.errors import BadSetting, KeysMissing

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from storybank.capture.intake import Desk
    from storybank.pipeline import Workshop
    from storybank.settings import Settings


@dataclass(frozen=True)
class House:
    """An open Storybank: its settings, its migrated database, and the desk that takes stories."""

    settings: "Settings"
    engine: "Engine"
    desk: "Desk"


def read_settings() -> "Settings":
    """Give the settings from the environment; raises BadSetting naming the first wrong one."""
    from pydantic import ValidationError

    from storybank.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"STORYBANK_{'_'.join(str(part) for part in first['loc']).upper()}"
        raise BadSetting(
            name, message=f"The setting {name} cannot be used: {first['msg'].lower()}."
        ) from None


@contextlib.contextmanager
def open_house(settings: "Settings") -> Iterator[House]:
    """Open the database of `settings`, migrated and begun, with keys and recordings.

    The built-in database stops after where nobody else uses it. Raises DatabaseUnreachable,
    KeysMissing, DiskFull.
    """
    from storybank import db
    from storybank.capture.beginnings import begin
    from storybank.capture.blobs import open_blobs
    from storybank.capture.intake import Desk
    from storybank.capture.starting import starting_list
    from storybank.keys import load_keyring

    with db.running_database(settings) as url:
        engine = db.make_engine(url)
        try:
            db.upgrade(engine)
            check_keys(settings, engine)
            with db.transaction(engine) as session:
                begin(session, starting_list())
            keyring = load_keyring(settings.keys_path, create=True)
            blobs = open_blobs(settings.blobs_url, settings.blobs_dir)
            yield House(settings, engine, Desk(settings, keyring, blobs))
        finally:
            engine.dispose()


def check_keys(settings: "Settings", engine: "Engine") -> None:
    """Raise KeysMissing where stories are sealed and the key file is gone.

    A new key file in its place would look well and open nothing.
    """
    from sqlmodel import select

    from storybank import db
    from storybank.tables import Story

    if settings.keys_path.exists():
        return
    with db.reading(engine) as session:
        if session.exec(select(Story.id).limit(1)).first() is not None:
            raise KeysMissing(f"{settings.keys_path}: not there, but stories are")


def make_workshop(house: House) -> "Workshop":
    """Give the workshop with all real engines but that for voices; takes seconds.

    Raises ModelMissing.
    """
    from storybank.engines import VOICES, Engines
    from storybank.gazetteer import KnowingRedactor
    from storybank.pipeline import Workshop
    from storybank.taggers import Taggers
    from storybank.transcribe.voices.turns import VoicesWhenAsked

    engines = Engines(house.settings)
    taggers = Taggers(engines, house.engine)
    return Workshop(
        engine=house.engine,
        settings=house.settings,
        keyring=house.desk.keyring,
        blobs=house.desk.blobs,
        transcriber=engines.transcriber,
        voices=VoicesWhenAsked(VOICES, lambda: engines.voices),
        nlp=engines.nlp,
        embedder=engines.embedder,
        redactor=KnowingRedactor(house.engine, engines.redactor_knowing, engines.known_places),
        tagger=taggers.now(),
        written=engines.written,
        fresh=taggers.now,
    )


def check_models(settings: "Settings") -> None:
    """Raise BadFramework, HeadMissing, ModelMissing or ModelDamaged: no story could be read."""
    from storybank.engines import VOICES, Engines

    engines = Engines(settings)
    assert engines.framework  # noqa: S101 (loading it is the check)
    for model_id in (*needed_models(settings), *tagger_models(settings)):
        if model_id != VOICES:  # without it words are still heard and read
            engines.weights(model_id)


def needed_models(settings: "Settings") -> tuple[str, ...]:
    """Give the manifest ids of the models that stories need to be read, but the tagger's."""
    from storybank.engines import LANGUAGES, VOICE_DETECTOR, VOICES

    hearing = (settings.speech_model, VOICE_DETECTOR, VOICES)
    return (*hearing, LANGUAGES, "en-core-web-sm", settings.embedding_model)


def tagger_models(settings: "Settings") -> tuple[str, ...]:
    """Give the manifest ids of the tagger and of the encoders that it reads with.

    Raises HeadMissing, HeadDamaged, ModelDamaged.
    """
    from storybank.engines import Engines

    head = Engines(settings).head(settings.framework)
    return (head.model_id, *sorted({head.encoder} - {settings.embedding_model}))

"""How fast stories become searchable, beside the bare sentence encoder on the same passages.

Receives demo stories in a throw-away database, runs the worker's own step on each, and prints
passages a second: all steps, each step alone, and the encoder by itself.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from storybank import db, pipeline
from storybank.capture.blobs import open_blobs
from storybank.capture.intake import Desk, receive
from storybank.engines import Engines
from storybank.evaluate.ground import measured_programme, throwaway_database
from storybank.keys import load_keyring
from storybank.pipeline import Workshop
from storybank.settings import Settings
from storybank.spans import apply_masks
from storybank.understand.segment import passages, sentences
from storybank.values import Channel, ConsentGiven, NewStory, Transcript

ROOT = Path(__file__).parents[1]


def texts(number: int) -> list[str]:
    """Give `number` demo stories; the same ones again, with a number, where there are too few."""
    lines = (ROOT / "scripts" / "demo" / "stories.jsonl").read_text("utf-8").splitlines()
    told = [str(json.loads(line)["text"]) for line in lines]
    return [f"{told[n % len(told)]} Story {n}." for n in range(number)]


def make_workshop(settings: Settings, engines: Engines, engine: db.sa.Engine) -> Workshop:
    """Give a workshop with the real engines on the throw-away database."""
    return Workshop(
        engine=engine,
        settings=settings,
        keyring=load_keyring(settings.keys_path, create=True),
        blobs=open_blobs(None, settings.blobs_dir),
        transcriber=engines.transcriber,
        voices=engines.voices,
        nlp=engines.nlp,
        embedder=engines.embedder,
        redactor=engines.redactor,
        tagger=engines.tagger,
        written=engines.written,
    )


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def import_all(shop: Workshop, told: list[str]) -> float:
    """Receive and read every story; gives the seconds of the reading."""
    desk = Desk(shop.settings, shop.keyring, shop.blobs)
    consent = ConsentGiven(learn=True, how="import")
    with db.transaction(shop.engine) as session:
        measured_programme(session)
        ids = [
            receive(session, desk, NewStory(consent, Channel.IMPORT, text=text)).story_id
            for text in told
        ]
    return timed(lambda: [pipeline.understand(shop, story) for story in ids])


def steps(shop: Workshop, told: list[str]) -> tuple[int, dict[str, float]]:
    """Give the number of passages, and the seconds of each step alone over all stories."""
    spans = {text: sentences(shop.nlp, text) for text in told}
    cut = {text: passages(Transcript(text), spans[text]) for text in told}
    masks = {text: shop.redactor.find(text) for text in told}
    shown = [apply_masks(text, masks[text], p.span) for text in told for p in cut[text]]
    return len(shown), {
        "bare encoder, all at once": timed(lambda: shop.embedder.encode(shown)),
        "cutting into passages": timed(lambda: [sentences(shop.nlp, text) for text in told]),
        "masking": timed(lambda: [shop.redactor.find(text) for text in told]),
        "tagging": timed(lambda: [shop.tagger.tag(text, spans[text]) for text in told]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=68)
    told = texts(parser.parse_args().stories)
    engines = Engines(Settings())
    with tempfile.TemporaryDirectory() as folder, throwaway_database() as engine:
        shop = make_workshop(Settings(data_dir=Path(folder)), engines, engine)
        pipeline.read(shop, Transcript(told[0]))  # load the weights before the clock runs
        number, seconds = steps(shop, told)
        seconds["import, all steps"] = import_all(shop, told)
    bare = number / seconds["bare encoder, all at once"]
    print(f"{len(told)} stories, {number} passages")
    for name, taken in seconds.items():
        rate = number / taken
        print(f"{name:28} {rate:8.1f} passages/s   {rate / bare:5.2f} of the bare encoder")


if __name__ == "__main__":
    main()

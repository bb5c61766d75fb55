"""Framework versions for tests: drafts changed, published, and stories read by them."""

import dataclasses
import uuid

from sqlmodel import select

from storybank import coding, rereading
from storybank.db import reading, transaction
from storybank.tables import SuggestionRow
from storybank.versions import draft as drafting
from storybank.versions import shelf
from tests.fakes import KeywordTagger, make_workshop

FIRST = "thriving-communities@1"


class VersionTagger:
    """Suggests on sentences with "bus" what the current version made of `aim-adapting -`."""

    def __init__(self, framework, code):
        self.model_id, self.framework, self._code = "versions-1", framework, code

    def tag(self, text, sentences):
        found = KeywordTagger().tag(text, sentences)
        return (
            tuple(dataclasses.replace(one, code=self._code) for one in found) if self._code else ()
        )


def change(session, actor, do):
    """Begin a draft where there is none, and change it."""
    row = shelf.begin(session, actor, FIRST)
    draft = do(shelf.opened(session, row))
    shelf.keep(session, actor, row, draft)
    return draft


def publish(engine, actor, do):
    with transaction(engine) as session:
        change(session, actor, do)
    with transaction(engine) as session:
        row = shelf.draft_row(session, "thriving-communities")
        return shelf.publish(session, actor, shelf.mark_of_row(row), "learnt from use", FIRST)


def retire(code):
    return lambda draft: drafting.retired(draft, code)


def split_adapting(draft):
    draft = drafting.split(draft, "aim-adapting", ["Buses", "Buildings"])
    for code in ("buses", "buildings"):
        draft = drafting.edited(draft, written(draft.code(code)))
    return draft


def written(code):
    words = {"present": "it was", "missing": "it was not"}
    return code.model_copy(update={
        "question": "Was it?", "definition": "It was there.",
        "directions": code.directions.model_copy(update=words),
    })  # fmt: skip


def decide(engine, actor, decision="confirmed"):
    with transaction(engine) as session:
        row = session.exec(select(SuggestionRow)).one()
        coding.decide(session, actor, row.id, decision)


def read_again(engine, desk, story_id, code):
    with reading(engine) as session:
        name = shelf.current_name(session, FIRST)
    shop = make_workshop(engine, desk)
    shop = dataclasses.replace(shop, fresh=lambda: VersionTagger(name, code))
    assert rereading.enqueue_all(shop) == 1
    rereading.reread(shop, uuid.UUID(story_id))
    assert rereading.enqueue_all(shop) == 0
    return name

import uuid
from types import SimpleNamespace

import numpy as np
import pytest
from sqlmodel import select

from storybank import coding, installed
from storybank.capture.withdrawal import withdraw
from storybank.db import reading, transaction
from storybank.errors import TooFewDecisions
from storybank.learning.lessons import lessons_of
from storybank.learning.training import check_enough, scores_of, train
from storybank.tables import Story, SuggestionRow
from storybank.taggers import Wanted
from storybank.understand.heads import Head
from storybank.understand.learnt import (
    Correction,
    LearningTagger,
    Learnt,
    load_learnt,
    save_learnt,
)
from storybank.values import Direction, Role, Span
from tests.fakes import HashEmbedder, KeywordTagger, plain_nlp
from tests.staff import cookie_for, tell

pytestmark = pytest.mark.database

FIRST = "thriving-communities@1"
PAIR = ("aim-adapting", Direction.MISSING)


def decide(engine, actor, story_id, decision):
    with transaction(engine) as session:
        query = select(SuggestionRow).where(SuggestionRow.story_id == uuid.UUID(story_id))
        coding.decide(session, actor, session.exec(query).one().id, decision)


def test_lessons_are_masked_and_only_from_tellers_who_agreed(engine, desk):
    ada, _ = cookie_for(engine, Role.EVALUATOR)
    ben, _ = cookie_for(engine, Role.EVALUATOR, "Ben")
    told = {
        "right": tell(engine, desk, "Anna Smith took the bus away. It rained."),
        "wrong": tell(engine, desk, "We sang on the bus."),
        "both": tell(engine, desk, "A bus is a bus."),
        "closed": tell(engine, desk, "The bus went, do not learn from it."),
        "gone": tell(engine, desk, "The bus went, and then I took it back."),
    }
    for name, story_id in told.items():
        decide(engine, ada, story_id, "rejected" if name == "wrong" else "confirmed")
    decide(engine, ben, told["both"], "rejected")
    with transaction(engine) as session:
        session.get_one(Story, uuid.UUID(told["closed"])).may_learn = False
        withdraw(session, uuid.UUID(told["gone"]))

    with reading(engine) as session:
        lessons, stories = lessons_of(session, FIRST)
    assert {(one.quote, one.right) for one in lessons} == {
        ("[person 1] took the bus away.", True), ("We sang on the bus.", False)}  # fmt: skip
    assert {story.text for story in stories} == {
        "[person 1] took the bus away. It rained.", "We sang on the bus."}  # fmt: skip
    assert {one.pair for one in lessons} == {PAIR}
    scores = scores_of(KeywordTagger(), plain_nlp(), lessons, stories, lambda done, total: None)
    assert np.allclose(scores, 0.8)
    with pytest.raises(TooFewDecisions) as caught:
        check_enough(lessons)
    assert "1 codes are confirmed and 1 rejected" in caught.value.message


def test_stories_taken_back_since_are_counted(engine, desk, settings):
    story_id = tell(engine, desk, "The bus never comes.")
    one = Learnt("learnt-1", FIRST, "hashed", 0.5, {PAIR: Correction(np.zeros(384), 0.0)},
                 frozenset({story_id}))  # fmt: skip
    with reading(engine) as session:
        assert installed.state_of(session, settings).taken_back == 0
    save_learnt(installed.folder_of(settings) / "learnt-1", one, {})
    installed.install(settings, "learnt-1")
    with reading(engine) as session:
        assert installed.state_of(session, settings).taken_back == 0
    with transaction(engine) as session:
        withdraw(session, uuid.UUID(story_id))
    with reading(engine) as session:
        assert installed.state_of(session, settings).taken_back == 1


class TakingBack:
    """Taggers of now that let a teller take a story back as soon as they are asked."""

    def __init__(self, engine, story_id):
        self._engine, self._story_id = engine, story_id

    def make(self, session, wanted, *, floor=False):
        if floor:
            with transaction(self._engine) as other:
                withdraw(other, uuid.UUID(self._story_id))
        return Fakes().make(session, wanted, floor=floor)

    def head_for(self, session, framework):
        return Fakes().head_for(session, framework)


class Fakes:
    """Taggers of now that read by a keyword, and say that a trained head is behind it."""

    def make(self, session, wanted, *, floor=False):
        tagger = KeywordTagger()
        kept = load_learnt(wanted.learnt) if wanted.learnt else None
        return LearningTagger(tagger, kept, HashEmbedder()) if kept else tagger

    def head_for(self, session, framework):
        none = np.zeros(0, np.float32)
        bars = np.array([0.5], np.float32)
        blank = dict.fromkeys(("means", "scales", "shares", "levels"), none)
        head = Head("keyword-1", framework.name, "none", (), (), **blank, bars=bars, offered=0.5)
        return head, FIRST


def decided_stories(engine, desk):
    """Tell 24 stories and decide about each: half are confirmed; gives their ids."""
    ada, _ = cookie_for(engine, Role.EVALUATOR)
    ids = []
    for number in range(24):
        text = f"They took the night bus away in year {number}." if number % 2 else (
            f"We sang songs on the bus trip number {number}.")  # fmt: skip
        ids.append(tell(engine, desk, text))
        decide(engine, ada, ids[-1], "confirmed" if number % 2 else "rejected")
    return ids


def test_a_story_taken_back_while_it_is_learnt_from_is_counted(engine, desk, settings):
    ids = decided_stories(engine, desk)
    engines = SimpleNamespace(settings=settings, nlp=plain_nlp(), embedder=HashEmbedder())
    taking = TakingBack(engine, ids[3])
    assert train(engines, engine, lambda done, total: None, taking).gone == 1


def test_with_a_damaged_head_in_use_it_is_learnt_again(engine, desk, settings):
    decided_stories(engine, desk)
    engines = SimpleNamespace(settings=settings, nlp=plain_nlp(), embedder=HashEmbedder())
    train(engines, engine, lambda done, total: None, Fakes()).install(settings)
    (installed.in_use(settings) / "learnt.npz").write_bytes(b"cut")
    with reading(engine) as session:
        assert "learnt-1 cannot be read" in installed.state_of(session, settings).damaged

    trained = train(engines, engine, lambda done, total: None, Fakes())
    assert trained.install(settings) == "learnt-2"
    with reading(engine) as session:
        assert installed.state_of(session, settings).name == "learnt-2"


def test_a_council_learns_from_its_decisions_installs_and_learns_again(engine, desk, settings):
    ids = decided_stories(engine, desk)
    engines = SimpleNamespace(settings=settings, nlp=plain_nlp(), embedder=HashEmbedder())

    trained = train(engines, engine, lambda done, total: None, Fakes())
    assert trained.fitted.all.before == (12, 12, 0)
    right, wrong, missed = trained.fitted.all.after
    assert (right, missed) == (12, 0)
    assert wrong <= 2
    assert trained.learnt.stories == set(ids)
    assert trained.gold is not None
    trained.install(settings)
    with reading(engine) as session:
        reads = Fakes().make(session, Wanted(FIRST, installed.in_use(settings)))
    for text, found in (("They took the bus away.", 1), ("We sang on the bus.", 0)):
        assert len(reads.tag(text, [Span(0, len(text))])) == found
    assert reads.model_id == "keyword-1+learnt-1"

    with transaction(engine) as session:
        withdraw(session, uuid.UUID(ids[0]))
    again = train(engines, engine, lambda done, total: None, Fakes())
    assert again.learnt.model_id == "learnt-2"
    assert again.learnt.stories == set(ids[1:])

"""The tagger of now: a published version's new codes are read at once, beside the trained head."""

import dataclasses

import numpy as np
import pytest

from storybank import installed
from storybank.errors import HeadDamaged, HeadMissing
from storybank.settings import Settings
from storybank.taggers import Taggers
from storybank.understand.embed import Embedder
from storybank.understand.learnt import Correction, Learnt, save_learnt
from storybank.values import Direction, Role, Span
from storybank.versions import draft as drafting
from tests.new_codes import COLD, WARM, WORDS, WordsAlong, head, warm_code
from tests.staff import cookie_for
from tests.versions import FIRST, publish

pytestmark = pytest.mark.database


@dataclasses.dataclass
class SmallEngines:
    """Engines with a small head for the first version; they count how often stories are seen."""

    settings: Settings
    along: WordsAlong = dataclasses.field(default_factory=WordsAlong)
    embedder: Embedder = WORDS

    def head(self, name):
        if name != FIRST:
            raise HeadMissing(name)
        return head()

    def reader(self, model_id, views):
        return self.along


def test_a_new_code_is_read_from_the_moment_its_version_is_published(engine, settings):
    actor, _ = cookie_for(engine, Role.EVALUATOR)
    ada = dataclasses.replace(actor, may_change_frameworks=True)
    engines = SmallEngines(settings)
    taggers = Taggers(engines, engine)
    assert taggers.now().tag(WARM, [Span(0, len(WARM))]) == ()

    publish(engine, ada, lambda draft: drafting.added(draft, warm_code()))
    for text, way in ((WARM, Direction.LIVED), (COLD, Direction.MISSING)):
        found = taggers.now().tag(text, [Span(0, len(text))])[0]
        assert (found.code, found.direction, found.offered) == ("warm-spaces", way, True)
    before = engines.along.asked
    taggers.now().tag(f"{WARM}!", [Span(0, len(WARM) + 1)])
    assert engines.along.asked == before + 1  # the head and the reader of new codes share it


def learnt_here(settings, **more):
    pair = ("aim-adapting", Direction.MISSING)
    values = {"model_id": "learnt-1", "framework": FIRST, "encoder": WORDS.model_id, "bar": 0.5,
              "pairs": {pair: Correction(np.zeros(384, np.float32), 0.0)}}  # fmt: skip
    save_learnt(installed.claim(settings), Learnt(**(values | more)), {})
    installed.install(settings, "learnt-1")


def test_where_nobody_knows_what_was_learnt_a_worker_keeps_what_it_reads_with(engine, settings):
    learnt_here(settings)
    engines = SmallEngines(settings)
    taggers = Taggers(engines, engine)
    before = taggers.now()
    assert before.model_id.endswith("+learnt-1")

    (installed.folder_of(settings) / "in-use.json").write_text("{")
    assert taggers.now() is before
    with pytest.raises(HeadDamaged):  # and one that begins does not begin with another head
        Taggers(engines, engine).now()


def test_what_was_learnt_with_another_encoder_is_not_put_on_this_one(engine, settings):
    learnt_here(settings, encoder="another")
    with pytest.raises(HeadDamaged) as caught:
        Taggers(SmallEngines(settings), engine).now()
    assert "another language model" in caught.value.message

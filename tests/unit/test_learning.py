import json
import uuid

import numpy as np
import pytest

from storybank import installed
from storybank.commands.training import worse
from storybank.errors import HeadDamaged, NothingLearnt
from storybank.learning.fit import NEEDED, f1, fit
from storybank.learning.lessons import Lesson
from storybank.learning.measure import Gold
from storybank.learning.training import OFFERED, Trained
from storybank.understand.learnt import (
    Correction,
    LearningTagger,
    Learnt,
    load_learnt,
    save_learnt,
)
from storybank.values import Direction, Span, Suggestion
from tests.fakes import HashEmbedder, KeywordTagger

PAIR = ("aim-adapting", Direction.MISSING)
TRUE = ["the night bus was taken away", "no bus runs late any more", "the bus shelter went"]
FALSE = ["I met him on the bus", "we sang on the bus", "the bus was red"]


def lessons(number, pair=PAIR):
    """As many right as wrong decisions; the words tell them apart."""
    return [
        Lesson(uuid.UUID(int=n), pair, (TRUE if n % 2 else FALSE)[n % 3], bool(n % 2))
        for n in range(2 * number)
    ]


def fitted(taught, score=0.8, bar=0.24):
    vectors = HashEmbedder().encode([one.quote for one in taught])
    return fit(taught, np.full(len(taught), score, np.float32), vectors, {PAIR: bar})


def learnt(pairs, **more):
    values = {"model_id": "learnt-1", "framework": "thriving-communities@1", "encoder": "hashed",
              "bar": 0.5, "pairs": pairs, "stories": frozenset({"a", "b"})}  # fmt: skip
    return Learnt(**(values | more))


def test_too_few_decisions_of_one_kind_change_nothing():
    assert fitted(lessons(NEEDED - 1)).pairs == {}
    assert PAIR in fitted(lessons(NEEDED)).pairs


def test_decisions_teach_what_is_like_them_on_stories_held_out():
    row = fitted(lessons(12), bar=0.5).all
    assert row.before == (12, 12, 0)
    assert f1(row.after) > 0.9


def test_a_pair_that_was_only_offered_is_suggested_once_it_proves_right():
    found = fitted(lessons(12), score=0.2, bar=OFFERED)
    assert found.pairs[PAIR].measured
    assert found.all.before == (0, 0, 12)
    noise = [Lesson(uuid.UUID(int=n), PAIR, "the bus", bool(n % 2)) for n in range(40)]
    assert not fitted(noise, score=0.2, bar=OFFERED).pairs[PAIR].measured


def test_a_few_decisions_move_a_score_by_little():
    correction = fitted(lessons(NEEDED), score=0.5).pairs[PAIR]
    vectors = HashEmbedder().encode([TRUE[0]])
    before = np.array([0.5], np.float32)
    assert 0.5 < float(correction.score(before, vectors)[0]) < 0.95


def test_a_correction_takes_away_and_leaves_other_pairs_alone():
    text = "We sang on the bus."
    spans = [Span(0, len(text))]
    plain = KeywordTagger().tag(text, spans)
    assert [s.score for s in plain] == [0.8]
    down = Correction(np.zeros(384, np.float32), -3.0)
    tagger = LearningTagger(KeywordTagger(), learnt({PAIR: down}), HashEmbedder())
    assert tagger.tag(text, spans) == ()
    assert tagger.model_id == "keyword-1+learnt-1"
    other = LearningTagger(KeywordTagger(), learnt({("x", Direction.LIVED): down}), HashEmbedder())
    assert other.tag(text, spans) == plain


def test_an_offered_pair_stays_offered_until_it_is_measured():
    class Offering(KeywordTagger):
        def tag(self, text, sentences):
            return tuple(
                Suggestion(*PAIR, span, span.of(text), 0.4, offered=True) for span in sentences
            )

    text, up = "The bus went.", np.zeros(384, np.float32)
    for measured in (True, False):
        one = learnt({PAIR: Correction(up, 3.0, measured)})
        (found,) = LearningTagger(Offering(), one, HashEmbedder()).tag(text, [Span(0, len(text))])
        assert found.offered is not measured
        assert found.score > 0.9


def test_what_was_learnt_is_kept_installed_and_undone(settings):
    folder = installed.folder_of(settings)
    with pytest.raises(NothingLearnt):
        installed.undo(settings)
    one = learnt({PAIR: Correction(np.arange(384, dtype=np.float32), 0.5, measured=True)})
    names = []
    for _ in range(2):
        names.append(installed.next_name(settings))
        save_learnt(folder / names[-1], one, {"lessons": 3})
        installed.install(settings, names[-1])
    assert names == ["learnt-1", "learnt-2"]
    again = load_learnt(installed.in_use(settings))
    assert (again.stories, again.bar, again.pairs[PAIR].level) == (one.stories, 0.5, 0.5)
    assert again.pairs[PAIR].weights.tolist() == one.pairs[PAIR].weights.tolist()
    assert installed.undo(settings) == "learnt-1"
    assert installed.undo(settings) is None
    assert installed.in_use(settings) is None
    assert installed.next_name(settings) == "learnt-3"
    kept = json.loads((folder / "learnt-1" / "learnt.json").read_text())
    assert "quote" not in json.dumps(kept)
    (folder / "learnt-2" / "learnt.npz").write_bytes(b"no")
    with pytest.raises(HeadDamaged):
        installed.install(settings, "learnt-2")
    assert installed.in_use(settings) is None


@pytest.mark.parametrize("list_", ["", "{", "{}", '["learnt-1", 3]', '["../../keys"]', "null"])
def test_a_damaged_list_is_never_taken_for_nothing_learnt(settings, list_):
    one = learnt({PAIR: Correction(np.zeros(384, np.float32), 0.5)})
    save_learnt(installed.claim(settings), one, {})
    installed.install(settings, "learnt-1")
    (installed.folder_of(settings) / "in-use.json").write_text(list_)

    with pytest.raises(HeadDamaged) as caught:
        installed.in_use(settings)
    assert "storybank train --undo" in caught.value.message

    assert installed.undo(settings) is None
    assert installed.in_use(settings) is None
    with pytest.raises(NothingLearnt):
        installed.undo(settings)


def test_what_was_learnt_anew_comes_into_use_in_place_of_a_damaged_list(settings):
    one = learnt({PAIR: Correction(np.zeros(384, np.float32), 0.5)})
    save_learnt(installed.claim(settings), one, {})
    (installed.folder_of(settings) / "in-use.json").write_text("{")
    installed.install(settings, "learnt-1")
    assert installed.in_use(settings).name == "learnt-1"


def test_two_trainings_at_once_do_not_write_into_one_folder(settings):
    good = fitted(lessons(12), bar=0.5)
    both = [Trained(learnt(good.pairs), good, 24, None) for _ in range(2)]
    assert [one.install(settings) for one in both] == ["learnt-1", "learnt-2"]
    assert installed.loaded(settings).model_id == "learnt-2"


def test_what_was_learnt_from_a_story_taken_back_meanwhile_is_refused():
    good = fitted(lessons(12), bar=0.5)
    assert "Train again" in worse(Trained(learnt(good.pairs), good, 24, None, gone=1))


@pytest.mark.parametrize(("gold", "refused"), [(None, False), (Gold(72, 0.5, 0.5), False),
                                               (Gold(72, 0.5, 0.49), True)])  # fmt: skip
def test_a_worse_head_is_refused(gold, refused):
    good = fitted(lessons(12), bar=0.5)
    assert bool(worse(Trained(learnt(good.pairs), good, 24, gold))) is refused


def test_a_head_that_reads_worse_on_stories_held_out_is_refused():
    # Before, every score was right; words that tell nothing can only make that worse.
    taught = [Lesson(uuid.UUID(int=n), PAIR, f"word{n}", n % 3 == 0) for n in range(30)]
    scores = np.array([0.26 if one.right else 0.23 for one in taught], np.float32)
    vectors = HashEmbedder().encode([one.quote for one in taught])
    found = fit(taught, scores, vectors, {PAIR: 0.24})
    assert found.all.before == (10, 0, 0)
    assert "worse" in worse(Trained(learnt(found.pairs), found, 30, None))

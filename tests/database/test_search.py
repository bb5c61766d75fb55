"""Search over a real database: who may find what, by which words and filters, in which order."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from storybank.access import NOBODY, Actor
from storybank.db import transaction
from storybank.index.passages import replace_passages
from storybank.search import candidates, narrow
from storybank.search.retrieve import Page, search
from storybank.tables import Story, Tag, TranscriptRow, now
from storybank.values import (
    Channel,
    Direction,
    Filters,
    Passage,
    Role,
    SearchResult,
    Span,
)
from tests.factories import make_place, make_programme, make_story
from tests.wordbag import WordBag

pytestmark = pytest.mark.database

EVALUATOR = Actor(role=Role.EVALUATOR)
EMBEDDER = WordBag({"coach": "bus", "cancelled": "stopped"})


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with transaction(engine) as session:
        yield session


def tell(session: Session, *texts: str, tags: str = "", **more: Any) -> Story:
    """A story whose passages are `texts`; `tags` are written `doing-with+ learning-`."""
    values: dict[str, Any] = {"title": " ".join(texts), "external_id": texts[0]} | more
    story = make_story(session, **values)
    row = TranscriptRow(story_id=story.id, version=1, source="typed", sealed=b"")
    session.add(row)
    session.flush()
    spans = [Passage(Span(100 * n, 100 * n + len(t)), 1000 * n) for n, t in enumerate(texts)]
    replace_passages(session, row, spans, texts, EMBEDDER.encode(texts), model_id="word-bag")
    for tag in tags.split():
        session.add(
            Tag(story_id=story.id, framework="f@1", code=tag[:-1], direction=tag[-1], state="x")
        )
    session.flush()
    return story


def look(
    session: Session, typed: str = "", page: Page | None = None, who: Actor = EVALUATOR, **how: Any
) -> SearchResult:
    return search(session, who, EMBEDDER, typed, Filters(**how), page or Page())


def found(session: Session, typed: str = "", **how: Any) -> list[str]:
    return [hit.external_id or "" for hit in look(session, typed, **how).hits]


def test_words_are_found_in_any_form_and_what_holds_more_of_them_comes_first(session):
    tell(session, "They cancelled the bus.")
    tell(session, "A bus never came on Sundays.")
    tell(session, "My garden is full of beans.")
    assert found(session, "cancelling bus") == [
        "They cancelled the bus.",
        "A bus never came on Sundays.",
    ]


def test_meaning_is_found_without_a_shared_word(session):
    tell(session, "Bus stopped.")
    tell(session, "My garden is full of beans.")
    result = look(session, "coach cancelled")
    assert [hit.external_id for hit in result.hits] == ["Bus stopped."]
    assert result.hits[0].passages[0].marks == ()


def test_nonsense_finds_nothing(session):
    tell(session, "They cancelled the bus.")
    result = look(session, "blorf wibble")
    assert (result.hits, result.total, result.facets) == ((), 0, ())


def test_a_phrase_must_stand_in_the_story_in_that_order(session):
    tell(session, "The food bank was shut.")
    tell(session, "The bank by the river had food.")
    assert found(session, '"food bank"') == ["The food bank was shut."]
    assert found(session, '"bank food"') == []
    assert found(session, 'river "food bank"') == ["The food bank was shut."]


def test_a_phrase_of_stop_words_binds_nothing(session):
    tell(session, "They cancelled the bus.")
    assert found(session, 'bus "to the"') == ["They cancelled the bus."]


def test_an_unwanted_word_anywhere_in_a_story_keeps_it_out(session):
    tell(session, "The bus came late.", "So I took a taxi.")
    tell(session, "A bus full of football fans.")
    assert found(session, "bus -taxi") == ["A bus full of football fans."]
    assert found(session, '-"football fans"') == ["The bus came late."]
    assert found(session, "-taxi -football") == []


@pytest.mark.parametrize(
    "typed", ["\x00", '"', '""" -', "🎉", "bus' OR 1=1 --", "a & b | !c:*", "\\", "'\\'",
              "x" * 10_000, "word " * 3_000, "the and of",
              "\ud800", "100% _", "-".join(f"w{n}" for n in range(300)), '"bus late" ' * 90,
              "-", "don't", "e\u0301"],
)  # fmt: skip
def test_anything_may_be_typed(session, typed):
    tell(session, "They cancelled the bus.")
    tell(session, " ".join(f"w{n}" for n in range(300)))
    assert look(session, typed).total in (0, 1, 2)


def test_marks_cover_the_matched_words_in_code_points(session):
    tell(session, "🎉 Walks <b>at</b> ten, walking boots on, a talk, a well-walked walk-way & all.")
    passage = look(session, "walk").hits[0].passages[0]
    said = [mark.of(passage.text) for mark in passage.marks]
    assert said == ["Walks", "walking", "walked", "walk"]


def test_a_passage_that_holds_the_signs_we_mark_with_gets_no_marks(session):
    tell(session, "The bus \ue000came\ue001.")
    assert look(session, "bus").hits[0].passages[0].marks == ()


def test_a_story_is_one_hit_with_its_best_passage_first(session):
    tell(session, "It rained all day.", "They cancelled a bus there.", "They cancelled the bus.")
    (hit,) = look(session, "they cancelled the bus").hits
    assert [(p.text, p.start, p.start_ms) for p in hit.passages] == [
        ("They cancelled the bus.", 200, 2000),
        ("They cancelled a bus there.", 100, 1000),
    ]
    assert hit.score >= hit.passages[0].score >= hit.passages[1].score > 0


def test_nothing_typed_shows_all_newest_first(session):
    tell(session, "Old.", told_on="2026-01-01")
    tell(session, "New.", told_on="2026-11-02")
    tell(session, "Between.", told_on="2026-05-05")
    result = look(session)
    assert [h.external_id for h in result.hits] == ["New.", "Between.", "Old."]
    assert result.hits[0].passages[0].text == "New."
    assert found(session, page=Page(limit=1, offset=1)) == ["Between."]
    assert look(session, page=Page(limit=0)).total == 3


@pytest.mark.parametrize("typed", ["bus", "", '"bus"'])
def test_nobody_finds_what_they_may_not_read(session, typed):
    tell(session, "Bus one.", may_learn=False)
    tell(session, "Bus two.", withdrawn_at=now())
    shown = tell(session, "Bus three.")
    assert found(session, typed) == ["Bus three."]
    assert {f.count for f in look(session, typed).facets} == {1}
    for role in (Role.WORKER, Role.ADMIN):
        assert look(session, typed, who=Actor(role=role)).total == 0
    assert look(session, typed, who=NOBODY).facets == ()
    shown.may_learn = False
    session.flush()
    assert found(session, typed) == []


@pytest.mark.parametrize("typed", ["bus", ""])
def test_every_filter_narrows(session, typed):
    tell(
        session, "Bus here.", told_on="2026-03-01", channel=Channel.WORKER,
        place_id=make_place(session, "barton").id, tags="learning+ own-goals-",
        programme_id=make_programme(session, "summer").id,
    )  # fmt: skip
    tell(session, "Bus there.", told_on="2026-06-01", tags="learning-")
    here, there = ["Bus here."], ["Bus there."]
    assert sorted(found(session, typed)) == here + there
    assert found(session, typed, places=("barton",)) == here
    assert found(session, typed, places=("nowhere",)) == []
    assert found(session, typed, programmes=("summer",)) == here
    assert found(session, typed, channels=(Channel.WORKER, Channel.PAPER)) == here
    assert found(session, typed, from_date="2026-06-01") == there
    assert found(session, typed, to_date="2026-03-01") == here
    assert found(session, typed, codes=("learning", "own-goals")) == here
    assert found(session, typed, codes=("learning",), directions=(Direction.MISSING,)) == there
    assert found(session, typed, codes=("own-goals",), directions=(Direction.LIVED,)) == []
    assert sorted(found(session, typed, directions=tuple(Direction))) == here + there


@pytest.mark.parametrize("typed", ["bus", ""])
def test_counts_always_show_both_directions_of_a_code(session, typed):
    tell(session, "Bus one.", tags="learning+ shared-power-")
    tell(session, "Bus two.", tags="learning+")
    tell(session, "Bus three.", tags="learning-", place_id=make_place(session, "barton").id)
    tell(session, "Beans.", tags="learning-", told_on="2020-01-01")

    result = look(
        session, typed, codes=("learning",), directions=(Direction.LIVED,), from_date="2026-01-01"
    )

    assert result.total == 2
    counts = {(f.kind, f.value): f.count for f in result.facets}
    assert counts == {
        ("code", "learning+"): 2, ("code", "learning-"): 1,
        ("code", "shared-power-"): 1, ("code", "shared-power+"): 0,
        ("place", "barton"): 1, ("programme", "thriving"): 3, ("channel", "web"): 3,
    }  # fmt: skip


def test_a_code_in_two_versions_of_a_framework_counts_a_story_once(session):
    story = tell(session, "Bus one.", tags="learning+ good-place+")
    tell(session, "Bus two.", tags="learning+")
    session.add(Tag(story_id=story.id, framework="f@2", code="learning", direction="+", state="x"))
    session.flush()
    counts = {f.value: f.count for f in look(session, "bus").facets if f.kind == "code"}
    assert counts == {"learning+": 2, "learning-": 0, "good-place+": 1, "good-place-": 0}


def test_pages_follow_one_another_without_gap_or_repeat(session):
    for number in range(7):
        tell(session, f"Bus {number}.")
    pages = [look(session, "bus", Page(limit=3, offset=at)) for at in (0, 3, 6, 9)]
    assert [len(page.hits) for page in pages] == [3, 3, 1, 0]
    assert len({hit.story_id for page in pages for hit in page.hits}) == 7
    assert {page.total for page in pages} == {7}


def test_a_full_pool_says_that_there_may_be_more(session, monkeypatch):
    for number in range(5):
        tell(session, f"Bus {number}.")
    assert not look(session, "bus").capped
    monkeypatch.setattr(candidates, "POOL", 3)
    assert look(session, "bus").capped


def test_large_collections_give_the_same_answers_through_the_vector_index(session, monkeypatch):
    for number in range(40):
        tell(session, f"The bus number {number} was late.", tags="learning+")
    tell(session, "A bus in Barton.", place_id=make_place(session, "barton").id)

    def answers() -> list[tuple[int, set[str]]]:
        asked = [
            look(session, "late bus -7"), look(session, "bus", places=("barton",)),
            look(session, '"bus number" late -"in barton"'), look(session, '"in barton" bus'),
        ]  # fmt: skip
        return [(one.total, {hit.story_id for hit in one.hits}) for one in asked]

    exact = answers()
    assert [total for total, _ in exact] == [39, 1, 40, 1]
    monkeypatch.setattr(candidates, "FEW_STORIES", -1)
    monkeypatch.setattr(narrow, "FEW_STORIES", -1)
    monkeypatch.setattr(candidates, "FEW_PASSAGES", 0)
    through_index = answers()
    assert [total for total, _ in through_index] == [39, 1, 40, 1]
    assert [through_index[n] for n in (1, 3)] == [exact[n] for n in (1, 3)]
    assert look(session, "bus").capped


def test_vectors_of_another_model_are_not_compared(session):
    tell(session, "Bus stopped.")
    other = WordBag(model_id="another")
    by_meaning = search(session, EVALUATOR, other, "coach cancelled", Filters())
    by_words = search(session, EVALUATOR, other, "bus", Filters())
    assert (by_meaning.total, by_words.total) == (0, 1)


def test_a_refused_story_that_holds_a_word_changes_nothing_of_the_answer(session):
    tell(session, "The garden is open to all of us.", "We sat in the sun.")
    tell(session, "The lift is broken.", "Nobody came to the garden.")
    tell(session, "The bus stopped.")

    def answer() -> list[tuple[str, float]]:
        return [(hit.title, hit.score) for hit in look(session, "garden xyloquartz").hits]

    before = answer()
    assert before
    tell(session, "A xyloquartz stands in the garden.", may_learn=False)
    tell(session, "Another xyloquartz, taken back.", withdrawn_at=now())
    assert answer() == before

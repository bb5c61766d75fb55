import uuid
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from storybank.db import transaction
from storybank.tables import SideStep, Story, Tag
from storybank.values import Role
from tests.staff import sign_in, tell, use_hash_embedder

pytestmark = pytest.mark.database

MOST_ASKED = 16
"""Statements of one page of search; where the current version is looked up, one is among them."""


@pytest.fixture(autouse=True)
def _signed_in(app, client, engine):
    use_hash_embedder(app)
    sign_in(client, engine, Role.EVALUATOR)


def _hits(page):
    return [e.text.strip() for e in page.all("h2", class_="sb-hit__title")]


def test_an_empty_bank_says_so(pages):
    page = pages.get("/search")
    assert "There are no stories yet" in page.words()
    assert "Nothing was found" not in page.words()


def test_words_are_found_and_marked_with_their_reason(pages, engine, desk):
    tell(engine, desk, "The bus never comes. Anna Smith waits with me.")
    tell(engine, desk, "We planted apples by the school.")
    page = pages.get("/search?q=bus")

    assert _hits(page)[0].startswith("The bus never comes.")
    assert [m.text for m in page.all("mark")] == ["bus"]
    assert "[person 1]" in page.source
    assert "Anna" not in page.source
    assert "missing: Services that adapt (suggested)" in page.words().replace("− ", "").replace(
        "−", ""
    )


def test_words_found_by_meaning_alone_say_so(pages, engine, desk):
    tell(engine, desk, "The bus never comes.")
    by_word = pages.get("/search?q=bus")
    assert by_word.all("mark")
    assert "similar meaning" not in by_word.words()
    by_meaning = pages.get("/search?q=the")  # no word of the index, and a part of the vector
    assert _hits(by_meaning)
    assert not by_meaning.all("mark")
    assert "similar meaning" in by_meaning.words()
    assert "similar meaning" not in pages.get("/search").words()


def test_stories_found_without_any_of_the_words_are_not_taken_for_stories_about_them(
    pages, engine, desk
):
    tell(engine, desk, "We planted apples by the school.")
    known = pages.get("/search?q=apple+the")
    assert "None of these stories holds the words" not in known.words()
    strange = pages.get("/search?q=zzqqx+the")
    assert _hits(strange)
    assert "None of these stories holds the words that you typed" in strange.words()


def test_nothing_found_says_what_to_try(pages, engine, desk):
    tell(engine, desk, "The bus never comes.")
    words = pages.get('/search?q="zebra moon"&direction=%2B').words()
    assert 'Nothing was found for: "zebra moon"' in words
    assert "Take the quotation marks away" in words
    assert "both directions" in words


def test_filters_are_chips_that_can_be_taken_away_and_counts_show_both_ways(pages, engine, desk):
    tell(engine, desk, "The bus never comes.")
    tell(engine, desk, "We planted apples.")
    with transaction(engine) as session:
        story = session.exec(select(Story).where(Story.title == "We planted apples.")).one()
        session.add(Tag(story_id=story.id, framework="thriving-communities@1",
                        code="aim-adapting", direction="+", state="confirmed"))  # fmt: skip
    page = pages.get("/search?q=bus&code=aim-adapting&direction=-&place=blackbird-leys")

    assert _hits(page) == ["The bus never comes."]
    chips = {e.text: e["href"] for e in page.all("a", class_="sb-set__chip")}
    assert [c.removeprefix("Take away ").removesuffix(" ×") for c in chips] == [
        "Services that adapt", "Only missing", "Blackbird Leys"
    ]  # fmt: skip
    assert "Services that adapt: 2 stories read by version 1: 1 lived, 1 missing" in page.words()
    less = pages.get(next(href for chip, href in chips.items() if "Services" in chip))
    assert len(less.all("a", class_="sb-set__chip")) == 2


def test_a_part_is_in_the_whole(pages, engine, desk):
    tell(engine, desk, "The bus never comes.")
    part = pages.part("/search?q=bus")
    assert _hits(part) == ["The bus never comes."]
    assert not part.all("input", id="q")


def test_pages_lead_on_and_back(pages, engine, desk, monkeypatch):
    monkeypatch.setattr("web.routes.search.PER_PAGE", 2)
    for number in range(3):
        tell(engine, desk, f"Story number {number} of the estate.")
    first = pages.get("/search?programme=thriving")
    second = pages.get(first.one("a", rel="next")["href"])
    assert len(_hits(first)) == 2
    assert len(_hits(second)) == 1
    assert second.one("a", rel="prev")["href"] == "/search?programme=thriving"
    assert "page 2 of 2" in second.words()


def test_a_page_after_the_last_leads_to_the_last(pages, client, engine, desk, monkeypatch):
    monkeypatch.setattr("web.routes.search.PER_PAGE", 2)
    for number in range(3):
        tell(engine, desk, f"Story number {number} of the estate.")
    past = "/search?programme=thriving&page=3"
    assert client.get(past, follow_redirects=False).headers["location"] == (
        "/search?programme=thriving&page=2"
    )
    assert "page 2 of 2" in pages.get(past).words()
    assert "Nothing was found" in pages.get("/search?q=-story&page=9").words()


@pytest.mark.parametrize("query", [
    "q=%00&code=nope&direction=x&place=%00&channel=z&from=31/2/2026&to=never&page=-3",
    "q=" + "x" * 3000, "q=%22%22%22-&page=99999999999999999999", "q=-only&from=3/11/2026",
])  # fmt: skip
def test_odd_addresses_do_no_harm(pages, engine, desk, query):
    tell(engine, desk, "The bus never comes.")
    pages.get(f"/search?{query}")


def test_a_story_in_need_of_help_is_told_of(pages, engine, desk):
    story_id = tell(engine, desk, "The bus never comes.")
    with transaction(engine) as session:
        story = session.get_one(Story, uuid.UUID(story_id))
        story.state, story.problem = "needs_help", "NothingHeard"
        session.add_all([story, SideStep(story_id=story.id, step="voices", problem="NoRoom")])
    assert "1 story needs help" in pages.get("/search").words()


def test_a_page_asks_the_database_a_few_things_and_counts_no_bank(pages, engine, desk):
    tell(engine, desk, "The bus never comes.")
    pages.get("/search?q=bus")  # what is looked up once is known then
    asked = []

    def note(*it: Any) -> None:
        asked.append(it[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        pages.get("/search?q=bus")
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert len(asked) <= MOST_ASKED
    assert not [words for words in asked if "read_by" in words], "no code was asked for"

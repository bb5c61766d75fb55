"""An evaluator sees all readings of a story side by side, and whose words are whose."""

import json
import uuid
from io import StringIO

import pytest
from sqlmodel import select

from storybank import coding, pipeline
from storybank.access import Actor
from storybank.capture import corrections
from storybank.capture.own_story import ReadAs, answer_again, disagree
from storybank.db import reading, transaction
from storybank.evidence.export import exportable, write_csv, write_jsonl
from storybank.framework import load_framework
from storybank.sealed import seal
from storybank.search.retrieve import search
from storybank.tables import Coding, Note, Story, SuggestionRow, Tag
from storybank.values import Direction, Filters, Role, Use
from storybank.vault import note_context, story_key
from tests.clips import recording, tone
from tests.factories import make_person
from tests.fakes import HashEmbedder, make_workshop
from tests.staff import sign_in, tell

pytestmark = pytest.mark.database

SAID = "The bus never comes. Was the Zanzibar bus late? Anna Smith drives us."
GOVERNANCE = Actor(role=Role.GOVERNANCE)


@pytest.fixture
def evaluator(client, engine):
    return sign_in(client, engine, Role.EVALUATOR)


@pytest.fixture
def story(engine, desk, evaluator):
    return tell(engine, desk, SAID, recording=recording(tone(7), "wav"))


def correct(engine, desk, story_id, edits, speakers=None):
    with transaction(engine) as session:
        row = session.get_one(Story, uuid.UUID(story_id))
        corrections.apply(session, desk, row, edits, speakers or {})
    pipeline.understand(make_workshop(engine, desk), uuid.UUID(story_id))


def confirm_first(engine, evaluator) -> None:
    with transaction(engine) as session:
        found = session.exec(select(SuggestionRow.id).order_by(SuggestionRow.start)).first()
        coding.decide(session, evaluator, found, "confirmed")


def write_note(engine, desk, story_id, words) -> None:
    with transaction(engine) as session:
        row = session.get_one(Story, uuid.UUID(story_id))
        worker = make_person(session, Role.WORKER, name="Wren")
        key = story_key(desk.keyring, row)
        sealed = seal(key, words.encode(), note_context(row.id))
        session.add(Note(story_id=row.id, person_id=worker.id, sealed=sealed, read_back=True))


def exported(engine, use, write=write_jsonl) -> str:
    out = StringIO()
    with reading(engine) as session:
        write(exportable(session, GOVERNANCE, use), out)
    return out.getvalue()


def tags(engine) -> list[tuple[str, str]]:
    with reading(engine) as session:
        return [(t.code, t.state) for t in session.exec(select(Tag))]


def test_what_the_worker_asks_is_shown_as_theirs_and_is_evidence_of_nothing(
    pages, engine, desk, story
):
    correct(engine, desk, story, {}, {1: "worker", 2: "teller"})
    page = pages.get(f"/stories/{story}")
    passages = [" ".join(e.text.split()) for e in page.all("p", class_="sb-passage__words")]
    assert passages == [
        "The bus never comes.", "The worker asks: Was the Zanzibar bus late?",
        "[person 1] drives us.",
    ]  # fmt: skip
    assert len(page.all("p", class_="sb-passage__words")) == 3
    assert len([e for e in page.elements if e["data-passage"]]) == 2
    assert [e.text.strip() for e in page.all("blockquote")] == ["“The bus never comes.”"]
    with reading(engine) as session:
        assert search(session, GOVERNANCE, HashEmbedder(), "Zanzibar", Filters()).total == 0
    for use in (Use.LEARN, Use.QUOTE):
        assert "Zanzibar" not in exported(engine, use)
        assert "Zanzibar" not in exported(engine, use, write_csv)


def test_a_decision_follows_its_words_through_a_correction(pages, engine, desk, story, evaluator):
    confirm_first(engine, evaluator)
    correct(engine, desk, story, {1: "They asked us. Nobody else did."})
    with reading(engine) as session:
        assert session.exec(select(Coding.transcript_id)).one() == 1
    assert tags(engine) == [("aim-adapting", "confirmed")]
    page = pages.get(f"/stories/{story}")
    assert "Confirmed by you" in page.words()
    assert "no longer in the story" not in page.words()
    assert page.all("span", class_="sb-read--missing")[0].text == "The bus never comes."


def test_a_decision_whose_words_are_gone_says_so_and_counts_nowhere(
    pages, engine, desk, story, evaluator
):
    confirm_first(engine, evaluator)
    correct(engine, desk, story, {0: "The tram never comes.", 1: ""})
    assert tags(engine) == []
    page = pages.get(f"/stories/{story}")
    assert "no longer in the story" in page.one("p", class_="sb-tagged__unfit").text.replace(
        "\n", " "
    )
    assert "Confirmed by you" in " ".join(page.words().split())
    assert not page.all("span", class_="sb-read")
    assert "bus" not in exported(engine, Use.QUOTE)
    correct(engine, desk, story, {0: "The bus never comes."})
    assert tags(engine) == [("aim-adapting", "confirmed")]


def test_a_decision_on_what_turns_out_to_be_the_workers_words_counts_no_more(
    engine, desk, story, evaluator
):
    confirm_first(engine, evaluator)
    correct(engine, desk, story, {}, {0: "worker", 1: "worker"})
    assert tags(engine) == []


def test_the_tellers_answers_and_disagreement_stand_beside_the_tag(
    pages, engine, desk, settings, story
):
    framework = load_framework("thriving-communities@1")
    with transaction(engine) as session:
        row = session.get_one(Story, uuid.UUID(story))
        answer_again(session, row, {"with-or-to": ["to"], "overall": ["bad"]})
        disagree(session, row, ReadAs(framework, "aim-adapting", Direction.MISSING), wrong=True)
        for direction, code in ((Direction.MISSING, "doing-with"), (Direction.LIVED, "doing-with")):
            found = session.exec(select(SuggestionRow)).first()
            values = found.model_dump(exclude={"id"}) | {"code": code, "direction": direction}
            session.add(SuggestionRow(**values))
    page = pages.get(f"/stories/{story}")
    cards = page.all("li", class_="sb-tagged")
    said = [" ".join(card.text.split()) for card in cards]
    (disputed,) = [s for s in said if "The teller disagrees" in s and "Disagrees" in s][:1]
    assert "Says so too" not in disputed
    assert sum("Says so too: Were things done with you, or to you? “To me”" in s for s in said) == 1
    assert sum("Says the opposite: Were things" in s for s in said) == 1
    own = " ".join(page.one("dl", class_="sb-own__answers").text.split())
    assert "Was it mostly good, bad or both? Mostly bad" in own
    assert tags(engine) == [("aim-adapting", "suggested")]


def test_a_note_is_shown_apart_masked_and_leaves_only_to_those_who_learn(
    pages, engine, desk, story
):
    write_note(engine, desk, story, "Anna Smith wept over Marzipan.")
    assert "Marzipan" not in pages.get(f"/stories/{story}").source
    pipeline.understand(make_workshop(engine, desk), uuid.UUID(story))
    page = pages.get(f"/stories/{story}")
    assert page.one("p", class_="sb-note__words").text == "[person 1] wept over Marzipan."
    assert "read the story back" not in page.words(), "it is a recording: nobody read it"
    assert all("Marzipan" not in p.text for p in page.all("p", class_="sb-passage__words"))
    with reading(engine) as session:
        assert search(session, GOVERNANCE, HashEmbedder(), "Marzipan", Filters()).total == 0
    (told,) = exported(engine, Use.LEARN).splitlines()
    assert json.loads(told)["worker_note"] == "[person 1] wept over Marzipan."
    assert "Marzipan" not in json.loads(told)["text"]
    for use in set(Use) - {Use.LEARN}:
        assert "worker_note" not in exported(engine, use)
    assert "Marzipan" not in exported(engine, Use.LEARN, write_csv)

"""A name that stands in a worker's note only is hidden, shown and brought back by hand."""

import uuid

import pytest
from sqlmodel import select

from storybank import jobs, masking, pipeline
from storybank.capture import corrections
from storybank.db import reading, transaction
from storybank.errors import BadSelection, Conflict, NotFound
from storybank.evidence.export import exportable
from storybank.evidence.masks import cards, runs, waiting
from storybank.evidence.story import view_story
from storybank.rereading import read_again
from storybank.tables import MaskDecision, Note, PassageRow, Redaction, Story
from storybank.values import Channel, Role, Span, Use
from tests.database.test_masking import act, someone
from tests.fakes import make_workshop
from tests.staff import tell

pytestmark = pytest.mark.database

TOLD = "The bus never comes. Anna Smith drives us."
NOTE = "Wilma let us in, as did Anna Smith. Then wilma cried."
MASKED = "Wilma let us in, as did [person 1]. Then wilma cried."
HIDDEN = "[person 1] let us in, as did [person 2]. Then [person 1] cried."
WILMA, ANNA = Span(0, 5), Span(24, 34)


@pytest.fixture
def shop(engine, desk):
    return make_workshop(engine, desk)


@pytest.fixture
def officer(engine):
    return someone(engine, Role.GOVERNANCE)


@pytest.fixture
def story_id(engine, desk):
    worker = someone(engine, Role.WORKER)
    more = {"channel": Channel.WORKER, "note": NOTE, "sent_by": str(worker.person_id)}
    return uuid.UUID(tell(engine, desk, TOLD, **more))


def side(engine, desk, officer, story_id):
    """Give the note as somebody sees it who goes through the masks."""
    return act(engine, desk, masking.open_story, officer, story_id).sides[-1]


def shown(engine, desk, story_id):
    """Give the note as evaluators read it, on the story's page and in an export."""
    evaluator = someone(engine, Role.EVALUATOR)
    with reading(engine) as session:
        (note,) = view_story(session, desk.keyring, evaluator, story_id).notes
        (row,) = exportable(session, evaluator, Use.LEARN)
    assert row.worker_note == note.words
    return note.words


def told(engine):
    with reading(engine) as session:
        return " ".join(p.text for p in session.exec(select(PassageRow).order_by(PassageRow.id)))


def test_a_name_in_a_note_only_is_hidden_at_once_and_stays_so_until_that_is_undone(
    engine, desk, shop, story_id, officer
):
    assert shown(engine, desk, story_id) == MASKED
    before = told(engine)

    assert act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person") == 2

    assert shown(engine, desk, story_id) == HIDDEN
    assert told(engine) == before
    pipeline.understand(shop, story_id)
    assert shown(engine, desk, story_id) == HIDDEN
    opened = act(engine, desk, masking.open_story, officer, story_id)
    wilma = next(card for card in cards(opened) if card.words == "Wilma")
    note = opened.sides[-1]
    assert (wilma.side, wilma.state, wilma.places) == (note.name, "accepted", 2)
    assert "".join(run.words for run in runs(note, cards(opened))) == NOTE

    act(engine, desk, masking.undo, officer, story_id, wilma.span, side=wilma.side)
    assert shown(engine, desk, story_id) == HIDDEN, "until the rules have been run"
    pipeline.understand(shop, story_id)
    assert shown(engine, desk, story_id) == MASKED
    with reading(engine) as session:
        rows = session.exec(select(MaskDecision)).all()
    assert [(d.transcript_id, d.undone_at is None) for d in rows] == [(None, False)] * 2


def test_a_mask_of_a_note_is_taken_off_there_and_nowhere_else(
    engine, desk, shop, story_id, officer
):
    name = side(engine, desk, officer, story_id).name
    with pytest.raises(NotFound):
        act(engine, desk, masking.take_off, officer, story_id, WILMA, side=name)

    act(engine, desk, masking.take_off, officer, story_id, ANNA, side=name)
    for _ in range(2):
        assert shown(engine, desk, story_id) == NOTE
        assert "[person 1] drives us." in told(engine)
        pipeline.understand(shop, story_id)

    act(engine, desk, masking.undo, officer, story_id, ANNA, side=name)
    assert shown(engine, desk, story_id) == MASKED
    pipeline.understand(shop, story_id)
    assert shown(engine, desk, story_id) == MASKED


def test_a_name_hidden_in_a_note_is_hidden_where_the_teller_adds_it_later(
    engine, desk, shop, story_id, officer
):
    act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person")
    with transaction(engine) as session:
        corrections.append(session, desk, session.get_one(Story, story_id), "Wilma was there.")
    pipeline.understand(shop, story_id)

    assert "[person 2] was there." in told(engine)
    assert shown(engine, desk, story_id) == HIDDEN


def test_all_masks_of_a_note_are_accepted_with_the_story(engine, desk, story_id, officer):
    with reading(engine) as session:
        assert [(w.masks, w.unsure) for w in waiting(session, officer)[0]] == [(2, 0)]

    act(engine, desk, masking.finish, officer, story_id)

    with reading(engine) as session:
        rows = session.exec(select(MaskDecision)).all()
        assert [r.sure for r in session.exec(select(Redaction))] == [1.0, 1.0]
        assert waiting(session, officer) == ([], 0)
    assert sorted(d.note_id is None for d in rows) == [False, True]
    opened = act(engine, desk, masking.open_story, officer, story_id)
    assert [(c.words, c.state, c.side) for c in cards(opened)] == [
        ("Anna Smith", "accepted", "told")
    ]


def test_nothing_is_decided_about_a_note_that_was_masked_anew_since_it_was_seen(
    engine, desk, shop, story_id, officer
):
    seen = act(engine, desk, masking.open_story, officer, story_id).mark
    act(engine, desk, masking.refuse_changed, officer, story_id, seen)
    with transaction(engine) as session:
        session.exec(select(Note)).one().rules_id = "named-2"

    with pytest.raises(Conflict):
        act(engine, desk, masking.refuse_changed, officer, story_id, seen)


def test_a_note_masked_before_its_masks_were_kept_is_masked_anew_once_it_is_opened(
    engine, desk, shop, story_id, officer
):
    with transaction(engine) as session:  # as the migration leaves it
        note = session.exec(select(Note)).one()
        note.rules_id = None
        for row in session.exec(select(Redaction).where(Redaction.note_id == note.id)):
            session.delete(row)
    assert read_again(engine, "named-1", dry_run=True) == 1

    assert side(engine, desk, officer, story_id).waits
    with transaction(engine) as session:
        assert jobs.waits(session, jobs.UNDERSTAND, story_id)
    with pytest.raises(Conflict):
        act(engine, desk, masking.finish, officer, story_id)
    act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person")
    assert "ilma" not in shown(engine, desk, story_id)
    assert "Anna" not in shown(engine, desk, story_id)

    pipeline.understand(shop, story_id)
    assert not side(engine, desk, officer, story_id).waits
    assert read_again(engine, "named-1", dry_run=True) == 0
    assert shown(engine, desk, story_id) == HIDDEN
    act(engine, desk, masking.finish, officer, story_id)


def test_words_that_stand_nowhere_are_refused(engine, desk, story_id, officer):
    with pytest.raises(BadSelection):
        act(engine, desk, masking.mask_words, officer, story_id, "Zora", "person")


def test_a_note_in_another_language_is_withheld_also_once_somebody_masked_more(
    engine, desk, shop, officer
):
    """The rules for names read English: in Polish they miss some, and nobody would know."""
    worker = someone(engine, Role.WORKER)
    words = "Wpuściła nas Wilma z 12 Anna Smith."
    more = {"channel": Channel.WORKER, "note": words, "sent_by": str(worker.person_id)}
    story_id = uuid.UUID(tell(engine, desk, TOLD, **more))
    evaluator = someone(engine, Role.EVALUATOR)

    def seen():
        with reading(engine) as session:
            (note,) = view_story(session, desk.keyring, evaluator, story_id).notes
            (row,) = exportable(session, evaluator, Use.LEARN)
        return note.words, note.language, row.worker_note

    assert seen() == ("", "pl", None)
    assert side(engine, desk, officer, story_id).words == words, "who goes through masks sees it"
    assert side(engine, desk, officer, story_id).masks == (), "names are not guessed at"
    act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person")
    assert seen() == ("", "pl", None)
    pipeline.understand(shop, story_id)
    assert seen() == ("", "pl", None)
    assert [m.span.of(words) for m in side(engine, desk, officer, story_id).masks] == ["Wilma"]

import pytest
from sqlmodel import select

from storybank import coding, db
from storybank.access import Actor
from storybank.coding import NewTag, Selection
from storybank.errors import BadSelection, NotAllowed, NotFound, UnknownCode
from storybank.evidence.readings import Text, tags_of
from storybank.evidence.story import view_story
from storybank.evidence.tally import both_directions
from storybank.framework import load_framework
from storybank.tables import (
    AuditEntry,
    Coding,
    PassageRow,
    Redaction,
    SuggestionRow,
    Tag,
    TranscriptRow,
)
from storybank.values import Direction, Filters, Role
from tests.factories import make_person, make_story

pytestmark = pytest.mark.database

THRIVING = load_framework("thriving-communities@1")
TOLD = "Rosa asked us 😀 what we want. Then nothing."
MASKED = "[name] asked us 😀 what we want. Then nothing."


@pytest.fixture
def ada(engine):
    with db.transaction(engine) as session:
        return Actor(make_person(session).id, Role.EVALUATOR, "Ada")


@pytest.fixture
def passage(engine):
    """A passage whose first word as told is a masked name; one suggestion stands on it."""
    with db.transaction(engine) as session:
        story = make_story(session, MASKED)
        row = session.exec(select(PassageRow)).one()
        row.end = len(TOLD)
        session.add(row)
        session.add(Redaction(transcript_id=row.transcript_id, start=0, end=4, kind="name",
                              placeholder="[name]", rules_id="test"))  # fmt: skip
        session.add(SuggestionRow(
            story_id=story.id, transcript_id=row.transcript_id, framework=THRIVING.name,
            code="doing-with", direction="+", start=0, end=29,
            quote="[name] asked us 😀 what we want.", score=0.7, model_id="test"))  # fmt: skip
        return row


def _suggestion(session):
    return session.exec(select(SuggestionRow)).one()


def _tags(session):
    return {(t.code, t.direction): t.state for t in session.exec(select(Tag))}


def _add(session, keyring, actor, passage, words, *offsets, code="doing-with", direction="+"):
    tag = NewTag(THRIVING, code, Direction(direction))
    return coding.add(session, keyring, actor, Selection(passage.id, words, *offsets), tag)


def test_a_confirmed_suggestion_is_a_confirmed_tag_and_the_suggestion_stays(engine, ada, passage):
    with db.transaction(engine) as session:
        made = coding.decide(session, ada, _suggestion(session).id, "confirmed")
        again = coding.decide(session, ada, _suggestion(session).id, "confirmed")

        assert again.id == made.id
        assert (made.start, made.end, made.quote) == (0, 29, _suggestion(session).quote)
        assert _tags(session) == {("doing-with", "+"): "confirmed"}
        assert [e.act for e in session.exec(select(AuditEntry))] == ["code-confirmed"]


def test_a_rejected_suggestion_is_no_tag_until_it_is_taken_back(engine, ada, passage):
    with db.transaction(engine) as session:
        made = coding.decide(session, ada, _suggestion(session).id, "rejected")
        assert _tags(session) == {}
        coding.undo(session, ada, made.id)
        assert _tags(session) == {("doing-with", "+"): "suggested"}
        assert session.get_one(Coding, made.id).undone_at is not None


def test_a_change_of_mind_keeps_the_first_decision_as_undone(engine, ada, passage):
    with db.transaction(engine) as session:
        first = coding.decide(session, ada, _suggestion(session).id, "confirmed")
        second = coding.decide(session, ada, _suggestion(session).id, "rejected")
        assert first.undone_at is not None
        assert [c.id for c in coding.standing(session, second.story_id)] == [second.id]


def test_two_people_decide_side_by_side(engine, keyring, ada, passage):
    with db.transaction(engine) as session:
        ben = Actor(make_person(session, name="Ben").id, Role.EVALUATOR, "Ben")
        coding.decide(session, ada, _suggestion(session).id, "rejected")
        bens = coding.decide(session, ben, _suggestion(session).id, "confirmed")

        (tag,) = view_story(session, keyring, ada, bens.story_id).tags
        assert [(d.coding.decision, d.mine) for d in tag.decisions] == [
            ("rejected", True), ("confirmed", False)
        ]  # fmt: skip
        assert tag.suggestion.score == pytest.approx(0.7)
        with pytest.raises(NotAllowed):
            coding.undo(session, ada, bens.id)


def test_a_rejection_stands_beside_the_new_reading_that_quotes_a_neighbour_too(
    engine, keyring, ada, passage
):
    with db.transaction(engine) as session:
        made = coding.decide(session, ada, _suggestion(session).id, "rejected")
        newer = TranscriptRow(story_id=made.story_id, version=2, source="corrected", sealed=b"",
                              masked="It rained. " + MASKED, rules_id="test")  # fmt: skip
        session.add(newer)
        session.flush()
        session.add(SuggestionRow(
            story_id=made.story_id, transcript_id=newer.id, framework=THRIVING.name,
            code="doing-with", direction="+", start=0, end=40,
            quote=f"It rained. {made.quote}", score=0.7, model_id="test"))  # fmt: skip
        session.flush()

        rows = [Text(newer, (), ())]
        (tag,) = tags_of(session, ada, made.story_id, rows)
        assert tag.quote == f"It rained. {made.quote}"
        assert [d.coding.id for d in tag.decisions] == [made.id]


def test_selected_words_stand_in_the_story_as_told(engine, keyring, ada, passage):
    start = len(MASKED[: MASKED.index("what")].encode("utf-16-le")) // 2
    with db.transaction(engine) as session:
        made = _add(session, keyring, ada, passage, "what we want", start, start + 12)

    assert TOLD[made.start : made.end] == "what we want"
    assert (made.quote, made.decision) == ("what we want", "added")


def test_a_selection_that_cuts_a_placeholder_takes_the_whole_of_it(engine, keyring, ada, passage):
    with db.transaction(engine) as session:
        made = _add(session, keyring, ada, passage, "me] asked", 3, 12)

    assert made.quote == "[name] asked"
    assert TOLD[made.start : made.end] == "Rosa asked"


def test_typed_words_are_found_whatever_their_capitals_and_spaces(engine, keyring, ada, passage):
    with db.transaction(engine) as session:
        made = _add(session, keyring, ada, passage, " THEN  nothing ", direction="-")
        assert made.quote == "Then nothing"
        assert _tags(session)["doing-with", "-"] == "confirmed"


@pytest.mark.parametrize(("words", "offsets"), [
    ("not in it", ()), ("", ()), ("...", ()), (" ", (6, 7)), ("asked", (0, 5)), ("x", (0, 900)),
])  # fmt: skip
def test_words_that_do_not_stand_there_are_refused(engine, keyring, ada, passage, words, offsets):
    with pytest.raises(BadSelection), db.transaction(engine) as session:
        _add(session, keyring, ada, passage, words, *offsets)


def test_unknown_codes_and_rows_are_refused(engine, keyring, ada, passage):
    with db.transaction(engine) as session:
        with pytest.raises(UnknownCode):
            _add(session, keyring, ada, passage, "what", code="no-such-code")
        with pytest.raises(NotFound):
            coding.decide(session, ada, 999, "confirmed")
        with pytest.raises(NotFound):
            coding.undo(session, ada, 999)
        passage.id = 999
        with pytest.raises(NotFound):
            _add(session, keyring, ada, passage, "what")


@pytest.mark.parametrize("role", [Role.WORKER, Role.GOVERNANCE, Role.ADMIN])
def test_only_evaluators_code(engine, keyring, passage, role):
    with db.transaction(engine) as session:
        other = Actor(make_person(session, role).id, role)
        with pytest.raises(NotAllowed):
            coding.decide(session, other, _suggestion(session).id, "confirmed")
        with pytest.raises(NotAllowed):
            _add(session, keyring, other, passage, "what we want")
        with pytest.raises(NotAllowed):
            coding.undo(session, other, 1)


def test_nobody_codes_a_story_that_may_not_be_read(engine, keyring, ada):
    with db.transaction(engine) as session:
        make_story(session, "what we want", may_learn=False)
        passage = session.exec(select(PassageRow)).one()
        with pytest.raises(NotFound):
            _add(session, keyring, ada, passage, "what we want")


def test_the_pieces_of_a_passage_are_its_text_and_show_both_directions(
    engine, keyring, ada, passage
):
    with db.transaction(engine) as session:
        made = _add(session, keyring, ada, passage, "Then nothing", direction="-")
        (shown,) = view_story(session, keyring, ada, made.story_id).passages

    assert "".join(piece.text for piece in shown.pieces) == MASKED
    read = {piece.text: {str(d) for d in piece.directions} for piece in shown.pieces}
    assert read["[name] asked us 😀 what we want."] == {"+"}
    assert read["Then nothing"] == {"-"}


def test_both_directions_are_counted_whatever_was_searched_for(engine, ada):
    with db.transaction(engine) as session:
        for text, ways in [("one", "+"), ("two", "+-"), ("three", "-"), ("four", "")]:
            story = make_story(session, text)
            for way in ways:
                session.add(Tag(story_id=story.id, framework=THRIVING.name, code="doing-with",
                                direction=way, state="suggested"))  # fmt: skip
        hidden = make_story(session, "five", may_learn=False)
        session.add(Tag(story_id=hidden.id, framework=THRIVING.name, code="doing-with",
                        direction="+", state="suggested"))  # fmt: skip
        session.flush()
        narrow = Filters(codes=("doing-with",), directions=(Direction.LIVED,))
        (tally,) = both_directions(session, ada, narrow, ["doing-with"])

    assert (tally.read, tally.lived, tally.missing) == (4, 2, 2)


def test_the_transcript_row_of_a_story_is_never_changed_by_coding(engine, keyring, ada, passage):
    with db.transaction(engine) as session:
        before = session.exec(select(TranscriptRow.sealed, TranscriptRow.masked)).one()
        _add(session, keyring, ada, passage, "what we want")
        assert session.exec(select(TranscriptRow.sealed, TranscriptRow.masked)).one() == before

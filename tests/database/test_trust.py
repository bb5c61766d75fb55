"""What may have been misheard is held back until somebody has checked it."""

import io
import json

import pytest
from sqlmodel import select

from storybank import coding, listening, pipeline
from storybank.access import Actor
from storybank.capture import corrections, so_far
from storybank.capture.checks import checked_spans, unchecked
from storybank.capture.intake import receive
from storybank.capture.lines import lines_of
from storybank.capture.local_words import add_words, local_words, remove_word, rows_of
from storybank.db import reading, transaction
from storybank.errors import BadInput, NotAllowed, Unchecked
from storybank.evidence.export import exportable, write_jsonl
from storybank.evidence.story import view_story
from storybank.evidence.tally import both_directions
from storybank.index.doubted import is_held
from storybank.index.trust import say_right, say_unsure
from storybank.learning.lessons import lessons_of
from storybank.search.retrieve import search
from storybank.tables import Coding, Doubt, SoFar, Story, SuggestionRow, Tag, TranscriptRow
from storybank.values import (
    Channel,
    ConsentGiven,
    Filters,
    NewStory,
    Role,
    Span,
    Use,
)
from storybank.vault import open_transcript, story_key
from tests.clips import recording, tone
from tests.factories import make_passages, make_person, make_programme, make_story
from tests.fakes import CannedTranscriber, HashEmbedder, make_workshop

pytestmark = pytest.mark.database

HEARD = "The bus never comes. We cook together."
YES = ConsentGiven(learn=True, quote=True, voice=True)
READER = Actor(role=Role.EVALUATOR)


@pytest.fixture
def tell(engine, desk):
    """Tell a spoken story that is heard by `hearing`, and read it; gives workshop and id."""

    def told(hearing):
        with transaction(engine) as session:
            make_programme(session)
            sound = recording(tone(1), "ogg")
            story_id = receive(session, desk, NewStory(YES, Channel.WEB, recording=sound)).story_id
        shop = make_workshop(engine, desk)
        object.__setattr__(shop, "transcriber", hearing)
        listening.transcribe(shop, story_id)
        listening.tell_voices(shop, story_id)
        listening.translate(shop, story_id)
        pipeline.understand(shop, story_id)
        return shop, story_id

    return told


def doubtful(**more):
    return CannedTranscriber(HEARD, flags=("low-confidence",), **more)


def tags(engine, story_id):
    with reading(engine) as session:
        return {t.code for t in session.exec(select(Tag).where(Tag.story_id == story_id))}


def exported(engine):
    with transaction(engine) as session:
        out = io.StringIO()
        write_jsonl(exportable(session, READER, Use.QUOTE), out)
    return json.loads(out.getvalue())


def test_a_tag_on_misheard_words_counts_nowhere_until_they_are_checked(engine, tell):
    _, story_id = tell(doubtful())

    assert tags(engine, story_id) == set()
    row = exported(engine)
    assert (row["tags"], row["unchecked"]) == ([], 1)
    with reading(engine) as session:
        assert session.exec(select(SuggestionRow)).one().quote == "The bus never comes."
        assert both_directions(session, READER, Filters(), ["aim-adapting"])[0].missing == 0
        found = search(session, READER, HashEmbedder(), "bus", Filters())
        assert [p.unchecked for hit in found.hits for p in hit.passages] == [True]
        assert (
            search(session, READER, HashEmbedder(), "", Filters(codes=("aim-adapting",))).total == 0
        )

    with transaction(engine) as session:
        story = session.get_one(Story, story_id)
        newest = corrections.newest(session, story_id)
        say_right(session, story, newest, Span(0, 20), None)

    assert tags(engine, story_id) == {"aim-adapting"}
    row = exported(engine)
    assert ([tag["quote"] for tag in row["tags"]], row["unchecked"]) == (
        ["The bus never comes."],
        0,
    )

    with transaction(engine) as session:
        story = session.get_one(Story, story_id)
        say_unsure(session, story, corrections.newest(session, story_id), Span(0, 20), None)
    assert tags(engine, story_id) == set()


def test_nobody_can_vouch_for_a_code_on_unchecked_words(engine, tell, desk):
    _, story_id = tell(doubtful())
    with transaction(engine) as session:
        person = make_person(session)
        actor = Actor(person.id, Role.EVALUATOR)
        suggestion = session.exec(select(SuggestionRow)).one()
        with pytest.raises(Unchecked):
            coding.decide(session, actor, suggestion.id, "confirmed")
        coding.decide(session, actor, suggestion.id, "rejected")
        assert lessons_of(session, suggestion.framework) == ([], []), "misheard words teach nothing"
        story, newest = session.get_one(Story, story_id), corrections.newest(session, story_id)
        say_right(session, story, newest, Span(0, 20), person.id)
        coding.decide(session, actor, suggestion.id, "confirmed")
        assert [one.right for one in lessons_of(session, suggestion.framework)[0]] == [True]
    with transaction(engine) as session:
        view = view_story(session, desk.keyring, actor, story_id)
        doubt = view.passages[0].doubts[0]
        assert (doubt.words, doubt.marks) == ("The bus never comes.", ("low-confidence",))
        assert doubt.checked_by == "Ada"
        assert not view.passages[0].unchecked


def test_correcting_a_marked_sentence_clears_its_mark_and_checked_ones_stay_clear(
    engine, desk, tell
):
    shop, story_id = tell(doubtful())
    with transaction(engine) as session:
        story, newest = session.get_one(Story, story_id), corrections.newest(session, story_id)
        say_right(session, story, newest, Span(0, 20), None)
        corrections.apply(session, desk, story, {1: "We cook together on Fridays."}, {})
    pipeline.understand(shop, story_id)

    with reading(engine) as session:
        newest = corrections.newest(session, story_id)
        story = session.get_one(Story, story_id)
        told = open_transcript(story_key(desk.keyring, story), newest)
        assert [line.flags for line in lines_of(told)] == [(), ()]
        assert checked_spans(session, newest) == ()
        assert session.exec(select(Doubt)).all() == []
    assert tags(engine, story_id) == {"aim-adapting"}


def test_what_was_coded_is_held_back_in_later_versions_too_once_it_is_unchecked_again(
    engine, desk, tell
):
    shop, story_id = tell(doubtful())
    with transaction(engine) as session:
        actor = Actor(make_person(session).id, Role.EVALUATOR)
        story, newest = session.get_one(Story, story_id), corrections.newest(session, story_id)
        say_right(session, story, newest, Span(0, 20), None)
        suggestion = session.exec(select(SuggestionRow)).one()
        coding.decide(session, actor, suggestion.id, "confirmed")
        say_unsure(session, story, newest, Span(0, 20), None)
        corrections.apply(session, desk, story, {1: "We cook together on Fridays."}, {})
    pipeline.understand(shop, story_id)

    assert tags(engine, story_id) == set()
    assert (exported(engine)["tags"], exported(engine)["unchecked"]) == ([], 1)


def test_earlier_codings_over_where_passages_meet_are_held_back_while_words_are_unchecked(engine):
    first, second = HEARD.split(" We")
    with transaction(engine) as session:
        story = make_story(session)
        make_passages(session, story, first, f"We{second}")
        row = session.exec(select(TranscriptRow)).one()
        coded = Coding(story_id=story.id, transcript_id=-1, quote=HEARD[4:], start=4)
        held = {
            unsure: is_held(session, coded, [row], {row.id or 0: [unsure]})
            for unsure in (Span(0, 3), Span(len(first) + 4, len(HEARD)))
        }
    assert list(held.values()) == [False, True]


def test_the_words_so_far_are_kept_while_it_listens_and_go_at_the_end(engine, desk, tell):
    seen = []

    class Slow(CannedTranscriber):
        def transcribe(self, audio, **more):
            heard = super().transcribe(audio, **more)
            with reading(engine) as session:
                story = session.exec(select(Story)).one()
                key = story_key(desk.keyring, story)
                seen.append(so_far.words_so_far(session, key, story.id).text)
                assert session.exec(select(TranscriptRow)).all() == []
                assert HEARD.encode() not in session.exec(select(SoFar)).one().sealed
            return heard

    _, _story_id = tell(Slow(HEARD))

    assert seen == [HEARD]
    with reading(engine) as session:
        assert session.exec(select(SoFar)).all() == []


POLISH = "Autobus nigdy nie przyjeżdża. Gotujemy razem."


def test_another_language_is_kept_and_tags_stand_on_its_translation(engine, desk, tell):
    shop, story_id = tell(CannedTranscriber(POLISH, language="pl", english=HEARD))

    with reading(engine) as session:
        original = corrections.newest(session, story_id)
        english = session.exec(
            select(TranscriptRow).where(TranscriptRow.translates == original.id)
        ).one()
        assert (english.model_id, english.language, english.source) == (
            "canned/translation", "en", "translated",
        )  # fmt: skip
        assert b"bus" not in english.sealed
        suggestion = session.exec(select(SuggestionRow)).one()
        assert (suggestion.transcript_id, suggestion.quote) == (english.id, "The bus never comes.")
        found = search(session, READER, HashEmbedder(), "bus", Filters())
        assert next(p.translated for hit in found.hits for p in hit.passages)
        assert search(session, READER, HashEmbedder(), "Gotujemy", Filters()).total == 0
    with transaction(engine) as session:
        actor = Actor(make_person(session).id, Role.EVALUATOR)
        coding.decide(session, actor, suggestion.id, "confirmed")
        view = view_story(session, desk.keyring, actor, story_id)
        assert (view.withheld, view.passages) == (True, ())
        assert [p.text for p in view.english] == [HEARD]
        assert (view.language, view.english_by) == ("pl", "canned/translation")
        assert [(t.translated, t.fits, t.at) for t in view.tags] == [(True, True, 0.0)]
    row = exported(engine)
    assert (row["text"], row["english"], row["english_by"]) == ("", HEARD, "canned/translation")
    assert [(t["quote"], t["translated"]) for t in row["tags"]] == [
        ("The bus never comes.", True)
    ] * 2
    assert tags(engine, story_id) == {"aim-adapting"}

    with transaction(engine) as session:
        story = session.get_one(Story, story_id)
        corrections.apply(session, desk, story, {0: "Tramwaj nigdy nie przyjeżdża."}, {})
    pipeline.understand(shop, story_id)

    assert tags(engine, story_id) == set(), "the English of corrected words says what nobody said"
    assert exported(engine)["english"] == "We cook together."


def test_a_translation_is_as_doubtful_as_the_words_it_translates(engine, tell):
    _, story_id = tell(
        CannedTranscriber(POLISH, language="pl", english=HEARD, flags=("language-doubt",))
    )
    assert tags(engine, story_id) == set()
    with transaction(engine) as session:
        newest = corrections.newest(session, story_id)
        story = session.get_one(Story, story_id)
        assert len(unchecked(session, [row.id for row in session.exec(select(TranscriptRow))])) == 2
        say_right(session, story, newest, Span(0, 29), None)
    assert tags(engine, story_id) == {"aim-adapting"}


def test_a_programmes_words_are_told_to_the_engine(engine, tell):
    with transaction(engine) as session:
        programme = make_programme(session)
        admin = Actor(make_person(session, Role.ADMIN).id, Role.ADMIN)
        typed = "Rose Hill\n  Donnington   Doorstep\n\nrose hill"
        assert add_words(session, admin, programme.id, "place", typed) == (
            "Rose Hill", "Donnington Doorstep",
        )  # fmt: skip
        with pytest.raises(BadInput):
            add_words(session, admin, programme.id, "place", " \n")
        with pytest.raises(BadInput):
            add_words(session, admin, programme.id, "place", "x" * 61)
        with pytest.raises(NotAllowed):
            add_words(session, READER, programme.id, "place", "Cowley")
        add_words(session, admin, programme.id, "role", "warden")
        assert local_words(session, programme.id)[-1] == "warden"
    hearing = CannedTranscriber(HEARD)
    tell(hearing)
    assert hearing.told == ("Rose Hill", "Donnington Doorstep", "warden")
    with transaction(engine) as session:
        remove_word(session, admin, programme.id, rows_of(session, programme.id)[0].id)
        assert local_words(session, programme.id) == ("Donnington Doorstep", "warden")

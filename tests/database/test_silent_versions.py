"""What a person masked in words that were corrected since stays silent in the sound for staff."""

import uuid
from dataclasses import replace

import pytest

from storybank import masking, pipeline
from storybank.capture import corrections
from storybank.capture.blobs import Blobs
from storybank.db import transaction
from storybank.errors import DiskFull
from storybank.tables import Story
from storybank.values import Channel, Role, Span
from tests.clips import recording, tone
from tests.database.test_masking import act, loud, muted, someone
from tests.database.test_withdrawal import files
from tests.fakes import NamedRedactor, make_workshop
from tests.staff import tell

pytestmark = pytest.mark.database

HEARD = "The bus never comes. Why is the bus late? Anna Smith drives us. Ask Wilma about the bus."
"""The canned engine hears a word each half second: "Anna" from 4.5 s, "Wilma" from 7.0 s."""
ANNA = Span(42, 52)


@pytest.fixture
def shop(engine, desk):
    return make_workshop(engine, desk, heard=HEARD)


@pytest.fixture
def story_id(engine, desk):
    told = {"channel": Channel.WORKER, "recording": recording(tone(9), "wav")}
    return uuid.UUID(tell(engine, desk, HEARD, **told))


def test_what_was_masked_by_hand_and_then_corrected_stays_silent_after_any_undoing(
    engine, desk, shop, story_id
):
    officer = someone(engine, Role.GOVERNANCE)
    act(engine, desk, masking.mask_words, officer, story_id, "Wilma", "person")
    with transaction(engine) as session:  # the same name, as its teller spells it
        story = session.get_one(Story, story_id)
        corrections.apply(session, desk, story, {3: "Ask Vilma about the bus."}, {})
    pipeline.understand(shop, story_id)
    pipeline.copy(shop, story_id)
    assert not loud(muted(engine, desk, story_id)[0], 7.05, 7.35)

    act(engine, desk, masking.take_off, officer, story_id, ANNA)
    act(engine, desk, masking.undo, officer, story_id, ANNA)
    pipeline.understand(shop, story_id)
    pipeline.copy(shop, story_id)

    sound, held = muted(engine, desk, story_id)
    assert not held
    assert not loud(sound, 4.55, 5.35)
    assert not loud(sound, 7.05, 7.35)


def test_a_copy_for_which_there_was_no_room_leaves_no_file(engine, desk, shop, story_id):
    class Full(Blobs):
        def put(self, key, plain, context):
            if context.endswith("/muted"):
                raise DiskFull("no room")
            return super().put(key, plain, context)

    before = sorted(files(desk))
    full = Full(desk.blobs._store)
    with pytest.raises(DiskFull):
        pipeline.copy(replace(shop, blobs=full), story_id)
    assert sorted(files(desk)) == before
    assert not muted(engine, desk, story_id)[1]


def test_other_rules_are_asked_again_about_words_that_were_corrected_since(
    engine, desk, shop, story_id
):
    with transaction(engine) as session:
        story = session.get_one(Story, story_id)
        corrections.apply(session, desk, story, {3: "Ask her about the bus."}, {})
    pipeline.understand(shop, story_id)
    pipeline.copy(shop, story_id)
    assert loud(muted(engine, desk, story_id)[0], 7.05, 7.35)

    better = NamedRedactor("Anna Smith", "Wilma")
    better.rules_id = "named-2"
    shop = replace(shop, redactor=better)
    pipeline.understand(shop, story_id)
    pipeline.copy(shop, story_id)

    sound, _ = muted(engine, desk, story_id)
    assert not loud(sound, 4.55, 5.35)
    assert not loud(sound, 7.05, 7.35)

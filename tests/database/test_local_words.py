"""What is kept of the names that an admin gives for the speech engine to expect."""

import pytest

from storybank.access import Actor
from storybank.capture.local_words import add_words
from storybank.db import transaction
from storybank.errors import BadInput
from storybank.values import Role
from tests.factories import make_person, make_programme

pytestmark = pytest.mark.database


@pytest.fixture
def add(engine):
    with transaction(engine) as session:
        admin = Actor(role=Role.ADMIN, person_id=make_person(session, Role.ADMIN).id)
        programme = make_programme(session).id
        yield lambda typed: add_words(session, admin, programme, "place", typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\x07Blackbird\tLeys\x1b", ("Blackbird Leys",)),
        ("\ufeffThe \u202eKassam\u200b", ("The Kassam",)),
        ("<|endoftext|> Rose Hill", ("endoftext Rose Hill",)),
        ("می\u200cخواهم", ("می\u200cخواهم",)),
        ("O'Neill's \"Hub\"", ("O'Neill's \"Hub\"",)),
        ("Cowley\n\u200bCowley", ("Cowley",)),
    ],
)
def test_a_name_is_kept_without_signs_that_nobody_can_see_or_say(add, typed, kept):
    assert add(typed) == kept


@pytest.mark.parametrize("typed", ["\u200b\u200b", " \u3000\n ", "<||>", "a" * 61])
def test_what_is_no_name_is_refused(add, typed):
    with pytest.raises(BadInput):
        add(typed)


def test_no_more_names_are_taken_than_are_kept(add):
    with pytest.raises(BadInput) as refused:
        add("\n".join(f"Way {n}" for n in range(5_000)))
    assert "200" in refused.value.message

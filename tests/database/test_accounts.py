import uuid
from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import select

from storybank import accounts, db
from storybank.access import NOBODY, Actor
from storybank.accounts import Newcomer, Tries
from storybank.errors import (
    BadInput,
    InviteExpired,
    NotAllowed,
    SignInFailed,
    TooManyTries,
    WeakPassword,
)
from storybank.passwords import Passwords, check_strength
from storybank.tables import Attempt, AuditEntry, Invite, Person, SignIn, now
from storybank.values import Role
from tests.factories import make_person

pytestmark = pytest.mark.database

GOOD = "purple lamp walks home"
NEWCOMER = Newcomer(" Ada@Example.org ", "Ada  Bright", Role.EVALUATOR)


@pytest.fixture(scope="module")
def passwords():
    """Real Argon2id at a small cost."""
    return Passwords(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)))


@pytest.fixture
def tries(keyring):
    return Tries.of(keyring, "ada@example.org", "10.0.0.1")


def _join(engine, passwords, newcomer=NEWCOMER):
    with db.transaction(engine) as session:
        code = accounts.invite(session, newcomer, by=None)
    with db.transaction(engine) as session:
        return code, accounts.accept(session, passwords, code, GOOD)


def test_an_invitation_becomes_an_account_once(engine, passwords):
    code, person = _join(engine, passwords)

    assert (person.email, person.name, person.role) == (
        "ada@example.org",
        "Ada Bright",
        "evaluator",
    )
    assert person.password_hash.startswith("$argon2id$")
    with pytest.raises(InviteExpired), db.transaction(engine) as session:
        accounts.accept(session, passwords, code, GOOD)
    with db.reading(engine) as session:
        invite = session.exec(select(Invite)).one()
        assert code.encode() not in invite.digest
        assert {entry.act for entry in session.exec(select(AuditEntry))} == {
            "invite", "accept-invite"
        }  # fmt: skip


def test_an_invitation_runs_out_after_seven_days(engine):
    with db.transaction(engine) as session:
        code = accounts.invite(session, NEWCOMER, by=None)
        just = now() + timedelta(days=7, minutes=-1)
        assert accounts.open_invite(session, code, at=just).email == "ada@example.org"
        with pytest.raises(InviteExpired):
            accounts.open_invite(session, code, at=just + timedelta(minutes=2))
        with pytest.raises(InviteExpired):
            accounts.open_invite(session, "another code")


def test_a_new_invitation_replaces_the_old_and_resets_the_account(engine, passwords):
    _, person = _join(engine, passwords)
    with db.transaction(engine) as session:
        cookie = accounts.begin(session, person)
        first = accounts.invite(session, NEWCOMER, by=None)
        second = accounts.invite(
            session, Newcomer("ada@example.org", "Ada B", Role.GOVERNANCE), by=None
        )
        with pytest.raises(InviteExpired):
            accounts.open_invite(session, first)
    with db.transaction(engine) as session:
        again = accounts.accept(session, passwords, second, "seven green umbrellas sing")
        assert (again.id, again.role) == (person.id, Role.GOVERNANCE)
        assert accounts.actor_for(session, cookie) == NOBODY


@pytest.mark.parametrize(("email", "name"), [("nobody", "Ada"), ("a b@c", "Ada"), ("a@b.org", " ")])
def test_an_invitation_needs_an_address_and_a_name(engine, email, name):
    with pytest.raises(BadInput), db.transaction(engine) as session:
        accounts.invite(session, Newcomer(email, name, Role.WORKER), by=None)


def test_signing_in_gives_a_cookie_whose_digest_is_stored(engine, passwords, tries):
    _, person = _join(engine, passwords)
    with db.transaction(engine) as session:
        found, cookie = accounts.sign_in(session, passwords, "ADA@example.org ", GOOD, tries)
        assert found.id == person.id
        assert accounts.actor_for(session, cookie) == Actor(person.id, Role.EVALUATOR, "Ada Bright")
        assert session.exec(select(SignIn.digest)).one() == accounts.digest_of(cookie)
        assert len(cookie) >= 43  # 256 bits in base64
        accounts.sign_out(session, cookie)
        assert accounts.actor_for(session, cookie) == NOBODY


def test_a_wrong_address_a_wrong_password_and_a_disabled_account_fail_alike(
    engine, passwords, tries
):
    _, person = _join(engine, passwords)
    with db.transaction(engine) as session:
        admin = Actor(make_person(session, Role.ADMIN).id, Role.ADMIN)
        messages = []
        for email, password in [("ada@example.org", "wrong"), ("eve@example.org", GOOD)]:
            with pytest.raises(SignInFailed) as failed:
                accounts.sign_in(session, passwords, email, password, tries)
            messages.append(failed.value.message)
        accounts.disable(session, admin, person.id)
        with pytest.raises(SignInFailed) as failed:
            accounts.sign_in(session, passwords, "ada@example.org", GOOD, tries)
        assert {*messages} == {failed.value.message}


def test_a_sign_in_ends_after_30_idle_minutes_and_after_8_hours(engine):
    with db.transaction(engine) as session:
        cookie = accounts.begin(session, make_person(session))
    start = now()
    for minutes, there in [(29, True), (58, True), (87, True), (118, False)]:
        with db.transaction(engine) as session:
            actor = accounts.actor_for(session, cookie, at=start + timedelta(minutes=minutes))
            assert (actor.role is not None) is there
    with db.transaction(engine) as session:
        cookie = accounts.begin(session, make_person(session))
        for minutes in range(20, 480, 20):
            assert accounts.actor_for(session, cookie, at=start + timedelta(minutes=minutes)).role
        assert accounts.actor_for(session, cookie, at=start + timedelta(minutes=481)) == NOBODY


def test_switching_an_account_off_ends_its_sign_ins(engine):
    with db.transaction(engine) as session:
        admin = Actor(make_person(session, Role.ADMIN).id, Role.ADMIN)
        person = make_person(session)
        cookie = accounts.begin(session, person)
        accounts.disable(session, admin, person.id)
        assert accounts.actor_for(session, cookie) == NOBODY
        accounts.enable(session, admin, person.id)
        assert session.get_one(Person, person.id).disabled_at is None
        assert accounts.actor_for(session, cookie) == NOBODY
        with pytest.raises(BadInput):
            accounts.disable(session, admin, admin.person_id)
        with pytest.raises(NotAllowed):
            accounts.disable(session, Actor(person.id, Role.EVALUATOR), admin.person_id)


def test_guessing_is_slowed_down_then_refused(engine, tries):
    for _ in range(accounts.ONE_PERSON_HERE.free):
        with db.transaction(engine) as session:
            accounts.check_tries(session, tries)
    with pytest.raises(TooManyTries) as refused, db.transaction(engine) as session:
        accounts.check_tries(session, tries)
    assert "a second" in refused.value.message
    with db.transaction(engine) as session:
        session.add_all(Attempt(kind="sign-in", digest=tries.here) for _ in range(6))
    with pytest.raises(TooManyTries) as refused, db.transaction(engine) as session:
        accounts.check_tries(session, tries)
    assert "15 minutes" in refused.value.message


def test_others_at_the_same_address_are_let_in_and_success_forgives(
    engine, passwords, keyring, tries
):
    _join(engine, passwords)
    for _ in range(3):
        with db.transaction(engine) as session:
            accounts.check_tries(session, tries)
    with db.transaction(engine) as session:
        accounts.check_tries(session, Tries.of(keyring, "bob@example.org", "10.0.0.1"))
        accounts.sign_in(session, passwords, "ada@example.org", GOOD, tries)
        left = session.exec(select(Attempt)).all()
    assert not [a for a in left if a.digest in (tries.here, tries.person)]
    assert len([a for a in left if a.digest == tries.place]) == 3  # two wrong ones, and Bob's
    assert not [a for a in left if b"ada" in a.digest or b"10.0" in a.digest]


@pytest.mark.parametrize("password", ["short", "password1234", "aaaaaaaaaaaa", "Storybank2026!",
                                      "qwertyuiop123", "P@ssw0rd2026", "x" * 201])  # fmt: skip
def test_short_common_and_endless_passwords_are_refused(password):
    with pytest.raises(WeakPassword):
        check_strength(password)


@pytest.mark.parametrize("password", [GOOD, "correct-zebra-42-violin", "ünïcödé wörds höld"])
def test_long_uncommon_passwords_are_fine(password):
    check_strength(password)


def test_switching_an_account_off_ends_the_invitations_to_its_address(engine, passwords):
    _, person = _join(engine, passwords)
    boss = Actor(uuid.uuid4(), Role.ADMIN)
    with db.transaction(engine) as session:
        code = accounts.invite(session, NEWCOMER, by=None)
        accounts.disable(session, boss, person.id)
    with db.transaction(engine) as session, pytest.raises(InviteExpired):
        accounts.accept(session, passwords, code, GOOD)

"""A worker reads on their own page which forms came from a survey app without their recording."""

import pytest

from storybank.capture.phone_keys import make_key
from storybank.db import transaction
from storybank.tables import Waiting
from storybank.values import Role
from tests.staff import sign_in
from tests.survey_apps import SPOKEN, Collect, filled, new_id
from tests.web.phoned import admin, sound

pytestmark = pytest.mark.database
__all__ = ["admin", "sound"]

SAYS = "came from a survey app without the recording"


def test_a_form_without_its_recording_is_named_until_that_comes(
    pages, client, engine, admin, sound
):
    wren = sign_in(client, engine, Role.WORKER, "Wren")
    with transaction(engine) as session:
        token = make_key(session, admin, wren.person_id, "thriving", "Green phone")
        session.add(  # the recorder says itself what waits on the phone
            Waiting(
                client_id=f"phone|{wren.person_id}|x", person_id=wren.person_id,
                body_digest=b"x", sealed=b"x",
            )
        )  # fmt: skip
    collect = Collect(client, f"/key/{token}")
    assert SAYS not in pages.get("/worker").words()
    forms = [filled(new_id(), **SPOKEN) for _ in range(2)]
    for form in forms:
        collect.post(form)
    page = pages.get("/worker").words()
    assert f"2 forms {SAYS}" in page
    assert "They are no stories yet" in page
    collect.post(forms[0], {"talk.m4a": sound})
    assert f"1 form {SAYS}" in pages.get("/worker").words()
    collect.post(forms[1], {"talk.m4a": sound})
    assert SAYS not in pages.get("/worker").words()
    sign_in(client, engine, Role.WORKER, "Robin")
    collect.post(filled(new_id(), **SPOKEN))
    assert SAYS not in pages.get("/worker").words()

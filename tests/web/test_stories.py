import re
import uuid

import pytest
from sqlmodel import select

from storybank.db import transaction
from storybank.tables import AuditEntry, Coding, Doubt, PassageRow, Story, SuggestionRow
from storybank.values import Role
from tests.clips import recording, tone
from tests.staff import sign_in, tell

pytestmark = pytest.mark.database

TEXT = "The bus never comes. Anna Smith waits with me."


@pytest.fixture
def story(engine, desk, client):
    sign_in(client, engine, Role.EVALUATOR)
    return tell(engine, desk, TEXT)


def _acts(engine):
    with transaction(engine) as session:
        return [entry.act for entry in session.exec(select(AuditEntry).order_by("id"))]


def test_a_story_is_shown_masked_with_its_readings_and_consent(pages, engine, story):
    page = pages.get(f"/stories/{story}")
    words = page.words()
    assert (
        page.one("p", class_="sb-passage__words").text
        == "The bus never comes. [person 1] waits with me."
    )
    assert "Suggests it: likely (0.80)" in words
    assert "services did not bend" in words or "Services that adapt" in words
    assert "“The bus never comes.”" in words
    assert "Read inside the council to learn: yes" in words
    assert "Anna" not in page.source
    assert _acts(engine) == ["open-story"]


def test_what_is_only_offered_says_why(pages, engine, story):
    with transaction(engine) as session:
        found = session.exec(select(SuggestionRow)).one()
        found.offered, found.score = True, 0.2
        session.add(found)
    words = pages.get(f"/stories/{story}").words()
    assert "Offers it: " in words
    assert "not sure enough to suggest it" in words
    assert "definition and examples" not in words
    with transaction(engine) as session:
        session.exec(select(SuggestionRow)).one().model_id = "examples-of-x@2+learnt-1"
    words = pages.get(f"/stories/{story}").words()
    assert "definition and examples" in words
    assert "not sure enough" not in words


def test_confirm_take_back_reject(pages, engine, story):
    page = pages.get(f"/stories/{story}")
    action = next(f["action"] for f in page.all("form") if "/suggestions/" in f["action"])
    confirmed = pages.post(action, {"decision": "confirm"})
    assert "Confirmed by you" in confirmed.words()
    assert "Suggests it: likely (0.80)" in confirmed.words()

    undo = next(f["action"] for f in confirmed.all("form") if f["action"].endswith("/undo"))
    assert "Confirmed by you" not in pages.post(undo, {}).words()
    assert "Rejected by you" in pages.post(action, {"decision": "reject"}).words()
    assert "code-confirmed" in _acts(engine)
    pages.post(action, {"decision": "maybe"}, status=422)
    pages.post(action.replace(story, str(uuid.uuid4())), {"decision": "confirm"}, status=404)
    pages.post(re.sub(r"\d+$", "999999999999", action), {"decision": "confirm"}, status=404)


def test_htmx_gets_only_the_readings_and_a_word_of_what_was_done(client, pages, story):
    page = pages.get(f"/stories/{story}")
    action = next(f["action"] for f in page.all("form") if "/suggestions/" in f["action"])
    headers = {"Sec-Fetch-Site": "same-origin", "HX-Request-Type": "partial"}
    answer = client.post(action, data={"decision": "confirm"}, headers=headers)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Confirmed: Services that adapt." in answer.text
    assert "Take back" in answer.text


def test_words_are_coded_by_typing_or_by_selecting(pages, engine, story):
    with transaction(engine) as session:
        passage = session.exec(select(PassageRow.id)).one()
    action = f"/stories/{story}/codings"
    form = {"passage": passage, "code": "weak-ties", "direction": "+"}

    typed = pages.post(action, form | {"words": "waits with me"})
    assert "Added by you" in typed.words()
    assert "Did not suggest it" in typed.words()
    pages.post(action, form | {"words": "[person 1] waits", "start": "21", "end": "37"})
    with transaction(engine) as session:
        spans = [(c.start, c.end) for c in session.exec(select(Coding).order_by("id"))]
    assert [TEXT[a:b] for a, b in spans] == ["waits with me", "Anna Smith waits"]


@pytest.mark.parametrize(("change", "said"), [
    ({"words": "not there"}, "Those words could not be found"),
    ({"direction": ""}, "lived or missing"),
    ({"code": "nope"}, "This code is not in the framework"),
    ({"code": ""}, "Choose a code from the list"),
    ({"passage": "x"}, "Choose the part of the story"),
    ({"start": "9" * 5000, "end": "²", "words": "gone"}, "Those words could not be found"),
])  # fmt: skip
def test_a_wrong_code_says_what_to_mend(pages, engine, story, change, said):
    with transaction(engine) as session:
        passage = session.exec(select(PassageRow.id)).one()
    form = {"passage": passage, "code": "weak-ties", "direction": "+", "words": "waits"} | change
    page = pages.post(f"/stories/{story}/codings", form, status=422)
    assert said in page.words()
    assert page.one("title").text.startswith("Error: ")


def test_a_code_on_words_that_nobody_checked_keeps_what_was_typed(pages, engine, story):
    with transaction(engine) as session:
        row = session.exec(select(PassageRow)).one()
        place = {"transcript_id": row.transcript_id, "start": row.start, "end": row.end}
        session.add(Doubt(story_id=row.story_id, marks="low-confidence", **place))
        passage = row.id
    action = f"/stories/{story}/codings"
    form = {"passage": passage, "code": "weak-ties", "direction": "+", "words": "waits with me"}
    page = pages.post(action, form, status=422)
    assert "may have been misheard" in page.one("a", href="#words").text
    kept = page.form(action)
    assert (kept["words"], kept["code"], kept["direction"]) == ("waits with me", "weak-ties", "+")


def test_governance_reads_and_does_not_code(pages, engine, story):
    sign_in(pages.client, engine, Role.GOVERNANCE)
    page = pages.get(f"/stories/{story}")
    assert "Nobody has decided yet" in page.words()
    assert not [f for f in page.all("form") if "/stories/" in f["action"]]


def test_a_recording_is_played_only_with_consent(pages, engine, desk, client):
    sign_in(client, engine, Role.EVALUATOR)
    yes = tell(engine, desk, TEXT, recording=recording(tone(3), "ogg"))
    no = tell(engine, desk, TEXT, recording=recording(tone(2), "ogg"), voice=False)

    page = pages.get(f"/stories/{yes}")
    assert page.one("audio")["src"] == f"/stories/{yes}/audio"
    assert client.get(f"/stories/{yes}/audio", headers={"Range": "bytes=0-9"}).status_code == 206
    assert [a["data-play"] for a in page.all("a", class_="sb-passage__time")] == ["0.00"]
    refused = pages.get(f"/stories/{no}")
    assert not refused.all("audio")
    assert "did not agree that the voice is played" in refused.words()
    assert client.get(f"/stories/{no}/audio").status_code == 404


def test_a_story_in_need_of_help_can_be_tried_again(pages, engine, story):
    with transaction(engine) as session:
        row = session.get_one(Story, uuid.UUID(story))
        row.state, row.problem = "needs_help", "NothingHeard"
        session.add(row)
    at_work = pages.get("/stories")
    assert "could not hear any words" in at_work.words()
    page = pages.post(f"/stories/{story}/again", {})
    assert "not ready yet" in page.words()
    pages.post(f"/stories/{story}/again", {}, status=409)
    assert "Waiting its turn" in pages.part("/stories").words()


def test_nothing_at_work_says_so(pages, engine, story):
    assert "Every story has been read" in pages.get("/stories").words()

"""A worker corrects a story that they sent, and no other."""

import uuid

import pytest
from sqlmodel import col, select

from storybank import pipeline
from storybank.db import reading, transaction
from storybank.tables import AuditEntry, Story, TranscriptRow
from storybank.values import Role, StoryState
from storybank.vault import open_transcript, story_key
from tests.clips import recording, tone
from tests.fakes import make_workshop
from tests.staff import sign_in, tell

pytestmark = pytest.mark.database

SAID = "The bus never comes. Why is that? Anna Smith drives us."


@pytest.fixture
def worker(client, engine):
    return sign_in(client, engine, Role.WORKER, "Wren")


@pytest.fixture
def sent(engine, desk, worker):
    """A spoken story that this worker sent, read with the fakes."""
    sound = recording(tone(6), "wav")
    return tell(engine, desk, SAID, recording=sound, sent_by=str(worker.person_id))


def newest(engine, desk, story_id):
    with reading(engine) as session:
        key = story_key(desk.keyring, session.get_one(Story, uuid.UUID(story_id)))
        row = session.exec(select(TranscriptRow).order_by(col(TranscriptRow.version).desc()))
        return open_transcript(key, row.first())


def acts(engine) -> list[str]:
    with reading(engine) as session:
        return list(session.exec(select(AuditEntry.act).order_by(col(AuditEntry.id))))


def agree(engine, story_id, **uses):
    with transaction(engine) as session:
        story = session.get_one(Story, uuid.UUID(story_id))
        for use, yes in uses.items():
            setattr(story, f"may_{use}", yes)


def test_the_worker_sees_every_sentence_in_a_box_with_its_time_and_sound(pages, engine, sent):
    page = pages.get(f"/worker/stories/{sent}")
    boxes = page.all("textarea")
    assert [b.text.strip() for b in boxes] == [
        "The bus never comes.", "Why is that?", "Anna Smith drives us.",
    ]  # fmt: skip
    labels = [e.text for e in page.all("label", class_="govuk-label")]
    assert "Sentence 2, from 0:02 to 0:03" in " ".join(" ".join(labels).split())
    links = page.all("a", class_="sb-correct__play")
    assert links[1]["href"] == f"/worker/stories/{sent}/audio#t=2.0,3.4"
    assert links[1]["data-at"] == "2.00"
    assert pages.client.get(f"/worker/stories/{sent}/audio").status_code == 200
    assert acts(engine).count("play-sent-story") == 1
    assert acts(engine).count("open-sent-story") == 1


def test_a_correction_is_kept_read_again_and_noted(pages, engine, desk, sent):
    form = pages.get(f"/worker/stories/{sent}").form(f"/worker/stories/{sent}")
    form |= {"text-0": "The tram never comes.", "speaker-1": "worker"}
    page = pages.post(f"/worker/stories/{sent}", form)

    assert "Your changes are saved" in page.words()
    told = newest(engine, desk, sent)
    assert told.text == "The tram never comes. Why is that? Anna Smith drives us."
    assert [s.speaker for s in told.segments] == [None, "worker", None]
    assert acts(engine)[-2:] == ["correct-story", "open-sent-story"]
    pipeline.understand(make_workshop(engine, desk), uuid.UUID(sent))
    again = pages.get(f"/worker/stories/{sent}")
    chosen = [e for e in again.all("option") if "selected" in e.attributes]
    assert [e["value"] for e in chosen] == ["", "worker", ""]

    pages.post(
        f"/worker/stories/{sent}", again.form(f"/worker/stories/{sent}") | {"speaker-1": "worker"}
    )
    assert acts(engine).count("correct-story") == 1


def test_when_somebody_saved_meanwhile_both_are_shown_and_nothing_is_lost(
    pages, engine, desk, sent
):
    where = f"/worker/stories/{sent}"
    form = pages.get(where).form(where)
    pages.post(where, form | {"text-0": "The tram never comes."})
    mine = form | {"text-0": "The train never comes.", "text-2": "Anna drove us."}
    page = pages.post(where, mine, status=409)

    boxes = [b.text.strip() for b in page.all("textarea")]
    assert boxes == ["The tram never comes.", "Why is that?", "Anna drove us."]
    (beside,) = page.all("p", class_="sb-correct__mine")
    assert "The train never comes." in beside.text
    assert newest(engine, desk, sent).text.startswith("The tram never comes. Why")

    pages.post(where, page.form(where) | {"text-0": "The train never comes."})
    assert newest(engine, desk, sent).text == "The train never comes. Why is that? Anna drove us."


def test_where_lines_are_gone_meanwhile_ones_own_words_stand_apart(pages, sent):
    where = f"/worker/stories/{sent}"
    form = pages.get(where).form(where)
    pages.post(where, form | {"text-1": ""})
    page = pages.post(where, form | {"text-2": "Anna drove us."}, status=409)
    assert [b.text.strip() for b in page.all("textarea")][1] == "Anna Smith drives us."
    assert page.one("li", class_="sb-correct__mine").text == "Anna drove us."
    assert pages.post(where, form | {"version": "junk"}, status=409)


def test_a_story_without_any_words_left_is_refused_and_what_was_typed_stays(pages, sent):
    where = f"/worker/stories/{sent}"
    form = pages.get(where).form(where) | {"text-0": "", "text-1": " ", "text-2": "..."}
    page = pages.post(where, form, status=422)
    assert "The story is empty" in page.words()
    assert [b.text.strip() for b in page.all("textarea")] == ["", "", "..."]


def test_a_long_story_comes_in_parts(pages, engine, desk, worker):
    text = "\n\n".join(f"Part {n} of it." for n in range(70))
    story = tell(engine, desk, text, sent_by=str(worker.person_id))
    where = f"/worker/stories/{story}"
    first = pages.get(where)
    assert len(first.all("textarea")) == 60
    second = pages.get(f"{where}?from=60")
    assert len(second.all("textarea")) == 10
    pages.post(where, second.form(where) | {"text-69": "The end."})
    assert newest(engine, desk, story).text.endswith("Part 68 of it.\n\nThe end.")
    assert len(pages.get(f"{where}?from=x").all("textarea")) == 60
    assert len(pages.get(f"{where}?from=999").all("textarea")) == 60


def test_the_teller_decides_what_the_worker_may_do(pages, engine, sent):
    agree(engine, sent, voice=False)
    page = pages.get(f"/worker/stories/{sent}")
    assert page.all("textarea")
    assert not page.all("audio")
    assert not page.all("a", class_="sb-correct__play")
    assert pages.client.get(f"/worker/stories/{sent}/audio").status_code == 404
    form = page.form(f"/worker/stories/{sent}")
    agree(engine, sent, learn=False)
    pages.get(f"/worker/stories/{sent}", status=404)
    pages.post(f"/worker/stories/{sent}", form, status=404)
    page = pages.get("/worker")
    assert not [a for a in page.all("a") if sent in a["href"]]
    [listed] = pages.client.get("/collect/sent").json()
    assert listed["link"] is None


def test_another_workers_story_is_not_there(pages, client, engine, desk, sent):
    where = f"/worker/stories/{sent}"
    sign_in(client, engine, Role.WORKER, "Robin")
    for path in (where, f"{where}/audio"):
        assert client.get(path).status_code == 404
    pages.post(where, {"text-0": "x"}, status=404)
    sign_in(client, engine, Role.EVALUATOR)
    assert client.get(where).status_code == 403


def test_a_story_not_yet_written_down_says_so(pages, engine, desk, sent):
    with transaction(engine) as session:
        for row in session.exec(select(TranscriptRow)):
            session.delete(row)
    page = pages.get(f"/worker/stories/{sent}")
    assert "Nothing is written down yet" in page.words()
    pages.post(f"/worker/stories/{sent}", {}, status=409)
    with transaction(engine) as session:
        story = session.get_one(Story, uuid.UUID(sent))
        story.state, story.problem = StoryState.NEEDS_HELP, "NothingHeard"
        session.add(story)
    words = pages.get(f"/worker/stories/{sent}").words()
    assert "Nothing is written down yet" not in words
    assert "could not hear any words" in words

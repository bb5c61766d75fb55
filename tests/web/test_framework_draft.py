import dataclasses
import uuid

import pytest
from sqlmodel import select

from storybank import coding, rereading
from storybank.db import reading, transaction
from storybank.tables import Coding, Doubt, FrameworkDraft, Moved, Person, SuggestionRow
from storybank.values import Role
from storybank.versions import draft as drafting
from storybank.versions.shelf import current_name
from tests.fakes import make_workshop
from tests.staff import sign_in, tell, use_hash_embedder
from tests.versions import VersionTagger, decide, publish, read_again, split_adapting

pytestmark = pytest.mark.database

FIRST = "thriving-communities@1"
WORDS = {
    "label": "x", "question": "Was it?", "definition": "It was there.", "present": "it was",
    "missing": "it was not", "examples-present": "It was there.\n\n It was there again. ",
    "near": "learning: not the same",
}  # fmt: skip


@pytest.fixture
def ada(client, engine):
    """An evaluator who may write versions, signed in."""
    actor = sign_in(client, engine, Role.EVALUATOR)
    with transaction(engine) as session:
        session.get_one(Person, actor.person_id).may_change_frameworks = True
    return actor


def test_a_version_is_written_looked_over_published_and_worked_through(
    app, pages, client, engine, desk, ada
):
    use_hash_embedder(app)
    story_id = tell(engine, desk, "The bus never comes.")
    with transaction(engine) as session:
        row = session.exec(select(SuggestionRow)).one()
        coding.decide(session, ada, row.id, "confirmed")
    pages.post("/framework-draft", pages.get("/framework-versions").form("/framework-draft"))
    act = "/framework-draft/codes/aim-adapting/split"
    asked = pages.get(act)
    assert "taken 1 decision about this code, and the machine has suggested it 1 time" in (
        asked.words()
    )
    form = asked.form(act)
    refused = pages.post(act, form | {"names": "Only one"}, status=422)
    assert refused.one("a", href="#names").text.startswith("Give two to 5")
    draft = pages.post(act, form | {"names": "Buses\nBuildings"})
    assert "Buses still needs: a question" in draft.words()
    assert "It cannot be published yet" in pages.get("/framework-draft/publish").words()
    for code in ("buses", "buildings"):
        address = f"/framework-draft/codes/{code}"
        filled = pages.get(address).form(address)
        pages.post(address, filled | WORDS | {"label": code})

    look = pages.get("/framework-draft/publish")
    assert "Split into Buses; Buildings. A person chooses" in look.words()
    for what in ("Decisions", "Suggestions"):
        assert [cell.text for cell in look.all("td", data_is=what)] == ["1"]
    assert "2 examples lived" in look.words()
    last = look.form("/framework-draft/publish")
    assert pages.post("/framework-draft/publish", last, status=422).one("a", href="#why")
    done = pages.post("/framework-draft/publish", last | {"why": "Two things in one"})
    assert "0 of 1 story read by it" in done.words()
    assert "Two things in one" in done.words()
    assert (
        "Codes are counted in readings by Thriving Communities, version 2. It has read 0 of 1"
        in (pages.get("/search").words())
    )

    shop = make_workshop(engine, desk)
    name = "thriving-communities@2"
    shop = dataclasses.replace(shop, fresh=lambda: VersionTagger(name, None))
    rereading.reread(shop, uuid.UUID(story_id))
    with reading(engine) as session:
        moved = session.exec(select(Moved.id)).one()
    listed = pages.get(f"/framework-versions/{name}/moved")
    assert "“The bus never comes.” Confirmed by Ada Bright" in listed.words()
    address = f"/framework-versions/{name}/moved/{moved}"
    settled = pages.post(address, listed.form(address) | {"code": "buses"})
    assert "Chosen by Ada Bright" in settled.words()

    found = pages.get("/search?code=buses").words()
    assert "1 story read by version 2: 0 lived, 1 missing" in found
    old = pages.get(f"/search?code=aim-adapting&version={FIRST}").words()
    assert "1 story read by version 1: 0 lived, 1 missing" in old
    now = pages.get(f"/stories/{story_id}")
    assert (now.all("h3", class_="sb-tagged__code")[0].text.split()[-1]) == "buses"
    then = pages.get(f"/stories/{story_id}?version={FIRST}")
    assert "Earlier reading, kept as it was" in then.words()
    assert not then.all("button", class_="sb-small-button")
    assert "All versions" in pages.get(f"/how-stories-are-read/{FIRST}").words()

    back = pages.post(address, settled.form(address))
    assert "Keep this choice" in back.words()
    with reading(engine) as session:
        assert session.exec(select(Coding.code).where(Coding.undone_at == None)).all() == [  # noqa: E711
            "aim-adapting"
        ]


def test_codes_are_added_reworded_merged_retired_and_put_back(pages, client, engine, ada):
    pages.post("/framework-draft", pages.get("/framework-versions").form("/framework-draft"))
    new = pages.get("/framework-draft/new").form("/framework-draft/new")
    wrong = pages.post("/framework-draft/new", new | {"near": "nonsense: no"}, status=422)
    for name in ("kind", "name", "definition", "near"):
        assert wrong.all("a", href=f"#{name}"), name
    draft = pages.post("/framework-draft/new", new | WORDS | {"kind": "outcome", "name": "Warm"})
    assert draft.one("li", id="warm").text.split()[:2] == ["Warm", "New"]

    address = "/framework-draft/codes/learning"
    form = pages.get(address).form(address)
    draft = pages.post(address, form | {"definition": "People find out together."})
    assert "changed: definition" in draft.one("li", id="learning").text
    merge = "/framework-draft/codes/strengths/merge"
    same = pages.get(merge).form(merge)
    pages.post(merge, same | {"into": "strengths"}, status=422)
    pages.post(merge, same | {"into": "learning"})
    retire = "/framework-draft/codes/collaboration/retire"
    pages.post(retire, pages.get(retire).form(retire))
    look = pages.get("/framework-draft/publish").words()
    assert "Merged into" in look
    assert "Retired. Not carried over" in look
    assert "People find out together." in look

    for code in ("strengths", "collaboration", "learning"):
        put_back = f"/framework-draft/codes/{code}/restore"
        pages.post(put_back, pages.get(put_back).form(put_back))
    take_out = "/framework-draft/codes/warm/retire"
    pages.post(take_out, pages.get(take_out).form(take_out))
    with reading(engine) as session:
        row = session.exec(select(FrameworkDraft)).one()
        ids = [code["id"] for code in row.codes]
        assert ids.index("strengths") == 1
        assert row.fates == {}
    assert "Nothing has been changed" in pages.get("/framework-draft/publish").words()
    pages.post("/framework-draft/discard", pages.get("/framework-draft/discard").form(
        "/framework-draft/discard"))  # fmt: skip
    with reading(engine) as session:
        assert session.exec(select(FrameworkDraft)).all() == []
        assert current_name(session, FIRST) == FIRST
    assert "There is no draft" in pages.get("/framework-draft").words()
    gone = pages.post("/framework-draft/new", new, status=409)
    assert gone.one("h1").text == "This has changed meanwhile"


def test_two_people_at_one_draft_do_not_overwrite_each_other(pages, client, engine, ada):
    pages.post("/framework-draft", pages.get("/framework-versions").form("/framework-draft"))
    address, retire = "/framework-draft/codes/learning", "/framework-draft/codes/learning/retire"
    other = "/framework-draft/codes/strengths"
    mine, theirs = pages.get(address).form(address), pages.get(address).form(address)
    stale = pages.get(retire).form(retire)
    elsewhere = pages.get(other).form(other)
    pages.post(address, theirs | {"definition": "Theirs."})
    pages.post(other, elsewhere | {"definition": "Another code, so nothing clashes."})

    clash = pages.post(address, mine | {"question": "Mine?"}, status=409)
    assert "Somebody changed this code while you wrote" in clash.words()
    assert clash.one("a", href="#differ").text.startswith("Somebody changed this code meanwhile")
    assert clash.form(address)["question"] == "Mine?"
    shown = clash.one("dl", class_="sb-differences").text
    assert "Theirs." in shown
    assert "Another code" not in clash.words()
    asked = pages.post(retire, stale, status=409)
    assert "Somebody changed this code meanwhile" in asked.words()
    assert "learning" in {code["id"] for code in draft_of(engine).codes}
    pages.post(address, clash.form(address) | {"definition": "Both."})
    learning = next(code for code in draft_of(engine).codes if code["id"] == "learning")
    assert (learning["question"], learning["definition"]) == ("Mine?", "Both.")

    mine, split = pages.get(address).form(address), f"{address}/split"
    parts = pages.get(split).form(split) | {"names": "Gifts\nSkills"}
    pages.post(retire, pages.get(retire).form(retire))
    lost = pages.post(split, parts, status=409)
    assert lost.one("h1").text == "The code is gone. Your words are here"
    assert "Somebody took this code out" in lost.words()
    assert lost.one("dd").text.split() == ["GiftsSkills"]
    pages.post(split, parts | {"names": " "}, status=404)
    gone = pages.post(address, mine | {"question": "Still here?"}, status=409)
    assert "Somebody took this code out" in gone.words()
    assert gone.form("/framework-draft/new")["question"] == "Still here?"
    pages.post("/framework-draft/new", gone.form("/framework-draft/new") | WORDS
               | {"kind": "principle", "label": "anew", "near": ""})  # fmt: skip
    pages.get(address, status=404)


def test_a_draft_holds_no_more_codes_than_a_framework(pages, client, engine, ada, monkeypatch):
    pages.post("/framework-draft", pages.get("/framework-versions").form("/framework-draft"))
    monkeypatch.setattr(drafting, "MOST_CODES", 3)
    new = pages.get("/framework-draft/new").form("/framework-draft/new")
    typed = new | WORDS | {"kind": "outcome", "name": "Warm"}
    full = pages.post("/framework-draft/new", typed, status=422)
    assert "at most 3 codes" in full.one("a", href="#name").text
    assert full.form("/framework-draft/new")["name"] == "Warm"


def test_a_draft_that_somebody_changed_is_not_thrown_away_unseen(pages, client, engine, ada):
    pages.post("/framework-draft", pages.get("/framework-versions").form("/framework-draft"))
    address, discard = "/framework-draft/codes/learning", "/framework-draft/discard"
    stale = pages.get(discard).form(discard)
    pages.post(address, pages.get(address).form(address) | {"definition": "Theirs."})

    for form in (stale, stale | {"seen": ""}):
        asked = pages.post(discard, form, status=409)
        assert asked.one("a", href="#go").text.startswith("Somebody changed the draft meanwhile")
    assert "Theirs." in [code["definition"] for code in draft_of(engine).codes]
    pages.post(discard, asked.form(discard))
    assert "There is no draft" in pages.get("/framework-draft").words()


def test_words_sent_to_a_draft_that_is_gone_are_shown_again_and_go_into_a_new_one(
    pages, client, engine, ada
):
    pages.post("/framework-draft", pages.get("/framework-versions").form("/framework-draft"))
    new, address = "/framework-draft/new", "/framework-draft/codes/learning"
    split, discard = "/framework-draft/codes/strengths/split", "/framework-draft/discard"
    warm = pages.get(new).form(new) | WORDS | {"kind": "outcome", "name": "<Warm>"}
    mine = pages.get(address).form(address) | {"definition": "Mine.\nStill mine."}
    parts = pages.get(split).form(split) | {"names": "Gifts\nSkills"}
    pages.post(discard, pages.get(discard).form(discard))

    gone = pages.post(new, warm, status=409)
    assert gone.one("h1").text == "The draft is gone. Your words are here"
    assert "Ada Bright has thrown the draft away" in gone.words()
    assert "Name <Warm>" in gone.words()
    assert "It was there again." in gone.words()
    assert pages.post(split, parts, status=409).form(split)["names"] == "Gifts\nSkills"
    shown = pages.post(address, mine, status=409)
    assert "There is no draft" in pages.get("/framework-draft").words()

    draft = pages.post(new, gone.form(new))
    assert draft.one("li", id="warm").text.split()[:2] == ["<Warm>", "New"]
    pages.post(address, pages.get(address).form(address) | {"definition": "Theirs."})
    clash = pages.post(address, shown.form(address), status=409)
    assert "Somebody changed this code while you wrote" in clash.words()
    assert clash.form(address)["definition"] == "Mine.\nStill mine."

    look = "/framework-draft/publish"
    why = pages.get(look).form(look) | {"why": "It was cold"}
    pages.post(look, why)
    late = pages.post(look, why | {"why": "It is warm"}, status=409)
    assert "Ada Bright has published the draft as version 2" in late.words()
    assert "It is warm" in late.words()
    assert not late.all("input", name="begin")


def draft_of(engine):
    with reading(engine) as session:
        return session.exec(select(FrameworkDraft)).one()


def test_a_choice_on_words_that_nobody_checked_is_refused_on_the_list(
    pages, client, engine, desk, ada
):
    story_id = tell(engine, desk, "The bus never comes.")
    ada = dataclasses.replace(ada, may_change_frameworks=True)
    decide(engine, ada)
    publish(engine, ada, split_adapting)
    name = read_again(engine, desk, story_id, None)
    with transaction(engine) as session:
        row, number = session.exec(select(Coding)).one(), session.exec(select(Moved.id)).one()
        place = {"transcript_id": row.transcript_id, "start": row.start, "end": row.end}
        session.add(Doubt(story_id=row.story_id, marks="low-confidence", **place))
    listed = pages.get(f"/framework-versions/{name}/moved")
    assert "Nobody has checked these words yet. Listen to them" in listed.words()
    address = f"/framework-versions/{name}/moved/{number}"
    form = listed.form(address)
    refused = pages.post(address, form | {"code": "buses"}, status=422)
    assert "may have been misheard" in refused.one("a", href=f"#m{number}").text
    assert "checked" in refused.one("input", id=f"m{number}-buses").attributes
    assert "checked" not in refused.one("input", id=f"m{number}-buildings").attributes
    done = pages.post(address, refused.form(address) | {"code": ()})
    assert "none of them" in done.words()
    pages.post(address, form | {"code": "buses"}, status=409)
    back = done.form(address)
    pages.post(address, back)
    pages.post(address, form)
    stale = pages.post(address, back, status=409)
    assert stale.one("h1").text == "This has changed meanwhile"
    assert "Somebody has chosen meanwhile" in stale.words()

"""What is kept of unsent answers, how long, on whose phone or computer, and leaving."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from storybank.capture.drafts import KEPT, KEPT_ELSEWHERE
from storybank.db import transaction
from storybank.tables import Draft, Story, Upload, now
from tests.pages import Page, PageClient
from tests.web.test_spoken import OURS, speak
from tests.web.test_tell import WORDS, fill, tell, tone

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("places")]


def set_out(pages: PageClient, way: str = "write", **ticked: str) -> Page:
    """Go on from the page before the first word, with its box ticked or not."""
    return fill(pages, pages.get(f"/tell/before/{way}"), f"/tell/before/{way}", **ticked)


def lasts(pages: PageClient) -> bool:
    """Say whether the browser keeps the cookie of the answers when it is closed."""
    return (
        next(c for c in pages.client.cookies.jar if c.name == "storybank-draft").expires is not None
    )


def aged(engine: Engine, by: timedelta) -> None:
    """Make the last answer as old as this."""
    with transaction(engine) as session:
        row = session.exec(select(Draft)).one()
        row.updated_at = now() - by
        session.add(row)


@pytest.mark.parametrize("leave", ["/tell/delete", "/leave"])
def test_leaving_takes_the_answers_away(pages: PageClient, engine: Engine, leave: str) -> None:
    set_out(pages, own="yes")
    check = tell(pages)
    assert "You have started a story" in pages.get("/").words()
    if leave == "/leave":
        assert pages.client.get(leave, follow_redirects=False).status_code == 303
    else:
        fill(pages, check, leave)
    assert "You have started" not in pages.get("/").words()
    pages.get("/tell/check", status=404)
    with Session(engine) as session:
        assert session.exec(select(Draft)).all() == []


def test_a_link_elsewhere_that_leads_to_leaving_takes_nothing_away(pages: PageClient) -> None:
    tell(pages)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    pages.client.get("/leave", headers=foreign, follow_redirects=False)
    pages.get("/tell/check")


def test_on_ones_own_phone_a_story_can_be_continued_for_seven_days(
    pages: PageClient, engine: Engine
) -> None:
    write = set_out(pages, own="yes")
    fill(pages, write, "/tell/write", text=WORDS)
    assert lasts(pages)
    aged(engine, timedelta(days=6))
    home = pages.get("/")
    assert "You have started a story" in home.words()
    assert home.one("a", class_="govuk-button")["href"] == "/tell/where"
    aged(engine, timedelta(days=7, minutes=1))
    assert "You have started a story" not in pages.get("/").words()


def test_nobody_finds_the_story_of_whoever_sat_at_a_shared_computer_before(
    pages: PageClient, engine: Engine
) -> None:
    fill(pages, set_out(pages), "/tell/write", text=WORDS)
    assert not lasts(pages)
    assert "You have started" not in pages.get("/").words()
    page = pages.get("/tell/before/write", headers={"Referer": "http://testserver/"})
    assert page.one("h1").text == "A story was started in this browser"
    assert WORDS not in page.source
    assert "Carry on" not in page.source
    page = fill(pages, page, "/tell/before/write", unsent="delete")
    assert page.one("h1").text == "You can leave at any time"
    for own in ({}, {"own": "yes"}):
        assert WORDS not in set_out(pages, **own).source
    pages.get("/tell/where", status=404)


def test_who_comes_back_to_the_page_before_the_first_word_is_asked_before_all_is_deleted(
    pages: PageClient,
) -> None:
    before = pages.get("/tell/before/write")
    fill(pages, set_out(pages), "/tell/write", text=WORDS)
    # The browser's Back button may show the page as it was, from its memory.
    page = pages.post("/tell/before/write", before.form("/tell/before/write"), status=409)
    assert page.one("h1").text == "You have started a story"
    page = fill(pages, page, "/tell/before/write", unsent="carry-on")
    assert page.one("form", action="/tell/where")
    assert WORDS in pages.get("/tell/write").source


def test_going_back_from_a_question_offers_to_carry_on_on_the_page_before_it_too(
    pages: PageClient,
) -> None:
    fill(pages, set_out(pages), "/tell/write", text=WORDS)
    came = {"Referer": "http://testserver/tell/write"}
    page = pages.get("/tell/before/record?programme=warm-rooms", headers=came)
    assert [button["value"] for button in page.all("button", name="unsent")] == [
        "carry-on",
        "delete",
    ]


def test_who_goes_back_from_the_form_to_the_start_page_can_carry_on(pages: PageClient) -> None:
    fill(pages, set_out(pages), "/tell/write", text=WORDS)
    page = pages.get("/", headers={"Referer": "http://testserver/tell/where"})
    assert "You have started a story" in page.words()
    assert "7 days" not in page.words()


def test_a_story_of_which_nobody_said_that_it_is_kept_ends_after_some_hours(
    pages: PageClient, engine: Engine
) -> None:
    fill(pages, set_out(pages), "/tell/write", text=WORDS)
    aged(engine, timedelta(hours=5))
    said = pages.get("/tell/where", status=404).words()
    hours = KEPT_ELSEWHERE // timedelta(hours=1)
    assert f"{KEPT.days} days on your own phone or computer, and for {hours} hours on any" in said


def test_what_was_half_spoken_at_a_shared_computer_opens_for_some_hours_only(
    pages: PageClient, engine: Engine
) -> None:
    set_out(pages, "record")
    speak(pages.client, tone(2), whole=False)
    assert "We kept what you said" in pages.get("/tell/record").words()
    aged(engine, timedelta(hours=5))
    assert "We kept what you said" not in pages.get("/tell/record").words()
    assert pages.client.get("/tell/recording/begun").status_code == 404
    browser = OURS | {"Accept": "text/html"}
    assert pages.client.post("/tell/recording/kept", headers=browser).status_code == 404
    # The page that is still open, and was paused for so long, loses nothing.
    assert pages.client.post("/tell/recording/kept", headers=OURS).status_code == 201


def test_the_box_is_remembered_and_can_be_taken_back_with_the_story_still_there(
    pages: PageClient,
) -> None:
    fill(pages, set_out(pages, own="yes"), "/tell/write", text=WORDS)
    page = pages.get("/tell/before/write")
    form = page.form("/tell/before/write")
    assert form.pop("own") == "yes"
    pages.post("/tell/before/write", form | {"unsent": "carry-on"})
    assert not lasts(pages)
    assert WORDS in pages.get("/tell/write").source


def test_what_was_half_spoken_is_kept_as_long_as_its_draft(
    pages: PageClient, engine: Engine
) -> None:
    set_out(pages, "record", own="yes")
    speak(pages.client, tone(2), whole=False)
    with Session(engine) as session:
        left = session.exec(select(Upload)).one().expires_at - now()
    assert left > timedelta(days=6, hours=23)
    assert "You have started a story" in pages.get("/").words()


def test_speaking_anew_at_a_shared_computer_begins_with_nothing(pages: PageClient) -> None:
    set_out(pages, "record")
    speak(pages.client, tone(2), whole=False)
    assert not lasts(pages)
    set_out(pages, "record", unsent="delete")
    assert "We kept what you said" not in set_out(pages, "record").words()


def record(pages: PageClient) -> str:
    """Send a recording as the page does; gives where the page is told to go."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer: str = pages.client.post("/tell/recording", content=tone(), headers=headers).text
    return answer


@pytest.mark.parametrize("kept", ["recording", "words"])
@pytest.mark.parametrize("first", ["recording", "words"])
def test_words_and_a_recording_are_both_kept_until_the_teller_says_which_is_sent(
    pages: PageClient, engine: Engine, first: str, kept: str
) -> None:
    tell(pages)
    if first == "recording":
        record(pages)
        page = fill(pages, pages.get("/tell/which"), "/tell/which", which="recording")
        assert page.one("h1").text == "Check your answers"
        write = pages.get("/tell/write")
        assert "Your recording is kept" in write.words()
        assert "Length: 0:01" in write.words()
        assert write.one("audio")["src"] == "/tell/recording"
        assert [a["href"] for a in write.all("a") if "Go on with" in a.text] == ["/tell/check"]
        which = fill(pages, write, "/tell/write", text=WORDS)
    else:
        assert "What you wrote is kept" in pages.get("/tell/record").words()
        assert WORDS in pages.get("/tell/upload").words()
        assert record(pages) == "/tell/which"
        which = pages.get("/tell/check")
    assert which.one("h1").text == "Which of the two do you want to send?"
    assert WORDS in which.words()
    assert pages.client.get(which.one("audio")["src"]).content == tone()
    wrong = pages.post("/tell/which", which.form("/tell/which"), status=422)
    assert "Choose which of the two to send" in wrong.one("p", id="which-error").text
    check = fill(pages, wrong, "/tell/which", which=kept)
    assert check.one("h1").text == "Check your answers"
    assert (WORDS in check.words(), bool(check.all("audio"))) == (
        kept == "words",
        kept == "recording",
    )
    with Session(engine) as session:
        assert (session.exec(select(Draft.blob)).one() is None) == (kept == "words")


def test_who_goes_from_writing_to_the_recorder_finds_the_words_there(pages: PageClient) -> None:
    blank = fill(pages, set_out(pages), "/tell/write", text="  ", instead="record")
    assert "Tell it in your own voice" in blank.words()
    assert "What you wrote is kept" not in blank.words()
    words = fill(pages, pages.get("/tell/write"), "/tell/write", text=WORDS, instead="record")
    assert "What you wrote is kept" in words.words()
    assert WORDS in words.words()


def test_nothing_is_sent_before_the_teller_has_said_which(
    pages: PageClient, engine: Engine
) -> None:
    check = tell(pages)
    record(pages)
    page = fill(pages, check, "/tell/check")
    assert page.one("h1").text == "Which of the two do you want to send?"
    with Session(engine) as session:
        assert session.exec(select(Story)).all() == []


def test_what_was_written_in_another_tab_is_shown_before_anything_takes_its_place(
    pages: PageClient,
) -> None:
    first, second = pages.get("/tell/write"), pages.get("/tell/write")
    fill(pages, first, "/tell/write", text="FIRST: nobody asked us.")
    clash = pages.post(
        "/tell/write", second.form("/tell/write") | {"text": "SECOND: we ate."}, status=409
    )
    assert "Something else was written meanwhile" in clash.words()
    (notice,) = [n for n in clash.all("div", class_="sb-notice") if "hidden" not in n.attributes]
    assert "FIRST: nobody asked us." in notice.text
    assert clash.form("/tell/write")["text"] == "SECOND: we ate."
    assert pages.get("/tell/write").form("/tell/write")["text"] == "FIRST: nobody asked us."
    both = "FIRST: nobody asked us. SECOND: we ate."
    fill(pages, second, "/tell/write", text=both)  # holds what was kept, so nothing is lost
    pages.post("/tell/write", clash.form("/tell/write"), status=409)  # changed since it was shown
    assert pages.get("/tell/write").form("/tell/write")["text"] == both


def test_who_comes_back_to_the_form_after_sending_is_led_to_the_code(
    pages: PageClient, engine: Engine
) -> None:
    check = tell(pages)
    code = fill(pages, check, "/tell/check").one("p", id="code").text
    for back in ("/tell/check", "/tell/uses", "/tell/where"):
        assert pages.get(back).one("p", id="code").text == code
    assert fill(pages, check, "/tell/check").one("p", id="code").text == code
    with transaction(engine) as session:
        assert len(session.exec(select(Story)).all()) == 1
        session.exec(select(Story)).one().created_at -= timedelta(hours=1)
    assert pages.get("/tell/check", status=404).one("h1").text == "This is no longer here"

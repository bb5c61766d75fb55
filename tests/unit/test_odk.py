"""Filled-in forms of survey apps: what is read from them, and what is refused."""

import shutil
from dataclasses import replace

import pytest

from storybank.capture.odk import MOST_XML, read_submission, story_of
from storybank.capture.odk_form import FormTerms, make_form
from storybank.consent import SHIPPED, Translated
from storybank.errors import BadSubmission, UnknownForm
from storybank.tables import now
from tests.survey_apps import SPOKEN, filled, new_id

TERMS = FormTerms("thriving", "Thriving", "What changed?", (("rose-hill", "Rose Hill"),))
ARABIC = Translated("ar", (("هل ${x} <b>؟", "قال 'لا'"), *[("نعم؟", "")] * 4))
IN_ARABIC = replace(TERMS, wording=replace(SHIPPED, version="sport/1", translated=(ARABIC,)),
                    prompts=(("ar", "ماذا تغير؟"), ("pl", "Co?")))  # fmt: skip
HOSTILE = FormTerms("x", '<b>"A & ${b}"</b>', "Say ${wording} $ ]]> & <x/>", (("a", "É & <o>"),))
BOMB = b"""<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><data id="x">&b;</data>"""
FILE = b"""<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><data id="x"><t>&a;</t></data>"""


def test_the_same_terms_give_the_same_form_and_a_change_a_new_version() -> None:
    first = make_form(TERMS)
    assert make_form(FormTerms(*(getattr(TERMS, n) for n in TERMS.__slots__))) == first
    others = [
        FormTerms("thriving", "Thriving", "What changed for you?", TERMS.places),
        FormTerms("thriving", "Thriving", "What changed?", ()),
        FormTerms("thriving", "Thriving now", "What changed?", TERMS.places),
    ]
    versions = {first.version, *(make_form(other).version for other in others)}
    assert len(versions) == 4
    assert {make_form(other).id for other in others} == {first.id}
    assert f'version="{first.version}"'.encode() in first.xml


def test_the_form_asks_for_sound_that_whisper_can_hear() -> None:
    xml = make_form(TERMS).xml.decode()
    assert 'nodeset="/data/story_audio" type="binary"' in xml
    assert 'odk:quality="low"' in xml
    assert '<upload ref="/data/story_audio" mediatype="audio/*">' in xml


@pytest.mark.parametrize(
    "terms", [TERMS, HOSTILE, IN_ARABIC], ids=["plain", "hostile", "languages"]
)
def test_odk_validate_accepts_the_form(terms: FormTerms, tmp_path) -> None:
    if shutil.which("java") is None:
        pytest.skip("ODK Validate needs Java, which is not installed (default-jre-headless)")
    from pyxform.validators.odk_validate import check_xform

    path = tmp_path / "form.xml"
    path.write_bytes(make_form(terms).xml)
    assert check_xform(str(path)) == []  # it raises where the form is wrong


def test_a_written_story_is_read_with_all_its_answers() -> None:
    instance = new_id()
    found = read_submission(filled(instance))
    assert (found.instance_id, found.recording, found.deprecated_id) == (instance, None, None)
    story = story_of(found, "thriving", None, client_id="c")
    assert story.text == "They mended the lift at last."
    assert (story.place, story.told_on, story.happened) == (
        "blackbird-leys", "2026-11-01", "2026-05",
    )  # fmt: skip
    assert (story.teller, story.channel, story.client_id) == ("about-me", "odk", "c")
    consent = story.consent
    assert (consent.learn, consent.quote, consent.voice) == (True, True, False)
    assert (consent.how, consent.given_by, consent.wording) == ("helper", "teller", "2026-11")


def test_consent_asked_in_another_language_says_so() -> None:
    xml = make_form(IN_ARABIC).xml.decode()
    for part in ("Arabic (العربية)", "قال 'لا'", "ماذا تغير؟", "/data/consent_named_ar"):
        assert part in xml
    assert "Co?" not in xml, "no question is asked in that language"
    assert "asked_in" not in make_form(TERMS).xml.decode()
    uses = {f"consent_{use}_ar": "no" for use in ("quote", "voice", "publish", "named")}
    answers = {"asked_in": "ar", "consent_learn_ar": "yes", "wording": "sport/1"} | uses
    consent = story_of(read_submission(filled(new_id(), **answers)), "thriving", None).consent
    assert (consent.wording, consent.learn, consent.quote) == ("sport/1/ar", True, False)


def test_a_story_about_a_child_says_who_the_teller_is_to_them() -> None:
    child = {"teller": "about-a-child", "relation": "family"}
    story = story_of(read_submission(filled(new_id(), **child)), "thriving", None)
    assert (story.teller, story.consent.given_by) == ("about-a-child", "family")
    by_carer = filled(new_id(), given_by="carer", **child)
    assert story_of(read_submission(by_carer), "thriving", None).consent.given_by == "carer"
    xml = make_form(TERMS).xml.decode()
    assert "Leave out their name, their school and their street" in xml
    assert 'nodeset="/data/relation" type="string" required="true()" relevant=' in xml


def test_names_in_another_namespace_and_a_place_not_said_are_read() -> None:
    xml = filled(new_id(), place="rather-not-say").replace(
        b"<meta>", b'<orx:meta xmlns:orx="http://openrosa.org/xforms">'
    ).replace(b"</meta>", b"</orx:meta>").replace(b"instanceID>", b"orx:instanceID>")  # fmt: skip
    assert story_of(read_submission(xml), "thriving", None).place is None


@pytest.mark.parametrize("change", [
    {"consent_learn": ""}, {"consent_named": "perhaps"}, {"teller": "the-mayor"}, {"place": ""},
    {"told_on": ""}, {"told_on": "soon"}, {"happened": "long ago"},
    {"story_text": ""}, {"story_audio": "a.m4a"}, {"wording": ""}, {"given_by": "nobody"},
    {"asked_in": "ar"}, {"asked_in": "a/b"},
    {"teller": "about-a-child"}, {"teller": "about-a-child", "relation": "nobody"},
])  # fmt: skip
def test_an_answer_that_the_form_does_not_offer_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(BadSubmission):
        story_of(read_submission(filled(new_id(), **change)), "thriving", None)


def test_a_day_in_the_figures_of_the_phones_language_is_read() -> None:
    xml = filled(new_id(), told_on="٢٠٢٦-١١-٠١", happened="২০২৬-০৫-০১")
    story = story_of(read_submission(xml), "thriving", None)
    assert (story.told_on, story.happened) == ("2026-11-01", "2026-05")


def test_a_day_from_a_clock_that_runs_ahead_becomes_today() -> None:
    ahead = filled(new_id(), told_on="2999-01-01", happened="2999-01-01")
    story, today = story_of(read_submission(ahead), "thriving", None), now().date().isoformat()
    assert (story.told_on, story.happened) == (today, today[:7])


def test_a_form_of_another_programme_is_unknown() -> None:
    with pytest.raises(UnknownForm):
        story_of(read_submission(filled(new_id())), "health", None)


@pytest.mark.parametrize("xml", [
    b"", b"not xml", b"<data/>", b"\xff\xfe\x00", BOMB, FILE,
    filled("short"), filled(""), filled("uuid:" + "a" * 200), filled("uuid:../../etc"),
    filled(new_id()).replace(b' id="storybank-thriving"', b""),
    b'<data id="x">' + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</data>", b"x" * (MOST_XML + 1),
    filled(new_id(), **SPOKEN | {"story_audio": "../../etc/passwd"}),
    filled(new_id(), **SPOKEN | {"story_audio": "a\\b.m4a"}),
    filled(new_id(), **SPOKEN | {"story_audio": "a" * 300}),
], ids=range(16))  # fmt: skip
def test_hostile_xml_is_refused(xml: bytes) -> None:
    with pytest.raises(BadSubmission):
        read_submission(xml)


def test_a_million_tags_are_refused_unread():
    with pytest.raises(BadSubmission, match="tags"):
        read_submission(b"<data>" + b"<a/>" * 900_000 + b"</data>")

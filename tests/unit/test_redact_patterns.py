"""Details with a written form, found without any model."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybank.spans import apply_masks
from storybank.understand.redact.details import PRECEDENCE, detail, merged
from storybank.understand.redact.patterns import AREAS, is_nhs_number, is_phone
from storybank.understand.redact.placeholders import SHOWN, masks, placeholders
from storybank.understand.redact.redactor import pattern_details


def masked(text: str) -> str:
    found = merged(pattern_details(text), kept=placeholders(text))
    return apply_masks(text, masks(text, found))


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("ring 07700 900123 now", "ring [phone number] now"),
        ("ring 0 7 7 0 0 9 0 0 1 2 3 now", "ring [phone number] now"),
        ("ring +44 (0)7700 900 123.", "ring [phone number]."),
        ("(01632) 960 118 is the office", "[phone number] is the office"),
        ("I am at OX4 1AB.", "I am at [postcode]."),
        ("i am at ox41ab now", "i am at [postcode] now"),
        ("mail o.dee+home@example.co.uk!", "mail [email]!"),
        ("see facebook.com/odee.smith", "see [link]"),
        ("find @odee_99 there", "find [social media name] there"),
        ("NI AB 12 34 56 C here", "NI [National Insurance number] here"),
        ("ni ab123456c here", "ni [National Insurance number] here"),
        ("NHS number 999-123-4560", "NHS number [NHS number]"),
        (
            "sort code 20-00-00, account 12345678",
            "sort code [bank details], account [bank details]",
        ),
        ("case ref: HB/20394/A", "case ref: [reference number]"),
        ("case ref HB/2291/77 was closed", "case ref [reference number] was closed"),
        ("NI AB 12 34 56 was hers", "NI [National Insurance number] was hers"),
        ("the reg is AB12 CDE", "the reg is [vehicle registration]"),
        ("born 3 May 1961 there", "born [date of birth] there"),
        ("DOB 19.5.2016", "DOB [date of birth]"),
        ("born on the third of May nineteen sixty one", "born on [date of birth]"),
        ("date of birth: 1st January 1979", "date of birth: [date of birth]"),
        ("14 Elm Road is damp", "[address] is damp"),
        ("flat 3, 88 Kestrel Way.", "[address]."),
        ("i live at 22 west view close with mum", "i live at [address] with mum"),
        ("number 31 Inkerman Street", "[address]"),
        ("we are at 52 bellamy close, m14 7zl", "we are at [address], [postcode]"),
        ("2/1, 45 Garrioch Quadrant", "[address]"),
        ("he lives at Rose Cottage now", "he lives at [address] now"),
        ("at The Old Smithy, Chapel Lane, Pentre", "at [address], Pentre"),
        ("AT 4 GREATER LEYS ROAD TODAY", "AT [address] TODAY"),
        ("oh seven seven double oh nine hundred four five six", "[phone number]"),
        ("it is M thirteen nine P L ok", "it is [postcode] ok"),
        ("at em thirteen nine pee ell, off it", "at [postcode], off it"),
        ("ox four, three dee double you", "[postcode]"),
        ("cue cue one two three four five six cee", "[National Insurance number]"),
        ("his name is spelt K A R I M", "his name is spelt [person 1]"),
        ("it's spelled o-k-a-f-o-r, she said", "it's spelled [person 1], she said"),
        ("spelt K for kite, O, F, I. I left", "spelt [person 1]. I left"),
        ("spelt K O F I. I live near", "spelt [person 1]. I live near"),
        ("spelt K. O. F. I. I live near", "spelt [person 1]. I live near"),
        ("spelt l e v i and i live near", "spelt [person 1] and i live near"),
        ("spelt k o f i i live near", "spelt [person 1] i live near"),
        ("spelt k o f i i was born here", "spelt [person 1] i was born here"),
        ("spelt K A R E N I live near", "spelt [person 1] I live near"),
        ("spelt K A R E N. I have two", "spelt [person 1]. I have two"),
        ("name is spelt N A O M I was ill", "name is spelt [person 1] was ill"),
        ("name is spelt N A O M I lives here", "name is spelt [person 1] lives here"),
        ("her name's spelt M I A she is five", "her name's spelt [person 1] she is five"),
        ("is spelt A L I my brother is deaf", "is spelt [person 1] my brother is deaf"),
        ("is called it, spelt I D A she lives", "is called it, spelt [person 1] she lives"),
        ("it is spelt E V A her mum rang", "it is spelt [person 1] her mum rang"),
        ("It's spelt a-n-a my friend", "It's spelt [person 1] my friend"),
        ("it's spelt K-O-F-I-I live near", "it's spelt [person 1] live near"),
        ("it's spelt K A R I M A she is kind.", "it's spelt [person 1] she is kind."),
        ("My NI is AB 123 456.", "My NI is [National Insurance number]."),
        (
            "NI number AB 123 456 or AB 12 3456",
            "NI number [National Insurance number] or [National Insurance number]",
        ),
        ("NI no. AB 123 456, she said", "NI no. [National Insurance number], she said"),
        ("national insurance no: 12-34-56", "national insurance no: [National Insurance number]"),
        ("we live in Rowan Bank, the cul-de-sac", "we live in [street], the cul-de-sac"),
        ("We moved to Holly Side", "We moved to [street]"),
        ("in Flat 12 on the second floor of Hockmore Tower.", "in [address]."),
        ("a house called The Willows on Church Lane", "a house called [address] on Church Lane"),
        ("I live at The Willows.", "I live at [address]."),
        ("J for Juliet, G for golf, ten thirty seven fifty nine, A", "[National Insurance number]"),
        ("write to o dot dee at example dot com", "write to [email]"),
        ("email is o dee at example dot com ok", "email is [email] ok"),
        ("bea dot odee at example dot co dot uk", "[email]"),
    ],
)
def test_a_written_or_spoken_detail_gets_its_placeholder(told, shown):
    assert masked(told) == shown


@pytest.mark.parametrize(
    "told",
    [
        "We met on Grace Street near the bridge.",
        "It cost £07700 or 12,500 pounds in 2019-2020.",
        "The 16 goes at 10.30, five minutes down the road.",
        "Three different streets, two miles up a hill, a 3 bed house, 20 years in one street.",
        "I was born in Kingston and came here on 4 March 2022.",
        "See www.oxford.gov.uk for the forms.",
        "One two three four, off we go; seven times nine is sixty three.",
        "My case was closed in 2019 and the claim took 12 weeks.",
        "We won 2-1 at 3 o'clock, at ten past four there were 300 of us.",
        "Room 12 on the second floor.",
        "They spelt out A B C for the kids, in S, M and L.",
        "It has in its name a B C shop and no more.",
        "In the bill the ref is AB 123 456 and the NI office shut. We moved to Florence Park.",
        "Her NI letter, the one that nobody could read for weeks, was AB 12345678.",
        "The public house called The Bell shut, then a care house called Elm View.",
        "We stood by Hockmore Tower on the second floor landing.",
        "A 10 minute walk, 3 bus stops and 2 more shops close.",
    ],
)
def test_what_tells_nobody_who_it_was_is_kept(told):
    assert masked(told) == told


def phone_numbers():
    digits = st.from_regex(r"07700900[0-9]{3}|0163296[0-9]{4}|0207946[0-9]{4}", fullmatch=True)
    gaps = st.lists(st.sampled_from(["", "", " ", "-", "  "]), min_size=12, max_size=12)
    return st.builds(spread, digits, gaps)


def spread(digits: str, gaps: list[str]) -> str:
    return "".join(digit + gap for digit, gap in zip(digits[:-1], gaps, strict=False)) + digits[-1]


def postcodes():
    inward = st.from_regex(r"[0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True)
    return st.builds(
        lambda area, n, gap, end: f"{area}{n}{gap}{end}",
        st.sampled_from(AREAS), st.integers(1, 20), st.sampled_from(["", " ", "  "]), inward,
    )  # fmt: skip


def ni_numbers():
    return st.from_regex(r"(AB|JG|NX|SR) ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]", fullmatch=True)


def birth_dates():
    date = st.from_regex(
        r"(born|dob|date of birth:) ([1-9]|1[0-9]|2[0-8])"
        r"(/|\.|-)(0[1-9]|1[0-2])(/|\.|-)19[0-9]{2}",
        fullmatch=True,
    )
    return date


def said_aloud(digits: str) -> str:
    words = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return " ".join(words[int(digit)] for digit in digits if digit.isdigit())


KINDS = st.one_of(phone_numbers(), postcodes(), ni_numbers(), phone_numbers().map(said_aloud))
AROUND = st.sampled_from(
    ["we had tea", "the hall was full, and", "so it goes.", "(she wrote)", "it is:", "é 😀 then"]
)
CASES = st.sampled_from([str.lower, str.upper, str])


@given(KINDS, CASES, AROUND, AROUND)
def test_no_identifier_is_left_whatever_its_case_and_spacing(identifier, case, before, after):
    text = f"{before} {case(identifier)} {after}"

    shown = masked(text)

    assert case(identifier) not in shown
    assert not re.search(r"\d{3}", shown)
    assert shown.startswith(before)
    assert shown.endswith(after)
    assert masked(shown) == shown


@given(birth_dates(), AROUND)
def test_no_date_of_birth_is_left(born, before):
    shown = masked(f"{before} {born} and so on")

    assert "[date of birth] and so on" in shown
    assert not re.search(r"\d", shown)


@given(st.text(max_size=80), KINDS, st.text(max_size=80))
def test_in_any_text_at_all_masks_are_in_order_and_masking_twice_is_masking_once(a, identifier, b):
    text = f"{a} {identifier} {b}"
    found = masks(text, merged(pattern_details(text), kept=placeholders(text)))

    assert all(0 <= m.span.start < m.span.end <= len(text) for m in found)
    assert all(one.span.end <= two.span.start for one, two in pairwise(found))
    shown = apply_masks(text, found)
    assert masked(shown) == shown


def test_every_kind_has_a_placeholder_that_is_left_alone():
    assert set(SHOWN) | {"person"} == set(PRECEDENCE)
    shown = " ".join([*SHOWN.values(), "[person 12]"])
    assert len(placeholders(shown)) == len(SHOWN) + 1
    assert masked(shown) == shown


def test_details_that_overlap_become_one_of_the_weightier_kind():
    found = merged([detail(5, 9, "address"), detail(0, 6, "postcode"), detail(12, 14, "person")])

    assert found == [detail(0, 9, "postcode"), detail(12, 14, "person")]


def test_words_in_brackets_that_are_not_ours_do_not_hide_a_number():
    assert masked("[NHS 999 123 4560]") == "[NHS [NHS number]]"
    assert masked("[07700 900123]") == "[[phone number]]"


def test_check_digits_and_numbering():
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765918")
    assert not is_nhs_number("943476591")
    assert is_phone("07700900123")
    assert not is_phone("12345678901")
    assert is_phone("48221234567", plus=True)


def names(text: str, *people: str) -> str:
    details = [
        detail(match.start(), match.end(), "person")
        for match in re.finditer("|".join(people), text)
    ]
    return apply_masks(text, masks(text, details))


def test_a_person_keeps_one_number_by_any_part_or_short_form_of_the_name():
    text = "Bo rang. Margaret Okonkwo came, Maggie sang, then Okonkwo and bo left with Ada."

    shown = names(text, "Margaret Okonkwo", "Maggie", "Okonkwo", "Bo", "bo", "Ada")

    assert shown == (
        "[person 1] rang. [person 2] came, [person 2] sang, "
        "then [person 2] and [person 1] left with [person 3]."
    )

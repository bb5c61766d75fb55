"""Places that a council knows: wards are kept, homes are not, in any case of letters."""

import re

import pytest

from storybank.capture.starting import starting_list
from storybank.spans import apply_masks
from storybank.understand.redact.known import KnownPlace
from storybank.understand.redact.redactor import PresidioRedactor

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def wards(engines):
    return engines.redactor_knowing(starting_list().places)


def shown(redactor, text):
    return apply_masks(text, redactor.find(text))


def test_places_handed_over_are_not_guessed_to_be_persons(engines):
    told = "We walked over from Wolvercote. Wolvercote sang. I met Latisha."
    known = PresidioRedactor(engines.nlp, ["Wolvercote"])

    assert "Wolvercote sang" not in shown(PresidioRedactor(engines.nlp), told)
    assert (
        shown(known, told) == "We walked over from Wolvercote. Wolvercote sang. I met [person 1]."
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Barton never gets a mention, nor does osney.",
         "Barton never gets a mention, nor does osney."),
        # Where somebody of that name is in the story, only "in Barton" is surely the place.
        ("Mrs Barton lives in Barton. Sue Barton wrote to Barton.",
         "Mrs [person 1] lives in Barton. [person 1] wrote to [person 1]."),
        ("We moved to Wood Farm, then to Florence Park. They live at Hill Farm.",
         "We moved to Wood Farm, then to Florence Park. They live at [address]."),
        ("my neighbour sue barton helped. barton is nice, but in barton on barton road it rains",
         "my neighbour [person 1] helped. [person 1, my neighbour] is nice, but in barton on "
         "barton road it rains"),
        ("my friend will barton is ill", "my friend [person 1] is ill"),
        ("my carer was called cowley green", "my carer was called [person 1]"),
        ("the estate was called cowley green", "the estate was called cowley green"),
        ("Marston Brown helps at the food bank.", "[person 1] helps at the food bank."),
        ("In Barton Denise sang, in Old Marston nobody.",
         "In Barton [person 1] sang, in Old Marston nobody."),
        ("they are kind here. dawn marston cooks, sue barton said so",
         "they are kind here. [person 1] cooks, [person 2] said so"),
        ("will barton get a crossing? i hope barton does", None),
    ],
)  # fmt: skip
def test_a_ward_is_kept_and_a_person_of_its_name_is_not(wards, told, expected):
    assert shown(wards, told) == (expected or told)


@pytest.mark.parametrize(
    "told",
    [
        "The landlord, Churchill, put the rent up. Churchill threatened me.",
        "The manager was called Holywell and Holywell never listened.",
        "Marston has diabetes and Marston needs help.",
        "I met Marston. then we rang churchill again",
        "Then Marston, the caretaker, fixed it.",
        "Churchill's wife lives with Marston now. I met Holywell through the club.",
    ],
)
def test_a_bare_surname_that_is_a_ward_too_is_masked_where_a_person_is_meant(wards, told):
    seen = shown(wards, told).lower()
    assert not {"churchill", "holywell", "marston"} & set(re.findall(r"\w+", seen))


@pytest.mark.parametrize(
    "told",
    [
        "A woman from Barton said hello. People in Marston and Barton told us the same.",
        "We met Barton residents. I rang Cowley library. An area called Barton has no bank.",
        "Barton needs a crossing, Cowley has three. When we moved to Barton, the caretaker came.",
        "I love Barton, my neighbours are kind. Barton's children need a park.",
        "Cowley has a stroke unit. Marston gets asthma nurses. Old Marston said no to the road.",
        "It used to be called Marston. Marston is our home and Barton is in the papers.",
    ],
)
def test_a_ward_is_kept_where_people_are_spoken_of_beside_it(wards, told):
    assert shown(wards, told) == told


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("My name is Kofi, spelt K O F I. I live near Kofi's shop.",
         "My name is [person 1], spelt [person 1]. I live near [person 1]'s shop."),
        ("My name is Kofi Mensah, spelt K O F I. Then Mensah left.",
         "My name is [person 1], spelt [person 1]. Then [person 1] left."),
        ("It's spelt K A R I M A she is kind. karima is good.",
         "It's spelt [person 1] she is kind. [person 1] is good."),
        ("spelt H O P E, and we hope for better. There is no hope. Hope said so.",
         "spelt [person 1], and we hope for better. There is no hope. [person 1] said so."),
        ("it's spelled o-k-a-f-o-r, okafor, and Ada rang",
         "it's spelled [person 1], [person 1], and [person 2] rang"),
    ],
)  # fmt: skip
def test_a_spelt_name_is_one_person_with_the_name_and_no_more_is_lost(wards, told, expected):
    assert shown(wards, told) == expected


def test_known_places_are_masked_in_any_case_and_kept_ones_are_not(engines):
    known = [
        KnownPlace("Larkrise Primary School", "school"),
        KnownPlace("Donnington Surgery", "gp_practice"),
        KnownPlace("Elm Road", "street"), KnownPlace("Latisha House", "kept"),
    ]  # fmt: skip
    redactor = engines.redactor_knowing((), known)

    assert (
        shown(
            redactor,
            "he went to larkrise primary sch, then Donnington Surgery. 14 elm rd, Latisha House.",
        )
        == "he went to [school], then [GP practice]. [address], Latisha House."
    )
    assert redactor.rules_id.startswith("masking-9+")

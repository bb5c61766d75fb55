"""Places that a council knows: wards are kept, homes are not, in any case of letters."""

import pytest

from storybank.spans import apply_masks
from storybank.understand.redact import PresidioRedactor
from storybank.understand.redact.known import KnownPlace

pytestmark = pytest.mark.weights


def shown(redactor, text):
    return apply_masks(text, redactor.find(text))


def test_places_handed_over_are_never_persons(engines):
    told = "I met Wolvercote. I met Latisha."

    assert "Wolvercote" not in shown(PresidioRedactor(engines.nlp), told)
    assert (
        shown(PresidioRedactor(engines.nlp, ["Wolvercote"]), told)
        == "I met Wolvercote. I met [person 1]."
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
    ],
)  # fmt: skip
def test_a_ward_is_kept_and_a_person_of_its_name_is_not(engines, told, expected):
    redactor = PresidioRedactor(engines.nlp, ["Barton & Sandhills", "Osney"])
    assert shown(redactor, told) == expected


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
    assert redactor.rules_id.startswith("masking-5+")

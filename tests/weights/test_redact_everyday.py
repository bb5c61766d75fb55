"""Masking with the real pipeline: everyday words that are names, and those that are none."""

import pytest

from storybank.capture.starting import starting_list
from storybank.spans import apply_masks
from storybank.understand.redact.finder import LIKELY

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def redactor(engines):
    return engines.redactor_knowing(starting_list().places)


def shown(redactor, text):
    return apply_masks(text, redactor.find(text))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("On Friday I told Badger about it. Shorty said it was the drains, and Moss laughed.",
         "On Friday I told [person 1] about it. [person 2] said it was the drains, and [person 3] "
         "laughed."),
        ("Chips Potter was clear. Present: Carol West, T. Shepherd. We asked Mr Black as well.",
         "[person 1] was clear. Present: [person 2], [person 3]. We asked Mr [person 4] as well."),
        ('He shouted "Storm" across the room. Someone, a Pepper somebody, rang.',
         'He shouted "[person 1]" across the room. Someone, a [person 2] somebody, rang.'),
        ("It was cold all winter and I was glad of the help.\n\nThank you\nRose",
         "It was cold all winter and I was glad of the help.\n\nThank you\n[person 1]"),
        ("My cousin Sunday Adeyemi rang Ramesh bhai on Sunday. Mama Blessing, Chief Executive, no.",
         "My cousin [person 1] rang [person 2] on Sunday. Mama [person 3], Chief Executive, no."),
        ("my mate trigger said it was me and pepper who broke it, then badger laughed",
         "my mate [person 1] said it was me and [person 2] who broke it, then [person 3] laughed"),
        ("i asked maureen potter and then dr bird came. her son will does the shopping",
         "i asked [person 1] and then dr [person 2] came. her son [person 3] does the "
         "shopping"),
        ("we had tea with christelle after. i told aiden about it, and fabiana did the teas",
         "we had tea with [person 1] after. i told [person 2] about it, and [person 3] did "
         "the teas"),
        ("a cleaner in the building, ray, sits with him. mr west and t. shepherd came",
         "a cleaner in the building, [person 1], sits with him. mr [person 2] and [person 3] came"),
    ],
)  # fmt: skip
def test_everyday_words_are_names_where_a_person_would_stand(redactor, told, expected):
    assert shown(redactor, told) == expected


@pytest.mark.parametrize(
    "told",
    [
        "I told Housing and Adult Social Care. Florence Park has the best trees, East Ham none.",
        "The Women's Institute met on Tuesday in Year 9. Turning Point said no. Letter came.",
        "we saw a badger by the moss, and with pepper on it the biscuit was tiny but bright",
        "i will miss school. the rose garden and the holly bush are lovely green. hope is all",
        "Plan B. Shepherd the children out.",
        "I went from Morecambe to Kirkby and bought a Fiesta. It was Tamil New Year.",
    ],
)
def test_words_that_name_no_person_stay_readable(redactor, told):
    assert shown(redactor, told) == told


def test_what_only_a_capital_tells_is_marked_as_unsure(redactor):
    (mask,) = redactor.find("On Friday I told Badger about it and that was that.")

    assert mask.sure < LIKELY

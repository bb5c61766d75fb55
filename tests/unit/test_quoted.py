"""Whose words are whose: quotations as people set them, and as they forget to."""

import re

import pytest

from storybank.understand.quoted import quoted, untouched
from storybank.values import Span
from tests.growth import IN_LINE, growth

LABEL = re.compile(r"hard\s+to\s+reach")


def left(text: str) -> list[bool]:
    """Say of each label in `text` whether it stands outside of every quotation."""
    spans = [Span(*found.span()) for found in LABEL.finditer(text)]
    own = set(untouched(spans, quoted(text)))
    return [span in own for span in spans]


@pytest.mark.parametrize(
    "text",
    [
        '"I was poor\nand hard to reach," she said.',
        '"I was poor\r\nand hard to reach," she said.',
        '"He called me "a case" and hard to reach," she said.',
        "“He said “a case” and left me, hard to reach,” she said.",
        "\"I am 'hard to reach',\" she said.",
        "'He said \"no\" and I am hard to reach,' she said",
        "'They said 'a case,' and hard to reach,' she said.",
    ],
)
def test_a_quotation_holds_others_and_goes_over_lines(text: str) -> None:
    assert left(text) == [False]


@pytest.mark.parametrize("opens", ["", "\u201c"])
def test_a_pasted_story_is_one_quotation_whichever_way_its_paragraphs_begin(opens: str) -> None:
    story = f"I was ill.\n\n{opens}They said hard to reach.\n\n{opens}Hard, I say."
    assert left(f"She told me: \u201c{story}\u201d They are hard to reach.") == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "'My kids' worker called us hard to reach,' she said.",
        "'My kids' worker called us hard to reach' she said.",
        "\u2018My kids\u2019 worker called us hard to reach,\u2019 she said.",
        "'They was goin' on to 'em about hard to reach cases,' she said.",
        "'Cause I'm hard to reach,' she said.",
        "'I am a mum.\n\nMy kids' den is hard to reach.\n\nThat is all.'",
    ],
)
def test_an_apostrophe_closes_no_quotation(text: str) -> None:
    assert left(text) == [False]


@pytest.mark.parametrize(
    "text",
    [
        'She said "I am\nhard to reach',
        "He called himself 'hard to reach and left.",
        'I am hard to reach," she said.',
        "I am hard to reach,' she said.",
        'He said"I am hard to reach"',
        'He said " I am hard to reach " and left',
        'He said:" I am hard to reach "',
        '"I am 5\'4" and hard to reach," she said.',
        "''I am hard to reach'' she said",
        "`I am hard to reach' she said",
        "\u201dI am hard to reach\u201d he said",
        "\u2019I am hard to reach,\u2019 he said",
    ],
)
def test_marks_forgotten_doubled_or_set_wrong_still_quote(text: str) -> None:
    assert left(text) == [False]


@pytest.mark.parametrize(
    "text",
    [
        "\u00bbI am hard to reach\u00ab he said",
        "\u201eI am hard to reach\u201d he said",
        "\u300chard to reach\u300d",
        "\u2039hard to reach\u203a",
        '**"I am hard to reach"**',
        "(\u201chard to reach\u201d)",
        "   > I am hard to reach",
        "\t> I am hard to reach",
        "> I am\r\nhard to reach\r\n",
    ],
)
def test_other_ways_of_quoting_count(text: str) -> None:
    assert left(text) == [False]


@pytest.mark.parametrize(
    "text",
    [
        "The kids' den isn't for hard to reach, 'cause it's full.",
        "The Joneses' and Smiths' are hard to reach since the '90s.",
        "rock 'n' roll, goin' on, hard to reach, tell 'em. It's O'Neil's.",
        "James' hard to reach",
        "He is 5'4\" and hard to reach.",
        'The 6" pipe and the 12" pipe, hard to reach.',
        'She said "yes". They are hard to reach. He said "no".',
        "'A club,' he said. They are hard to reach. 'Fine,' she said.",
        "\u2018A club,\u2019 he said. They\u2019re hard to reach. \u2018Fine,\u2019 she said.",
        "He calls it 'a club'. They are hard to reach. It is 'fine'.",
        "\u00abA\u00bb he said. hard to reach. \u201eB\u201c she said.",
        "> I am\n\nThey are hard to reach",
        'She said "yes\n\nThey are hard to reach',
        "a > b, hard to reach",
        "\u201cOne.\n\n\u201cTwo.\u201d They are hard to reach",
    ],
)
def test_a_writers_own_words_are_not_taken_for_a_quotation(text: str) -> None:
    assert left(text) == [True]


@pytest.mark.parametrize(
    "text",
    ["'a ", "so 'a ", 'a" ', "“a ", '"a" ', "> a\n", "a,' ", '6" ', "‘’", '"\n\n', "''", "s' "],
)
def test_marks_take_time_in_line(text: str) -> None:
    quoted(text * 10)
    assert growth(lambda times: quoted(text * times), 5_000) < IN_LINE


def test_quotations_come_in_order_and_none_touches_another() -> None:
    text = '"a" b "c \'d\' e" f \'g "h" i\' j\n> k "l'
    spans = quoted(text)
    assert [span.of(text) for span in spans] == [
        '"a"',
        "\"c 'd' e\"",
        "'g \"h\" i'",
        '> k "l',
    ]

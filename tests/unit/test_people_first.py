"""The language check's patterns, quotations, word list, and reading age, without weights."""

from pathlib import Path

import pytest

from storybank.errors import BadWordList
from storybank.evaluate.language import Marked, read_gold, score
from storybank.framework import models_folder
from storybank.understand.people_first import LanguageCheck, load_words
from storybank.understand.phrases import Phrase
from storybank.understand.reading_age import reading_age, syllables_of
from tests.fakes import plain_nlp
from tests.growth import IN_LINE, growth

LIST = models_folder() / "language" / "people-first.toml"
GOLD = models_folder() / "gold" / "language"


@pytest.fixture(scope="module")
def checker() -> LanguageCheck:
    return LanguageCheck(plain_nlp(), load_words(LIST))


def words(checker: LanguageCheck, text: str) -> list[str]:
    return [found.words for found in checker.check(text)]


def test_the_list_holds_what_it_promises() -> None:
    listed = load_words(LIST)
    assert len(listed.entry) >= 150
    for entry in listed.entry:
        assert entry.find, entry.id
        assert entry.suggest, entry.id
        assert entry.why.endswith("."), entry.id
        for pattern in (*entry.find, *entry.unless):
            Phrase(pattern)
    assert {entry.source for entry in listed.entry} == set(listed.sources)


def test_the_gold_set_is_large_enough_and_marks_every_entry() -> None:
    plain, marked = read_gold(GOLD)
    assert len(plain) >= 300
    assert len(marked) >= 150
    lines = (GOLD / "marked.jsonl").read_text("utf-8")
    assert [e.id for e in load_words(LIST).entry if f'"entry": "{e.id}"' not in lines] == []


def test_findings_stand_where_they_say(checker: LanguageCheck) -> None:
    text = "😀 Our service users are hard-to-reach.\nThey DNA\u2019d twice."
    found = checker.check(text)
    assert [f.words for f in found] == ["service users", "hard-to-reach", "DNA\u2019d"]
    assert all(f.span.of(text) == f.words and f.why and f.suggest for f in found)


@pytest.mark.parametrize(
    "text",
    [
        'She said: "I am a service user and hard to reach."',
        "\u201cI am a service user,\u201d he said.",
        "He called himself \u2018a service user\u2019.",
        "'I am a service user,' he said.",
        "> I am a service user",
        'They wrote "I am a service user',
    ],
)
def test_what_somebody_said_is_left_alone(checker: LanguageCheck, text: str) -> None:
    assert words(checker, text) == []


def test_a_quotation_is_left_alone_where_only_its_beginning_is_looked_at(
    checker: LanguageCheck,
) -> None:
    text = 'Hard to reach. She said: "Hard to reach.\n\nHard to reach.\n\nHard to reach."'
    assert words(checker, text) == ["Hard to reach"]
    assert [found.span.start for found in checker.check(text, 60)] == [0]
    assert [found.span.start for found in checker.check("Hard to reach. " * 2, 15)] == [0]


def test_a_list_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "list.toml"
    for broken in ("[", "[sources]\n[[entry]]\nid = 1", 'entry = []\nsources = "x"'):
        file.write_text(broken)
        with pytest.raises(BadWordList):
            load_words(file)
    for pattern in ("", "of? case", "* case", "case |"):
        with pytest.raises(BadWordList):
            Phrase(pattern)


def test_the_score_counts_what_is_missed_and_false_alarms(checker: LanguageCheck) -> None:
    marked = [Marked(id="m", text="Our service users sing.", findings=("service users", "sing"))]
    plain = [Marked(id="p", text="The service users' bus is late again today my friends")]
    result = score(plain, marked, checker)
    assert (result.recall, len(result.missed)) == (0.5, 1)
    assert result.alarms_per_thousand == 100.0


HELD_OUT = """bakery 3 carpet 2 chapel 2 children 2 cousin 2 danced 1 dishes 2 dreamed 1 easier 3
evening 2 fairness 2 fences 2 friendly 2 garage 2 grandmother 3 greener 2 happened 2 heating 2
invited 3 jumped 1 kettle 2 landlord 2 leaving 2 medicine 3 mosque 1 noisy 2 officer 3 opened 2
parade 2 pencil 2 pension 2 playing 2 recipe 3 remember 3 repair 2 roses 2 rubbish 2 saved 1
school 1 shelter 2 sign 1 silence 2 stayed 1 summer 2 talked 1 theirs 1 together 3 treated 2
trouble 2 uncle 2 valued 2 village 2 visited 3 volunteer 3 waited 2 walked 1 weather 2 welcome 2
windows 2 workplace 2"""


def test_syllables_are_counted_well_enough() -> None:
    """The rules were made looking at other words than these."""
    told = HELD_OUT.split()
    pairs = [(w, int(n)) for w, n in zip(told[::2], told[1::2], strict=True)]
    wrong = [w for w, n in pairs if syllables_of(w) != n]
    assert len(wrong) <= 0.07 * len(pairs), wrong


def test_reading_age_tells_easy_from_hard() -> None:
    easy = reading_age(plain_nlp(), "The dog ran. We had tea. It was a good day for us all.")
    hard = reading_age(
        plain_nlp(),
        "Participation necessitates the completion of comprehensive documentation, facilitating "
        "subsequent evaluation of organisational effectiveness by authorised representatives.",
    )
    assert easy is not None
    assert hard is not None
    assert easy.years == 5.0
    assert hard.years > 18
    assert "organisational" in hard.hard
    assert reading_age(plain_nlp(), "😀 ...") is None


@pytest.mark.parametrize(
    "text",
    [
        "the case was hard to reach and ",
        "😀",
        "a",
        '"',
        "'a",
        '"a" service user ',
        "<b>client</b>\x00\x07",
        "по the случай case 案例 ",
    ],
    ids=["endless", "emoji", "one word", "marks", "apostrophes", "quotes", "markup", "mixed"],
)
def test_hostile_words_take_time_in_line(checker: LanguageCheck, text: str) -> None:
    nlp = plain_nlp()
    assert growth(lambda times: checker.check(text * times), 300) < IN_LINE
    assert growth(lambda times: reading_age(nlp, text * times), 300) < IN_LINE

"""What residents read is easy to read: reading age 9 to 11, page by page."""

import re
from collections import defaultdict

import pytest

from storybank.consent import SHIPPED
from storybank.understand.reading_age import reading_age
from tests.fakes import plain_nlp
from tests.house.test_translations import translations
from web.language import LOCALES

CEILING = 11.0
"""Years: the oldest that a reader of any page may have to be."""
ENOUGH_WORDS = 60
"""Fewer words tell nothing: such a page is measured together with the others of its folder."""


def groups() -> dict[str, str]:
    """Every English sentence that residents can meet, by the page or module it stands in."""
    found = defaultdict(list)
    for message in translations.read(LOCALES / "messages.pot"):
        if message.id:
            texts = [message.id] if isinstance(message.id, str) else list(message.id)
            plain = re.sub(r"<[^>]+>", "", "\n".join(texts))
            plain = re.sub(r"%\(\w+\)[sd]", "one", plain)
            for where, _ in message.locations[:1]:
                found[where].append(plain)
    pages = {where: "\n".join(texts) for where, texts in found.items()}
    small = {w: t for w, t in pages.items() if len(t.split()) < ENOUGH_WORDS}
    joined = defaultdict(list)
    for where, text in small.items():
        joined[f"{where.rsplit('/', 1)[0]}, short ones"].append(text)
    return {w: t for w, t in pages.items() if w not in small} | {
        folder: "\n".join(texts) for folder, texts in joined.items()
    }


def test_every_page_for_residents_is_easy_to_read() -> None:
    nlp = plain_nlp()
    ages = {where: reading_age(nlp, text) for where, text in groups().items()}
    assert len(ages) > 15
    hard = {where: age.years for where, age in ages.items() if age and age.years > CEILING}
    assert hard == {}, "shorten the longest sentences, and say it in everyday words"


@pytest.mark.parametrize("part", ["ask", "hint"])
def test_consent_is_asked_in_easy_words(part: str) -> None:
    text = "\n".join(getattr(question, part) for question in SHIPPED.questions)
    age = reading_age(plain_nlp(), text)
    assert age is not None
    assert age.years <= CEILING

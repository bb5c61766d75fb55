"""The words shown in place of a detail; a person keeps one number through a whole story."""

import re
from collections.abc import Iterator, Sequence

from storybank.understand.redact.details import Detail
from storybank.understand.redact.relations import role_of
from storybank.understand.redact.spelt import spelt_word
from storybank.understand.redact.words import NICKNAMES, TITLES
from storybank.values import Mask, Span

SHOWN = {
    "address": "[address]",
    "bank": "[bank details]",
    "card": "[card number]",
    "dob": "[date of birth]",
    "driving_licence": "[driving licence number]",
    "email": "[email]",
    "gp_practice": "[GP practice]",
    "handle": "[social media name]",
    "link": "[link]",
    "network_address": "[network address]",
    "nhs": "[NHS number]",
    "nino": "[National Insurance number]",
    "passport": "[passport number]",
    "phone": "[phone number]",
    "postcode": "[postcode]",
    "reference": "[reference number]",
    "school": "[school]",
    "street": "[street]",
    "vehicle": "[vehicle registration]",
}

_OURS = re.compile(
    r"\[(?:person \d+(?:, [a-z'\- ]{1,60})?|"
    + "|".join(re.escape(s[1:-1]) for s in SHOWN.values())
    + r")\]"
)
_NAME = re.compile(r"[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")


def placeholders(text: str) -> list[Span]:
    """Find what stands in `text` as a placeholder already, so that it is not masked again."""
    return [Span(*match.span()) for match in _OURS.finditer(text)]


def masks(text: str, details: Sequence[Detail]) -> tuple[Mask, ...]:
    """Turn ordered details of `text` into masks with their placeholders.

    Persons are numbered in the order in which they appear. Two names are one person where they
    share a word or its short form: "Margaret Okonkwo", "margaret", "Maggie", "Mrs Okonkwo". Where
    the text says what a person is to somebody ("her son"), the placeholder says it wherever the
    words beside it do not.
    """
    people = [d.span for d in details if d.kind == "person"]
    shown = iter(_people(text, people))
    return tuple(
        Mask(d.span, d.kind, next(shown) if d.kind == "person" else SHOWN[d.kind], d.sure)
        for d in details
    )


def _people(text: str, spans: Sequence[Span]) -> Iterator[str]:
    numbers = list(_numbered([span.of(text) for span in spans]))
    beside = [role_of(text, span) for span in spans]
    roles: dict[int, str] = {}
    for number, role in zip(numbers, beside, strict=True):
        if role:
            roles.setdefault(number, role)
    for number, here in zip(numbers, beside, strict=True):
        role = roles.get(number)
        yield f"[person {number}, {role}]" if role and not here else f"[person {number}]"


def _numbered(names: Sequence[str]) -> Iterator[int]:
    """Give each name's number; the longest names decide first who is who."""
    people: list[set[str]] = []
    whose: dict[int, int] = {}
    words = [_words(name) for name in names]
    for at in sorted(range(len(names)), key=lambda n: (-len(words[n]), n)):
        whose[at] = _person(people, words[at])
    order: dict[int, int] = {}
    return iter([order.setdefault(whose[at], len(order) + 1) for at in range(len(names))])


def _person(people: list[set[str]], words: list[str]) -> int:
    known = set().union(*(forms(word) for word in words)) if words else set()
    for number, person in enumerate(people):
        if set(words) <= person or (len(words) == 1 and known & person):
            return number
    people.append(set(words) or {""})
    return len(people) - 1


def _words(name: str) -> list[str]:
    spelt = spelt_word(name)
    if spelt is not None:
        return [spelt]
    found = [re.sub(r"['\u2019]s\Z", "", word.lower()) for word in _NAME.findall(name)]
    return [word for word in found if word not in TITLES and (len(word) > 1 or len(found) == 1)]


def forms(word: str) -> set[str]:
    """Give a given name with its long and short forms, in small letters."""
    rows = [set(row.split()) for row in NICKNAMES if word in row.split()]
    return {word}.union(*rows)

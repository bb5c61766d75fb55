"""How far a name reaches from its first word, and whether something public bears it."""

import re
from collections.abc import Callable, Sequence

from storybank.understand.redact.clues import ends_a_name, is_honoured
from storybank.understand.redact.given import GIVEN, NAMES_TOO
from storybank.understand.redact.surnames import SURNAMES
from storybank.understand.redact.surnames_more import ONLY_SURNAMES
from storybank.understand.redact.syllables import are_syllables, may_be_third
from storybank.understand.redact.tokens import Token, Tokens
from storybank.understand.redact.wordlist import words
from storybank.understand.redact.words import HONORIFICS, NEVER, PARTICLES, PUBLIC
from storybank.values import Span

MOST_WORDS = 4
_SURNAMES_TOO = frozenset(
    words("white black north south east west may day french english london ireland")
)
_PUBLIC_IN_SMALL = frozenset(
    words(
        "centre center school road street estate ward church surgery hospital library avenue lane "
        "close college academy mosque clinic house park court foundation trust fund"
    )
)
_NEXT_WORD = re.compile(r"(?:['\u2019]s?)? ([^\W\d_]+)")


def reach(
    text: str, row: Tokens, number: int, *, titled: bool, strange: Callable[[Token], bool]
) -> Span:
    """Give the whole name of which the word at `number` is known to be one.

    Initials before it and surnames after it belong to it; `titled` lets a surname be a word such
    as "Hill"; `strange` tells the words of small letters that no dictionary holds.
    """
    last = number
    for after in range(number + 1, min(number + MOST_WORDS, len(row))):
        third = last > number and text[row[last].end : row[after].start] == " "
        if third and may_be_third(row[number].low, row[last].low, row[after].low):
            last = after
            continue
        if not _goes_on(text, row, last, after, titled=titled, strange=strange):
            break
        last = after
    while last > number and row[last].low in PARTICLES and not row[last].capital:
        last -= 1
    return Span(row[first_of(text, row, number)].start, row[last].end)


def first_of(text: str, row: Tokens, number: int) -> int:
    """Give the number of the first initial before the word at `number`, or that word's own."""
    while number and _is_initial(text, row[number - 1], row[number]):
        number -= 1
    return number


def is_public(text: str, name: Span) -> bool:
    """Say whether the words around make it a place or a body: "Rose Hill", "St Chad's"."""
    if is_honoured(text, name.start):
        return True
    after = _NEXT_WORD.match(text, name.end)
    if after is None:
        return False
    word = after[1]
    return (word[0].isupper() and word.lower() in PUBLIC) or word in _PUBLIC_IN_SMALL


def is_body(words: Sequence[Token]) -> bool:
    """Say whether several words end as the names of places and bodies do: "Barton Leys"."""
    return len(words) > 1 and words[-1].low in PUBLIC and words[0].low not in GIVEN


def _goes_on(
    text: str,
    row: Tokens,
    last: int,
    after: int,
    *,
    titled: bool,
    strange: Callable[[Token], bool],
) -> bool:
    token, gap = row[after], text[row[last].end : row[after].start]
    if gap == " " and _joined(token.text) and row[last].capital:
        return True
    if gap != " " and not (gap in (". ", ".") and len(row[last].text) == 1):
        return False
    if token.capital:
        return titled if token.low in PUBLIC else _is_surname(token)
    if token.low in HONORIFICS:
        return row[last].low in GIVEN or strange(row[last])
    if token.low in PARTICLES:
        return after + 1 < len(row) and _after_particle(row[last], row[after + 1])
    if row[last].capital:
        return False
    return _ends_in_small(text, row[last], token) or strange(token)


def _after_particle(last: Token, token: Token) -> bool:
    """Whether a surname follows: "Ana dos Reis", "ana dos reis"."""
    if token.capital:
        return True
    if last.capital:
        return False
    return token.low in SURNAMES or token.low in GIVEN or (last.low in GIVEN and len(token.low) > 3)


def _ends_in_small(text: str, last: Token, token: Token) -> bool:
    """Whether a word of small letters is the next part of a name: "yuk lan", "isla rose"."""
    if are_syllables(last.low, token.low) or token.low in ONLY_SURNAMES:
        return True
    ends = ends_a_name(text, token.end)
    if token.low in SURNAMES:
        sure = last.low in GIVEN or last.low in PARTICLES
        return _may_end(text, token) if sure else ends
    if last.low in ("mac", "nic", "ap", "ab") or token.low in ("jr", "junior", "snr"):
        return True
    return token.low in NAMES_TOO and last.low in GIVEN | NAMES_TOO and ends


def _may_end(text: str, token: Token) -> bool:
    """Whether a surname that is an everyday word too ("hill") ends what is said of the person."""
    plain = token.low in PUBLIC or token.low in NEVER
    return not plain or ends_a_name(text, token.end)


def _joined(word: str) -> bool:
    """Whether a word is a particle and a surname in one: "al-Khatib", "d'Souza"."""
    first, _, rest = word.replace("\u2019", "-").replace("'", "-").partition("-")
    return (first in PARTICLES or first == "d") and rest[:1].isupper()


def _is_surname(token: Token) -> bool:
    return token.low not in NEVER or token.low in _SURNAMES_TOO


def _is_initial(text: str, before: Token, token: Token) -> bool:
    gap = text[before.end : token.start]
    if len(before.text) != 1 or gap not in (". ", ".") or before.text in ("a", "i", "I"):
        return False
    return before.capital or not token.capital

"""Read what was typed into the search box: words, "quoted phrases", -word and -"phrase"."""

import re
import unicodedata
from dataclasses import dataclass

MOST_CHARS = 1_000
MOST_TERMS = 50
MOST_PHRASES = 20
"""Nobody types more by hand; the rest of a pasted page is left out."""

_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"'))
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2013\u2212\ufe63\uff0d", "-"))
"""Curly and wide quotation marks, hyphens, en dash and minus, as phones and pasting make them."""

_TERM = re.compile(r'(?P<no>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Query:
    """What a person looks for.

    `words` may be in a story, and the more the better; a story must hold every one of `phrases`,
    and none of `without` (words or phrases). Terms are as typed, not stemmed.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def wanted(self) -> str:
        """The words and phrases looked for as one text, to be read for its meaning."""
        return " ".join((*self.words, *self.phrases))


def parse(typed: str) -> Query:
    """Give what `typed` asks for; never fails, and an empty box gives an empty Query.

    A quotation mark without its partner is left out. A dash counts as "not" only at the start of
    a word: `well-being` is a word, and a dash alone is nothing. Reads at most MOST_CHARS.
    """
    text = _clean(typed)
    if text.count('"') % 2:
        head, _, tail = text.rpartition('"')
        text = f"{head} {tail}"
    words: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    for term in list(_TERM.finditer(text))[:MOST_TERMS]:
        said = " ".join((term["phrase"] or term["word"] or "").split())
        if not any(character.isalnum() for character in said):
            continue
        if term["no"]:
            without.append(said)
        elif term["phrase"]:
            phrases.append(said)
        else:
            words.append(said)
    return Query(tuple(words), tuple(phrases[:MOST_PHRASES]), tuple(without))


def _clean(typed: str) -> str:
    text = typed[:MOST_CHARS].translate(_QUOTES).translate(_DASHES)
    # NUL, other controls and lone surrogates: the database cannot hold them.
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)

"""People's names: seen by the language pipeline, introduced by the words around, or known.

Recall comes first, yet the names of places and public bodies are evidence and are kept: "Grace
Street", "St Mungo's", "the Nye Bevan centre".
"""

from collections.abc import Collection, Iterator, Sequence

from storybank.understand.redact import clues as clue
from storybank.understand.redact.given import GIVEN, NAMES_TOO
from storybank.understand.redact.given_too import VERBS_TOO
from storybank.understand.redact.guesses import Guesses
from storybank.understand.redact.judging import Judging
from storybank.understand.redact.nicknames import NICKNAMES
from storybank.understand.redact.no_people import NO_PEOPLE
from storybank.understand.redact.reach import first_of, is_body, is_public, reach
from storybank.understand.redact.shapes import Shapes
from storybank.understand.redact.surnames import SURNAMES
from storybank.understand.redact.surnames_more import ONLY_SURNAMES
from storybank.understand.redact.syllables import are_syllables, may_be_syllables
from storybank.understand.redact.tokens import Token
from storybank.understand.redact.words import (
    NEVER,
    PARTICLES,
    PUBLIC,
    TITLES,
    WHEN,
)
from storybank.values import Span

_MODAL = frozenset({"will", "may", "can", "said", "mine"})
"""Names that would be masked as verbs all through a story in small letters."""
_JOINING = frozenset({"and", "an", "n", "or", "plus"})


class Walk(Judging):
    """One pass over one text: which words are names, by rules of one question each."""

    def seen(self) -> Iterator[Span]:
        """Names that the pipeline marked as persons, without titles and everyday words."""
        for person in self.sight.persons:
            words = self.row.within(person)
            words = self._trimmed(words)
            if not words or not self._believed(words) or is_body(words):
                continue
            first = first_of(self.text, self.row, self.row.number(words[0]))
            span = Span(self.row[first].start, words[-1].end)
            known = words[0].low in GIVEN
            if not is_public(self.text, span) and (
                known
                or not clue.is_located(self.text, span.start)
                or (len(words) == 1 and words[0].low.endswith("s") and words[0].capital)
            ):
                yield span

    def told(self) -> Iterator[Span]:
        """Names that the words around them give away, and well-known given names."""
        for number, token in enumerate(self.row):
            titled = self.is_titled(number)
            if not titled and not self._told(token):
                continue
            span = reach(self.text, self.row, number, titled=titled, strange=self._unknown)
            span = self._with_surname(span)
            if titled or not is_public(self.text, span):
                yield span

    def written(self) -> Iterator[Span]:
        """Names by their written form: with initials, an age, a line of their own."""
        shapes = Shapes(self.text, lambda word: not self.lexicon.ordinary(word))
        for span in shapes.find():
            initials = self.text[span.start + 1 : span.start + 2] == "."
            if (initials or span.start not in self.placed) and not is_public(self.text, span):
                yield span

    def listed(self, names: Collection[Span]) -> Iterator[Span]:
        """Names that stand in one row with a known name: "Jamal, Dee and Anton"."""
        ends = {name.end for name in names}
        starts = {name.start for name in names}
        for number, token in enumerate(self.row):
            if not self._listable(token):
                continue
            before, after = self.row.around(number, past=_JOINING)
            joined = False
            if before is not None and before.end in ends:
                joined = self._one_row(before, token, token)
            if not joined and after is not None and after.start in starts:
                joined = self._one_row(token, after, token)
            if joined:
                span = reach(self.text, self.row, number, titled=False, strange=self._unknown)
                if not is_public(self.text, span):
                    yield span

    def guessed(self) -> Iterator[Span]:
        """Names for want of a better reading: words that no dictionary holds, nor a slip of one."""
        finder = Guesses(self.text, self.row, self.sight, self._foreign)
        for number in finder.find(small=self.small):
            span = reach(self.text, self.row, number, titled=False, strange=self._unknown)
            if not is_public(self.text, span):
                yield span

    def is_known(self, span: Span) -> bool:
        """Say whether a name holds a well-known given name, or a title stands before it."""
        words = self.row.within(span)
        return any(word.low in GIVEN for word in words) or bool(
            words and self.is_titled(self.row.number(words[0]))
        )

    def _trimmed(self, words: list[Token]) -> list[Token]:
        """Cut titles and everyday words off both ends of what the pipeline marked."""
        while words and (words[0].low in TITLES or not self._could_be(words[0])):
            words = words[1:]
        if len(words) > 1 and self.row.opens(words[0]) and not self._nameable(words[0]):
            words = words[1:]
        end = 1
        while end < len(words) and self._goes_with(words[0], words[end]):
            end += 1
        while end > 1 and words[end - 1].low in PARTICLES:
            end -= 1
        return words[:end]

    def _goes_with(self, first: Token, token: Token) -> bool:
        if token.low in NEVER - NAMES_TOO:
            return False
        if token.capital or token.low in PARTICLES:
            return True
        return not first.capital and self._strange(token)

    def _one_row(self, first: Token, second: Token, doubtful: Token) -> bool:
        """Whether two words are listed together; a comma may also part a name from a place."""
        placed = doubtful.start in self.placed
        return clue.in_a_list(self.text, first.end, second.start, comma=not placed)

    def _with_surname(self, span: Span) -> Span:
        """Take along an everyday word that ends the name after "my name is": "zubair butt"."""
        words = self.row.within(span)
        if not self.small or len(words) != 1 or span.start not in self.clues.introduced:
            return span
        _, after = self.row.around(self.row.number(words[0]))
        if after is None or self.text[span.end : after.start] != " " or len(after.text) < 3:
            return span
        dull = after.low in NEVER or after.low in PUBLIC or after.low in self.lexicon.everyday
        ends = clue.ends_a_name(self.text, after.end)
        return Span(span.start, after.end) if ends and not dull and after.low not in WHEN else span

    def _named_in_small(self, token: Token) -> bool:
        """Whether an everyday word of small letters is a name here: "a lady called faith"."""
        if not self.small:
            return False
        _, after = self._beside(token)
        called = self._called_for(token)
        if after is not None and self._parts(token, after, called=called):
            return True
        if self._unknown(token) and after is not None and after.low in ONLY_SURNAMES:
            return True
        if token.low not in NAMES_TOO:
            return False
        surnamed = after is not None and self._surnames(after)
        if called or clue.signs(self.text, token.start, token.end):
            surnamed = surnamed or (after is not None and after.low in NAMES_TOO - VERBS_TOO)
            return surnamed or self._closes(token)
        told = clue.is_told(self.text, token.start) and clue.stops(self.text, token.end)
        if told and token.low not in _MODAL:
            return True
        if token.low in VERBS_TOO:
            return surnamed and after is not None and not self.lexicon.ordinary(after.low)
        spoken = token.start in self.clues.spoken_with or token.start in self.clues.hinted
        told = clue.is_relation(self.text, token.end) or clue.speaks(self.text, token.end)
        return surnamed or told or (spoken and clue.stops(self.text, token.end))

    def _beside(self, token: Token) -> tuple[Token | None, Token | None]:
        """Give the words that only a space parts from `token`."""
        before, after = self.row.around(self.row.number(token))
        near = before is not None and self.text[before.end : token.start] == " "
        close = after is not None and self.text[token.end : after.start] == " "
        return before if near else None, after if close else None

    def _called_for(self, token: Token) -> bool:
        start = token.start
        named = start in self.clues.introduced or start in self.clues.related
        return named or clue.is_called(self.text, start)

    def _parts(self, token: Token, after: Token, *, called: bool) -> bool:
        """Whether two short words are one name: "yuk lan"; "man ho" only where one is due."""
        if are_syllables(token.low, after.low):
            return True
        return called and may_be_syllables(token.low, after.low)

    def _surnames(self, after: Token) -> bool:
        """Whether the word after an everyday one makes both a name: "joy varghese"."""
        if after.low in NEVER or after.low in PUBLIC:
            return False
        if after.low in ONLY_SURNAMES:
            return True
        known = after.low in SURNAMES or after.low in GIVEN
        return known and (self._foreign(after) or clue.ends_a_name(self.text, after.end))

    def _closes(self, token: Token) -> bool:
        """Whether a name may end here; one that is a common verb needs a mark after it."""
        return token.low not in VERBS_TOO or clue.stops(self.text, token.end)

    def _listable(self, token: Token) -> bool:
        if self._strange(token):
            return True
        if self.small:
            called = (NAMES_TOO - VERBS_TOO) | NICKNAMES
            named = token.low in called and clue.stops(self.text, token.end)
            return named or self._foreign(token) or self._in_the_middle(token)
        if not token.capital or not self._could_be(token) or self.row.opens(token):
            return False
        if token.low in NO_PEOPLE:
            return False
        return token.low in NAMES_TOO or not self.row.follows_capital(token, past=TITLES)

    def _in_the_middle(self, token: Token) -> bool:
        """Whether an unknown word stands in a list that goes on to the teller: "Maha, x and me"."""
        return self._unknown(token) and clue.goes_on_to_me(self.text, token.end)

    def _believed(self, words: Sequence[Token]) -> bool:
        if any(self._strange(word) for word in words):
            return True
        if self.row.opens(words[0]):
            return False
        whole = len(words) > 1 and all(w.capital and w.low not in NEVER | PUBLIC for w in words)
        thing = clue.may_be_a_thing(self.text, words[0].start, but="from")
        return (whole and not thing) or self._named_too(words[0])

    def _told(self, token: Token) -> bool:
        if clue.is_honoured(self.text, token.start):
            return False
        signed = self.small and clue.signs(self.text, token.start, token.end)
        if self._named_in_small(token) or (signed and self._unknown(token)):
            return True
        if self._like_a_day(token):
            return True
        if not self._could_be(token):
            return False
        if token.low in GIVEN:
            return True
        return self._expected(token) or self._acts(token) or self._spoken_to(token)

    def _like_a_day(self, token: Token) -> bool:
        """Whether somebody's relation is called like a day, and speaks: "my sister Sunday says"."""
        day = token.low in WHEN and token.low.endswith("day")
        return day and token.start in self.clues.related and clue.says(self.text, token.end)

    def _is_family(self, token: Token) -> bool:
        """Whether a family is named: "the Dias family"; in small letters by a word that is rare."""
        if not clue.is_household(self.text, token.end) or token.start in self.peopled:
            return False
        if token.start not in self.placed and self._strange(token):
            return True
        known = token.low in SURNAMES and token.low not in NEVER | PUBLIC | NO_PEOPLE
        return known and (token.capital or self._unknown(token))

    def _spoken_to(self, token: Token) -> bool:
        """Whether commas set off a name: "no, Grant, you stay"; or an unknown word."""
        if not clue.is_set_off(self.text, token.start, token.end):
            return False
        if self.small:
            return token.start not in self.placed and self._unknown(token)
        return self._named_too(token) and token.low not in WHEN

    def _expected(self, token: Token) -> bool:
        """Whether the words before call for a name."""
        start = token.start
        if start in self.clues.introduced:
            return token.capital or self._unknown(token) or self._stands_alone(token)
        if start in self.clues.related:
            return token.capital or self._likely(token)
        if start in self.peopled:
            return False
        if start in self.clues.spoken_with or (
            start in self.clues.hinted and start not in self.placed
        ):
            return self._likely(token) or (token.capital and clue.is_called(self.text, start))
        return False

    def _acts(self, token: Token) -> bool:
        """Whether the words after tell of a person."""
        if self._stray(token):
            return True
        if self._is_family(token):
            return True
        if token.start in self.placed or token.start in self.peopled:
            return False
        if token.capital and clue.is_relation(self.text, token.end):
            return True
        if self._named_too(token) and clue.speaks(self.text, token.end):
            return True
        if self._full(token) or self._full_too(token) or (token.capital and self._who(token)):
            return True
        if not self._strange(token):
            return False
        if self.small and not clue.may_be_a_thing(self.text, token.start):
            return True
        return clue.does_something(self.text, token.end)

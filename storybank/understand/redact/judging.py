"""What one word of a text may be: a name that nobody else has, an everyday word, a public name."""

from storybank.understand.redact import clues as clue
from storybank.understand.redact.given import GIVEN, NAMES_TOO, SELDOM_WORDS
from storybank.understand.redact.given_too import VERBS_TOO
from storybank.understand.redact.guesses import is_people
from storybank.understand.redact.lexicon import Lexicon
from storybank.understand.redact.nicknames import WORD_SURNAMES
from storybank.understand.redact.no_people import NO_PEOPLE
from storybank.understand.redact.recase import FEW_CAPITALS, capital_share
from storybank.understand.redact.surnames import SURNAMES
from storybank.understand.redact.tokens import Sight, Token, Tokens
from storybank.understand.redact.words import CAPITAL_TITLES, DULL_VERBS, NEVER, PUBLIC, TITLES
from storybank.values import Span

_TITLES_OF_PEOPLE_ONLY = frozenset({"mr", "mrs", "ms", "mx"})
_TITLES_BEFORE_DEEDS = _TITLES_OF_PEOPLE_ONLY | {"dr", "cllr"}


class Judging:
    """Judges the words of one text, by what the pipeline saw in it and what a dictionary holds."""

    def __init__(self, text: str, sight: Sight, lexicon: Lexicon) -> None:
        self.text, self.sight, self.lexicon = text, sight, lexicon
        self.row = Tokens(text)
        self.clues = clue.clues(text)
        self.small = capital_share(text) < FEW_CAPITALS
        self.placed = {t.start for place in sight.places for t in self.row.within(place)}
        self.bodied = {t.start for body in sight.bodies for t in self.row.within(body)}
        self.peopled = {
            t.start
            for people in sight.peoples
            for t in self.row.within(people)
            if is_people(t.low)  # the pipeline takes many a name for a people's
        }

    def is_titled(self, number: int) -> bool:
        """Say whether a title stands right before the word at `number`: "Mrs Barton"."""
        before, _ = self.row.around(number)
        token = self.row[number]
        if before is None or self.text[before.end : token.start] not in (" ", ". ", "."):
            return False
        if token.capital:
            known = before.low in TITLES or (
                before.text in CAPITAL_TITLES and token.low not in PUBLIC | NO_PEOPLE
            )
            if before.text in ("Mr", "Mrs", "Ms", "Dr") and clue.does_plainly(self.text, token.end):
                return not self.row.opens(token) and len(token.text) > 1
            return (
                known
                and len(token.text) > 1
                and token.low not in NEVER - PUBLIC - NAMES_TOO - WORD_SURNAMES
            )
        shouted = len(before.text) > 1 and before.text.isupper()
        people = before.low in _TITLES_OF_PEOPLE_ONLY and token.low in WORD_SURNAMES
        if before.low in _TITLES_BEFORE_DEEDS and self._is_deed(token):
            return True
        if before.low not in TITLES or (token.low in NEVER and not people) or shouted:
            return False
        named = token.low in SURNAMES or token.low in NAMES_TOO
        known = named and clue.ends_a_name(self.text, token.end)
        known = known or token.low in NAMES_TOO - VERBS_TOO
        known = known or before.low in _TITLES_OF_PEOPLE_ONLY or "-" in token.text
        return known or self._unknown(token)

    def _is_deed(self, token: Token) -> bool:
        """Whether a word in small letters that a verb follows may be who did it: "dr gao asked"."""
        dull = token.low in NEVER | PUBLIC | NO_PEOPLE or token.low in self.lexicon.everyday
        named = token.start in self.sight.naming and not dull
        return named and clue.does_plainly(self.text, token.end)

    def is_first_name(self, token: Token) -> bool:
        """Say whether the word makes a surname of the word after it: "Sue Barton"."""
        known = token.low in GIVEN or self._named_too(token)
        return known or (token.capital and self._unknown(token))

    def _nameable(self, token: Token) -> bool:
        return self._strange(token) or self._named_too(token)

    def _could_be(self, token: Token) -> bool:
        if len(token.text) < 2 or token.low in PUBLIC:
            return False
        return token.low not in NEVER or (self._named_too(token))

    def _named_too(self, token: Token) -> bool:
        return token.capital and token.low in NAMES_TOO

    def _strange(self, token: Token) -> bool:
        """Whether no dictionary holds the word, or it is a given name and nothing else."""
        if token.low in NEVER or not self._could_be(token):
            return False
        if token.low in GIVEN:
            return True
        if self.lexicon.ordinary(token.text):
            return False
        return token.capital or token.start in self.sight.proper

    def _unknown(self, token: Token) -> bool:
        """Whether no dictionary holds the word, however the pipeline took it."""
        if len(token.text) < 3 or not self._could_be(token):
            return False
        return token.low in GIVEN or not self.lexicon.ordinary(token.text)

    def _foreign(self, token: Token) -> bool:
        return self._unknown(token) and not self.lexicon.slip(token.low)

    def _likely(self, token: Token) -> bool:
        """Whether the word, where a name is called for, is one and no slip of the pen."""
        return self._strange(token) or (
            self._unknown(token) and clue.ends_a_name(self.text, token.end)
        )

    def _full(self, token: Token) -> bool:
        """Whether two words that no dictionary holds, each with a capital, stand together."""
        if not token.capital or not self._strange(token):
            return False
        return self._followed_by_strange(token)

    def _full_too(self, token: Token) -> bool:
        """Whether a name that is a word too stands before a surname: "Said Haddad"."""
        return self._named_too(token) and self._followed_by_strange(token)

    def _followed_by_strange(self, token: Token) -> bool:
        following = next(iter(self.row.within(Span(token.end, token.end + 2))), None)
        if following is None or self.text[token.end : following.start] != " ":
            return False
        return following.capital and self._strange(following)

    def _stray(self, token: Token) -> bool:
        """Whether a word with a capital is nothing the program knows, and does not look public."""
        written = token.capital and len(token.text) > 2 and not token.text.isupper()
        if not written or token.start in self.peopled or token.low in NO_PEOPLE:
            return False
        if clue.is_located(self.text, token.start):
            return False
        if token.low in SELDOM_WORDS:
            if self.row.opens(token):
                return clue.does_something(self.text, token.end)
            return not self.row.follows_capital(token, past=TITLES)
        if self._looks_public(token):
            return False
        if not self._strange(token) or token.start not in self.sight.proper:
            return False
        if not self.row.opens(token):
            return not self.row.follows_capital(token, past=TITLES)
        _, after = self.row.around(self.row.number(token))
        if after is None or after.start not in self.sight.doing:
            return False
        return after.low not in DULL_VERBS or not self._marked_public(token)

    def _marked_public(self, token: Token) -> bool:
        return token.start in self.placed or token.start in self.bodied

    def _looks_public(self, token: Token) -> bool:
        """Whether the pipeline takes the word for a place or body, and the words before agree.

        It takes many a name that is rare in England for a town: its word alone is not enough.
        """
        if not self._marked_public(token):
            return False
        if clue.may_be_a_thing(self.text, token.start):
            return True
        before, after = self.row.around(self.row.number(token))
        if before is not None and "," in self.text[before.end : token.start]:
            return before.capital or before.start in self.placed
        if after is None or self.text[token.end : after.start] != " ":
            return False
        return after.capital

    def _who(self, token: Token) -> bool:
        """Whether "who" follows one word with a capital in mid-sentence: "I had Sade, who"."""
        apart = self.row.opens(token) or clue.is_located(self.text, token.start)
        return not apart and clue.is_who(self.text, token.start, token.end)

    def _stands_alone(self, token: Token) -> bool:
        """Whether a word that calls for more, such as "on", is no part of it: "my name is joy"."""
        dull = token.low in self.lexicon.everyday or token.low in NEVER
        dull = dull or clue.is_bare(self.text, token.start)
        return not dull and clue.ends_a_name(self.text, token.end)

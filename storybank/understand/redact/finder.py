"""People's names in a whole text, each with how sure it is; what is always kept is left out."""

from collections.abc import Sequence

from storybank.understand.redact.capitals import Capitals
from storybank.understand.redact.ground import named_like_places, without_places
from storybank.understand.redact.lexicon import Lexicon
from storybank.understand.redact.names import Walk
from storybank.understand.redact.small_letters import SmallLetters
from storybank.understand.redact.tokens import Sight
from storybank.values import Span

SURE, LIKELY, UNSURE = 0.95, 0.8, 0.5
"""How likely a name is one: a known name, one that the words around tell, a guess."""
_MOST_ROUNDS = 3


class NameFinder:
    """Finds names in a text, by the words that `lexicon` holds."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def find(self, text: str, sight: Sight, kept: Sequence[Span] = ()) -> dict[Span, float]:
        """Give the names that the sentences themselves tell, and how sure each is; may overlap.

        `kept` are places: a name is left out where it means one of them.
        """
        walk = Walk(text, sight, self._lexicon)
        broad = (*Capitals(walk).find(), *SmallLetters(walk).find())
        found = dict.fromkeys((*walk.guessed(), *broad), UNSURE)
        for span in (*walk.seen(), *walk.told(), *walk.written()):
            found[span] = SURE if walk.is_known(span) else LIKELY
        for _ in range(_MOST_ROUNDS):
            more = [span for span in walk.listed(found) if span not in found]
            if not more:
                break
            found |= dict.fromkeys(more, UNSURE)
        named = dict.fromkeys(named_like_places(walk, kept), UNSURE)
        return named | without_places(walk, found, kept)

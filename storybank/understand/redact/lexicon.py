"""Which words are everyday English, by the tables of the loaded pipeline.

A word of small letters that no dictionary holds, standing where a name would stand, is a name.
"""

import re
from collections.abc import Iterator
from typing import Any

from storybank.understand.redact.surnames_more import ONLY_SURNAMES
from storybank.understand.redact.wordlist import words
from storybank.understand.redact.words import SAYING

LEAST_SLIP, MOST_SLIP = 6, 24
"""Words of so many letters are looked at for slips: each letter more means 54 more look-ups."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORT_FORM = re.compile(r"(.+)['\u2019](?:s|t|m|re|ve|ll|d)\Z")
_CHAT = frozenset(
    words(
        "didn doesn isn wasn couldn wouldn shouldn haven hasn hadn aren weren mustn won "
        "coz cos cuz prob probs defo dunno gonna gotta wanna innit ain aint dont cant wont "
        "didnt doesnt isnt wasnt couldnt wouldnt shouldnt havent hasnt im ive ill id youre "
        "theyre hes shes thats whats lets theres u ur r n y k lol omg tbh ngl idk btw plz pls "
        "thx ta cheers hiya hi hey yeah yep yup nah nope ok okay tho thru til till bout em "
        "wiv wot wat luv bruv mate mum mam mummy dad nan nana nanny gran grandma grandad "
        "granddad grandpa auntie aunty uncle kiddie kiddies hubby thurs weds tues mon wed thu "
        "fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec email emails online "
        "website app apps facebook whatsapp google youtube zoom teams wifi iphone covid "
        "lockdown brexit uk nhs gp gps hr pip esa dwp uc jsa sen send camhs cic foodbank "
        "telly sofa bloke blokes lad lads fella fellas lass lil sis bro whoever everyone "
        "everybody someone somebody anyone anybody nobody noone anyways alot abit aswell tv "
        "ward council carer carers caring physio wifi telly wk mins hrs yrs appt foodbank "
        "childminder "
        "supermum wheelie bungalows postcode postcodes screenshot selfie vlog podcast "
        "chatbot inbox etc admin naw gonny dem shall women cries multi paeds surestart dob deaf "
        "heating "
        "wi fi info vid vids pic pics fav legit sorta kinda lotta summat owt nowt aye och eejit "
        "bruh fam peng bare innit bus minibus foodbanks childminders "
    )
)


class Lexicon:
    """Tells everyday words from others by the spaCy pipeline's own tables of lemmas.

    A pipeline without such tables knows the short words of English only, and so takes more words
    for names.
    """

    def __init__(self, nlp: Any) -> None:
        self._words: set[str] = (
            set(_CHAT) | set(SAYING) | {"died", "dies"} | set(nlp.Defaults.stop_words)
        )
        self.everyday: set[str] = set(self._words)
        if not nlp.has_pipe("lemmatizer"):
            return
        lookups = nlp.get_pipe("lemmatizer").lookups
        for table in ("lemma_index", "lemma_exc"):
            if not lookups.has_table(table):
                continue
            for part in lookups.get_table(table).values():
                self._words.update(part)
        self._words -= ONLY_SURNAMES

    def ordinary(self, word: str) -> bool:
        """Say whether a dictionary holds `word`, in any case and with common endings."""
        plain = word.lower().replace("\u2019", "'")
        short = _SHORT_FORM.match(plain)
        if short:
            plain = short[1]
        return all(self._holds(part) for part in plain.split("-") if part)

    def slip(self, word: str) -> bool:
        """Say whether `word` is one letter, or two that changed places, away from a plain word.

        Only for words of six letters and more: shorter ones are near to too much. An endless one
        is no slip, and is not tried: the time would grow with the square of its length.
        """
        if not LEAST_SLIP <= len(word) <= MOST_SLIP or not word.isascii():
            return False
        return any(near in self._words for near in _near(word))

    def _holds(self, word: str) -> bool:
        return any(form in self._words for form in _forms(word))


def _forms(word: str) -> list[str]:
    forms = [word]
    for ending, instead in (
        ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"),
        ("in", "ing"), ("er", ""), ("er", "e"), ("est", ""), ("ly", ""), ("ily", "y"), ("n", ""),
    ):  # fmt: skip
        if len(word) > len(ending) + 2 and word.endswith(ending):
            stem = word[: -len(ending)] + instead
            forms.append(stem)
            if ending in ("ed", "ing", "er") and len(stem) > 3 and stem[-1] == stem[-2]:
                forms.append(stem[:-1])
    return forms


def _near(word: str) -> Iterator[str]:
    for at in range(len(word)):
        head, tail = word[:at], word[at + 1 :]
        yield head + tail
        if tail:
            yield head + tail[0] + word[at] + tail[1:]
        if at:  # the first letter is seldom wrong
            yield from (head + letter + tail for letter in _LETTERS)
            yield from (head + letter + word[at:] for letter in _LETTERS)

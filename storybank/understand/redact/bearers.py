"""Signs that the name of a place is a person's where it stands: "the landlord, Churchill, said".

Doubt means a person: a ward that is masked once can be read two lines on, a person who is shown
cannot be hidden again. What a town does as well as a person ("Barton needs a crossing", "Headington
thinks it is better") is no sign.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from storybank.understand.redact.clues import ends_a_name, is_who
from storybank.understand.redact.wordlist import words
from storybank.understand.redact.words import KIN, WHEN, WORKERS
from storybank.values import Span

_KINSFOLK = words(
    "son daughter husband wife partner mum mam mother dad father brother sister gran grandma nan "
    "grandad granddad grandson granddaughter aunt auntie uncle cousin nephew niece boyfriend "
    "girlfriend missus"
)
_JOBS = words(
    "caretaker warden cleaner cook chef clerk receptionist pharmacist librarian shopkeeper barber "
    "butcher baker postman postwoman vicar priest imam rabbi pastor plumber electrician builder "
    "painter gardener chairperson lollipop tenant patient client resident postie handyman bailiff "
    "barman barmaid referee headteacher head surgeon dentist counsellor psychiatrist psychologist "
    "guy bloke man woman lady lad lass one"
)
_ROLE = "|".join(
    sorted({w for w in (*KIN, *WORKERS, *_JOBS) if w == "boss" or not w.endswith("s")})
)
_WHOSE = r"(?:my|his|her|our|their|your|the|an?)"
_ADVERB = r"(?: (?:never|always|just|then|still|also|once|often|finally|kindly|really|even|only))?"

CALLS = words("met rang phoned texted messaged emailed tell told married marry hugged")
"""Verbs right after which a person stands."""
_BEFORE = re.compile(
    rf"\b(?:{'|'.join(CALLS)}|sp(?:eak|oke|eaking) (?:to|with)"
    r"|talk(?:ed|ing)? (?:to|with)|ask(?:ed)? for|said to|liv(?:e|es|ed|ing) with"
    r"|moved in with|sat with|look(?:s|ed)? after|car(?:e|es|ed|ing) for"
    r"|dear|hi|hello|hiya|hey|i['\u2019]?m|i am),? \Z",
    re.IGNORECASE,
)
_WAS_TOLD = re.compile(
    r"(?:\b(?:was|were|been|being|am|is|are)|n['\u2019]t|['\u2019](?:m|re))"
    r"(?: (?:also|then|just|once|always|often|never|only|not))? told \Z",
    re.IGNORECASE,
)
"""What follows is what was told: "I was told Cowley is rough"."""
_WE_MET = re.compile(r"\b(?:we|they) met \Z", re.IGNORECASE)
_AT_PLAY = re.compile(
    r" in the (?:\w+ )?(?:cup|league|derby|(?:semi-?|quarter-?)?finals?|play-?offs?)"
    r"(?=[.,;!?\n]|\Z)",
    re.IGNORECASE,
)
"""With `_WE_MET` the other team: "We met Cowley in the cup final"."""
_CALLED = re.compile(r"\b(?:called|named) \Z", re.IGNORECASE)
_CALLED_PLACE = re.compile(
    r"\b(?:it|this|that|which|what|they|place|estate|area|ward|village|town|street|road|club|group"
    r"|project|school|pub|park|somewhere|team|centre|part|bit|be|been|house|parish|district)"
    r"(?:['\u2019]s| is| was)?,? (?:called|named) \Z",
    re.IGNORECASE,
)
_APPOSED = re.compile(rf"\b{_WHOSE}(?: [\w-]+){{0,2}} (?:{_ROLE}), \Z", re.IGNORECASE)
_APPOSED_AFTER = re.compile(
    rf", {_WHOSE}(?: [\w-]+){{0,2}} (?:{_ROLE})(?=[,.;:!?)\n]|\Z)"
    rf"| (?:is|was) (?:my|his|her|their|your|our)(?: [\w-]+)? (?:{_ROLE})\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    rf"{_ADVERB} (?:said|says|told|tells|asked|asks|rang|rings|phoned|texted|emailed|messaged"
    r"|threatened|threatens|shouted|shouts|swore|hit|punched|slapped|hugged|kissed|cried|cries"
    r"|laughed|laughs|smiled|smiles|whispered|replied|answered|listened|listens|died|dies|drinks"
    r"|drank|smokes|smoked|married|knocked|cooks|cooked|fixed|mended|evicted|harassed|bullied"
    r"|helped me|came (?:round|over|with|in)|sat with|showed me|gave me|lent me|drove me|lives"
    r"|lived|passed away|and (?:I|me))\b",
    re.IGNORECASE,
)
_IS = re.compile(
    rf"{_ADVERB} (?:is|was)(?: now| still| very)? (?:ill|dying|pregnant|autistic|diabetic|depressed"
    r"|retired|divorced|widowed|in hospital|in prison|in a wheelchair|off sick|an? alcoholic"
    r"|\d{1,2} years old)(?![-\w])"
    rf"|{_ADVERB} (?:has|had|got|gets|takes) (?:an? )?(?:\w+ )?(?:diabetes|cancer|dementia|asthma"
    r"|autism|adhd|epilepsy|depression|arthritis|anxiety|ptsd|copd|parkinson['\u2019]?s"
    r"|alzheimer['\u2019]?s|stroke|seizures|fits|insulin|medication|schizophrenia|psychosis)\b"
    r"(?! (?:unit|clinic|nurse|centre|center|caf[eé]|service|group|ward|team|support|hub|day))"
    rf"|{_ADVERB} needs? (?:help|care|support|insulin|dialysis|an operation|a carer|a doctor)"
    r"(?=[.,;!?\n]| and\b|\Z)"
    rf"|['\u2019]s (?:{'|'.join(_KINSFOLK)})\b",
    re.IGNORECASE,
)
_OF_A_PLACE = re.compile(
    r"\b(?:in|at|from|to|of|for|near|around|across|through|into|outside|beyond|towards|by|via|past"
    r"|round|over|about|on|off|under|between|the"
    r"|(?-i:Upper|Lower|Old|New|North|South|East|West)) \Z",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?:,|&|\b(?:and|or|nor)),? ?\Z", re.IGNORECASE)
_NEXT = re.compile(r" ([^\W\d_]+)")
_GOES_ON = WHEN | frozenset(
    words("through when while after before by with outside near to so that as if or in")
)
_LOOK_BACK = 60


def bears(text: str, name: Span, kept: Sequence[Span] = ()) -> bool:
    """Say whether grammar makes the place name at `name` a person's; `kept` are all places."""
    before = text[max(0, name.start - _LOOK_BACK) : name.start]
    if _OF_A_PLACE.search(before) and not _BEFORE.search(before):
        return False
    if _is_addressed(text, name, before):
        return True
    if _JOINED.search(before) and _follows_a_place(before, name, kept):
        return False  # "Iffley and Barton said": both are places
    return bool(does_as_people_do(text, name.end) or _APPOSED_AFTER.match(text, name.end)) or (
        text[name.start].isupper() and is_who(text, name.start, name.end)
    )


def does_as_people_do(text: str, end: int) -> bool:
    """Say whether the words after `end` tell of one person, and of hardly any place."""
    return bool(_DOES.match(text, end) or _IS.match(text, end))


def _is_addressed(text: str, name: Span, before: str) -> bool:
    """Whether the words before call for a person, and the name ends where it should."""
    if _APPOSED.search(before):
        return text[name.end : name.end + 1] in (",", ".", "!", "?")
    called = _CALLED.search(before) and not _CALLED_PLACE.search(before)
    if _WAS_TOLD.search(before) or (_WE_MET.search(before) and _AT_PLAY.match(text, name.end)):
        return False
    return bool(called or _BEFORE.search(before)) and _ends(text, name.end)


def _ends(text: str, end: int) -> bool:
    after = _NEXT.match(text, end)
    return ends_a_name(text, end) or (after is not None and after[1].lower() in _GOES_ON)


def _follows_a_place(before: str, name: Span, kept: Sequence[Span]) -> bool:
    joining = _JOINED.search(before)
    ends = name.start - (len(before) - joining.start() if joining else 0)
    last = bisect_right(kept, ends, key=lambda place: place.end) - 1
    return last >= 0 and ends - kept[last].end <= 1

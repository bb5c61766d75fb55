"""Where somebody lives: number and road, flat, house name, pitch or mooring.

A road without a number, a ward and a town are evidence of where something happened, and are kept.
"""

import re
from collections.abc import Iterator

from storybank.understand.redact.details import Detail, detail
from storybank.understand.redact.patterns import POSTCODE
from storybank.understand.redact.spoken import NUMBER_WORDS
from storybank.understand.redact.wordlist import words

_PLAIN_ROADS = words(
    "road rd street str avenue ave lane ln crescent cres terrace gardens gdns grove mews "
    "drive quadrant wynd brae villas mansions boulevard parade rise croft causeway"
)
_EVERYDAY_ROADS = words(
    "st dr cl close way place pl court ct square sq row hill walk yard view green park mount "
    "quay wharf bank fold meadow meadows mead field fields path buildings broadway heights "
    "chase vale dale end gate circus loan approach esplanade cottages orchard garth drove "
    "ride side bridge common dell passage alley crossway ridge tower towers house lodge point"
)
"""Words that also mean other things: in small letters they count only after "live at" and such."""
_NO_PART = words(
    "a an the of in on at to and or but for from by with is are was were down up off near "
    "past this that these those my our your his her their its it i we you he she they minute "
    "minutes min mins mile miles hour hours year years month months week weeks day days time "
    "times people person bed bedroom bedrooms storey stop stops pound pounds quid percent "
    "more other different small big little new old long busy main same next first second "
    "third per us them so then who which when families residents houses homes flats shops "
    "buses cars best worst only priority favourite thing reason job council parish safe care show "
    "full empty strong"
)

_SAID = "|".join(sorted(NUMBER_WORDS - {"o", "oh"}, key=len, reverse=True))
_OH = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_NUMBER = r"\d{1,4}(?: ?[a-h])?(?: ?[-/\u2013] ?\d{1,4}[a-h]?)?"
_SAID_NUMBER = rf"(?:{_SAID})(?:[ -](?:and )?(?:{_OH})){{0,3}}"
_WORD = rf"(?!(?:{'|'.join(_NO_PART)})\b)[^\W\d_][\w'\u2019.\-]{{0,40}}+"
_CAPITAL = r"(?-i:[^\W\d_a-zß-öø-ÿ][\w'\u2019.\-]{0,40}+)"
"""Possessive (`+` after a count): one long word must not be tried in every cutting."""
_ID = rf"(?: (?:number|no\.?))? (?:\d{{1,4}} ?[a-h]?|[a-h]|{_SAID_NUMBER})\b"
_FLAT = rf"(?:(?:flat|apartment|apt|maisonette|bedsit|pitch|mooring|berth){_ID})"
_UNIT = (
    rf"(?:{_FLAT}|(?:unit|block|floor|plot|room){_ID}"
    r"|(?:basement|(?:ground|first|second|third|top)[ -]floor) flat)"
)
_ROAD_PLAIN = rf"(?:{'|'.join(_PLAIN_ROADS)})\b\.?"
_ROAD_ANY = rf"(?:{'|'.join(_PLAIN_ROADS + _EVERYDAY_ROADS)})\b\.?"
_ROAD_CAPITAL = (
    rf"(?-i:(?:{'|'.join(w.capitalize() for w in _PLAIN_ROADS + _EVERYDAY_ROADS)})\b\.?)"
)
_ROAD_SHOUTED = rf"(?:{'|'.join(w.upper() for w in _PLAIN_ROADS + _EVERYDAY_ROADS)})"
_HOUSE = r"(?-i:Cottage|Lodge|House|Villa|Bungalow|Barn)"
_FARM = r"(?-i:Farm|Mill)"
"""Of one house only after "at" or "the": "we moved to Wood Farm" names a part of a town."""
_BETWEEN = r"(?:, ?|,?\n| )"
_ANY_NUMBER = rf"(?:(?:number|no\.?|#) ?)?(?:{_NUMBER}|{_SAID_NUMBER})"
_HOME = (
    r"\b(?:liv(?:e|es|ed|ing)(?: now| there| alone)?|stay(?:s|ing|ed)?|resid(?:e|es|ing)|home|house"
    r"|address|moved(?: in)?(?: to)?)(?: is| was|'s|:)?(?: at| in)?:? "
)

_OLD = r"(?:(?:old|new|little|long|great|upper|lower|high|main|north|south|east|west|st\.?) )?"
_GOES_ON = (
    r"(?=[,.;:!?)\n\u2026]|$| (?:and|but|with|where|which|it|its|it['\u2019]s|the|in|is|has|had"
    r"|since|or|by|then|near|on|at|for|to|i|we|my|he|she|they|just|until|when|so|because|if|was|were|are"
    r"|have|please|next|opposite|behind|off|over|past|after|from|postcode|one|not|above|below"
    r"|they['\u2019]re|we['\u2019]re|you)\b| " + POSTCODE + ")"
)
_AT_HOME = (
    rf"(?:{_HOME}|\b(?:we['\u2019]?re|we are|i['\u2019]?m|i am|she['\u2019]?s|he['\u2019]?s"
    r"|it['\u2019]?s|it is|at|of|from|to|outside|opposite|round|address:?|family at|over) )"
)
_PLACE = rf"(?:{_ANY_NUMBER},? )?{_OLD}(?:{_WORD} ){{1,3}}{_ROAD_ANY}"
_LOW = (
    rf"\b(?:number|no\.?) (?:{_NUMBER}|{_SAID_NUMBER}),? {_OLD}(?:{_WORD} ){{1,3}}{_ROAD_ANY}",
    rf"(?<![\w£$.,])\d{{1,4}}[a-h]?,? {_OLD}(?:{_WORD} ){{1,2}}{_ROAD_ANY}{_GOES_ON}",
    rf"{_AT_HOME}(?P<it>{_SAID_NUMBER},? {_OLD}(?:{_WORD} ){{1,2}}{_ROAD_ANY}){_GOES_ON}",
    rf"\b{_UNIT}{_BETWEEN}{_PLACE}(?:{_BETWEEN}{_PLACE})?",
    rf"\b(?:nb|narrowboat|houseboat) (?:{_WORD} ){{0,2}}{_WORD},? (?:mooring|berth|pitch) \d+"
    rf"(?:, ?{_CAPITAL}(?: {_CAPITAL})?)?",
)
"""Also in small letters, where only the number, the road word and what comes after can tell."""
_STREETS = (
    rf"\b(?:{_UNIT}{_BETWEEN})?(?:{_CAPITAL} (?:{_CAPITAL} )?{_BETWEEN})?"
    rf"{_ANY_NUMBER},? (?:{_WORD} ){{1,3}}{_ROAD_PLAIN}",
    rf"\b(?:{_UNIT}{_BETWEEN})?{_ANY_NUMBER},? (?:the )?(?:{_CAPITAL} ){{0,4}}{_ROAD_CAPITAL}",
    rf"\b(?:\d/\d{_BETWEEN}){_NUMBER} (?:{_WORD} ){{1,3}}{_ROAD_ANY}",
    rf"\b(?-i:{_NUMBER},? [A-Z'\u2019 ]{{2,40}} {_ROAD_SHOUTED})\b",
    rf"\b{_NUMBER},? {_WORD} (?:close|way|court|yard|walk|row|square|place|green|hill|view)"
    rf"(?=[,.;)\n]|$| {POSTCODE})",
    rf"{_HOME}(?P<it>(?:{_UNIT}{_BETWEEN})?{_ANY_NUMBER},? (?:{_WORD} ){{1,3}}{_ROAD_ANY})",
    rf"(?:{_HOME}|round at |over at )(?P<it>(?:number|no\.?) (?:{_NUMBER}|{_SAID_NUMBER}))\b",
)
_FLATS = (
    rf"\b{_FLAT}",
    rf"\b{_UNIT}(?:{_BETWEEN}(?:{_CAPITAL} ){{1,3}}{_ROAD_CAPITAL}){{1,2}}",
    rf"\b{_UNIT}{_BETWEEN}(?:{_WORD} ){{1,2}}{_ROAD_ANY}",
    rf"\b{_FLAT},? (?:on the [a-z]{{1,12}} floor )?(?:of|in|at) (?:the )?(?:{_CAPITAL} ){{1,3}}"
    rf"{_ROAD_CAPITAL}",
    rf"\b{_FLAT},? (?:{_CAPITAL} ){{0,3}}{_CAPITAL}(?=[ \t]*(?:[.,;\n)]|\Z))",
    rf"\b{_FLAT},? (?:{_WORD} ){{1,2}}"
    r"(?:mill|mills|works|wharf|maltings|brewery|hall|street|point)\b",
    rf"(?:{_HOME}|block,? |tower,? )(?P<it>{_WORD}(?: {_WORD})?,? {_UNIT})",
)
_HOUSES = (
    rf"(?:{_HOME}|\bat )(?P<it>(?:(?:the )?(?:{_CAPITAL} ?){{1,4}}, ?){{1,2}}?"
    rf"(?:{_CAPITAL} ){{1,3}}{_ROAD_CAPITAL})(?=,|\.|\n|$| {POSTCODE})",
    rf"{_HOME}(?P<it>(?:the )?(?:{_CAPITAL} ){{1,3}}{_HOUSE})\b",
    rf"{_HOME}(?P<it>(?:the |(?<= at )|(?<= is ))(?:{_CAPITAL} ){{1,3}}{_FARM})\b",
    rf"\b(?P<it>(?:{_CAPITAL} ){{1,3}}(?:{_HOUSE}|{_FARM}|(?-i:Court)))(?=,? {POSTCODE})",
)
_NAMED = (
    rf"\bliv(?:e|es|ed|ing) at (?P<it>(?-i:The) {_CAPITAL}(?: {_CAPITAL})?)(?=[.,;!)\n]|$)",
    r"(?<!public )(?<!care )(?<!halfway )\b(?:house|cottage|bungalow|(?:house|narrow)?boat|barge)"
    rf" (?:called|named) (?P<it>(?:the )?{_CAPITAL}(?: {_CAPITAL}){{0,2}})",
)
"""A house of which only the name is told: it is all that a stranger needs to find it."""
_EVERY = (*_STREETS, *_LOW, *_FLATS, *_HOUSES, *_NAMED)
_FORMS = tuple(re.compile(form, re.IGNORECASE) for form in _EVERY)

_LIVES_IN = re.compile(
    r"\b(?:liv(?:e|es|ed|ing)|moved|grew up|stay(?:s|ed|ing)|house is|home is|flat is)"
    r"(?: just| now| back| alone| still)? (?:on|in|off|to) "
    rf"(?P<it>(?-i:(?:{_CAPITAL} ){{1,3}}){_ROAD_CAPITAL})",
    re.IGNORECASE,
)
_PART_OF_TOWN = re.compile(
    r" (?:in|to) (?:[^\W\d_][\w'\u2019\-]* ){1,3}(?:Park|Green|Hill|Heights|Common|Vale)\Z"
)
"""In or to it, and not on it: "we moved to Florence Park" is where something happened.

Only by words that hardly a road of houses ends with; other parts of a town a council enters.
"""
HOME_STREET_SURE = 0.6


def home_streets(text: str) -> Iterator[Detail]:
    """Find the road in "we live on Elm Road": no number, yet a home. Not "on the Cowley Road"."""
    for match in _LIVES_IN.finditer(text):
        if not _PART_OF_TOWN.search(match[0].rstrip(".")):
            end = match.start("it") + len(match["it"].rstrip("."))
            yield detail(match.start("it"), end, "street", HOME_STREET_SURE)


def addresses(text: str) -> Iterator[Detail]:
    """Find the addresses at which a person could be visited; overlaps are not sorted out."""
    for form in _FORMS:
        part = "it" if "it" in form.groupindex else 0
        for match in form.finditer(text):
            start, end = match.span(part)
            while end > start and text[end - 1] in " .,\n":
                end -= 1
            yield detail(start, end, "address")

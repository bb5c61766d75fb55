"""The turns of phrase after which a name stands, or before which one stood."""

import re
from dataclasses import dataclass

from storybank.understand.redact.words import KIN, PERSON_WORDS, SAYING, WORKERS

_LOOK_BACK = 40

_WHO = "|".join(PERSON_WORDS)
_INTRODUCED = re.compile(
    r"(?:\bthe name of "
    r"|\b(?:my|his|her|their|your|whose|the)(?: \w+)? name(?:['\u2019]?s)?(?: is| was|:)? "
    r"|\bname(?:['\u2019]s| is|:)\s*"
    r"|\b(?:calls?|called|call|nicknamed) (?:him|her|them|me|us) "
    r"|(?:^|(?<=[.!?\n]))[ \t]*(?:hi|hello|hiya|hey|morning|afternoon)(?: there| all)?,? "
    r"(?:it['\u2019]?s|this is|i['\u2019]?m|i am) (?:me )?"
    rf"|\b(?:{_WHO}),? (?:(?:who(?: is|['\u2019]s) |was |is )?(?:called|named)|by the name of) "
    r"|\b(?:he|she|they)(?:['\u2019]s| is| was|s) (?:called|named) "
    r"|\b(?:known as|goes by|go by|signed,?|(?:everyone |people |they )?calls? me|called me"
    r"|(?:people|they|everyone) says?) "
    r"|\b(?:regards|wishes|sincerely|faithfully|truly|yours|love),\s+"
    r"|(?:^|(?<=[.;!?]))[ \t]*(?:from|to|attn|patient|client|tenant|contact|name|carer|present"
    r"|apologies|signed|cc|chair|action|referral|(?:young )?person|key worker|kids|children"
    r"|interpreter|partner|interviewee|teller|storyteller|told by|written by)"
    r"[ \t]*:[ \t]*"
    r"|\b(?:emergency contact|next of kin|referral|client|patient|statement of)(?: is| was)?:? )",
    re.IGNORECASE | re.MULTILINE,
)
_SPOKEN_WITH = re.compile(
    r"\b(?:i['\u2019]?m|i am|ask(?:ed)? for|sp(?:eak|oke|eaking) (?:to|with)|contact"
    r"|talk(?:ed|ing)? (?:to|with)|thanks to|thank you|tell|told|met|rang|phoned|texted|messaged"
    r"|emailed|next to|given? to|gave to|belongs? to|beside"
    r"|looks? after|helped|said to|say to|with|dear|hi|hello|hiya|hey|cheers|poor|big|lil|wee"
    r"|little|old"
    r"|young),? ",
    re.IGNORECASE,
)
_HINTED = re.compile(
    r"\b(?:this is|by|me|again|meet|visited|it['\u2019]?s|let|see|named"
    r"|(?<!place )(?<!estate )(?<!group )(?<!project )(?<!club )called),? ",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:called|named|contact|dear|hi|hello|hiya|hey|tell|ask(?:ed)? for|met|(?-i:with)),? \Z", re.I
)
_TOLD = re.compile(r"\b(?:said|says|saying|say|spoke|speak|talked|written|wrote) to \Z", re.I)
_SAYS = re.compile(r" (?:said|says|told|asked|asks|reckons|reckoned|rang|phoned)\b", re.I)
_TO_ME = re.compile(r"(?:, [^\W\d_]+){0,2},? (?:and|n|an|&) (?:me|i|myself)\b", re.IGNORECASE)
_BARE = re.compile(r"\bname \Z", re.IGNORECASE)
_RELATED = re.compile(
    r"\b(?:(?:my|his|her|our|their|your|the|an?)(?: [\w-]+){0,2} |['\u2019]s )?"
    rf"\b(?:{'|'.join((*KIN, *WORKERS))})(?:[- ]in[- ]law)?"
    r"(?:,? (?:is|was|called|named))?(?:[,:] | \(| )"
    rf"|\b(?:an?|this|one|some) (?:\w+ )?(?:{_WHO}), "
    rf"|\bthe (?:\w+ )?(?:{'|'.join(w for w in PERSON_WORDS if w != 'one')}), ",
    re.IGNORECASE,
)
_RELATED_AFTER = re.compile(
    rf"(?:,| is| was),? (?:my|his|her|our|their)(?: \w+)? (?:{'|'.join(KIN)})\b", re.IGNORECASE
)
_DOES = re.compile(
    rf",? (?:{'|'.join(SAYING)})\b|,? who\b| and (?:I|me)\b|['\u2019]s (?:{'|'.join(KIN)})\b",
    re.IGNORECASE,
)
_DOES_PLAINLY = re.compile(
    r" (?:said|says|told|asked|asks|listened|looked|came|rang|phoned|saw|gave|wrote|helped|was|is"
    r"|has|had|never|always|lives|lived|left|stayed|took|kept|knew|knows|will|would|who)\b",
    re.IGNORECASE,
)
_HOUSEHOLD = re.compile(r" (?:family|household|sisters|brothers|twins)\b", re.IGNORECASE)
_SPEAKS = re.compile(
    r" (?:said|says|told|asked|asks|goes|rang|phoned|texted|helped me|came (?:round|over|with|in)"
    r"|sat with|showed me|gave me|is (?:my|his|her|our)|and (?:I|me))\b",
    re.IGNORECASE,
)
_ENDS_A_NAME = re.compile(
    r"\s*(?:[.,;:!?)\n]|\Z)"
    r"| (?:and|n|or|but|who|from|at|on|in|is|was|has|for|about|i|im|i['\u2019]m)\b",
    re.IGNORECASE,
)
_ENDS_THE_TEXT = re.compile(r"[ \t]*[.,!x]{0,4}(?: ward \d+| flat \d+)?[.!x\s]*\Z", re.IGNORECASE)
_FROM_LAST = re.compile(
    r"(?:\A|[.!?,\n])[ \t]*(?:from|cheers|thanks|thank you|thx|ta|love|regards|best|yours|bye)"
    r"(?: and best wishes)?,? (?:coach |auntie |uncle |mrs |mr |miss |ms |dr )?\Z",
    re.IGNORECASE,
)
_STOPS = re.compile(r"\s*(?:[.,;:!?)\n]|\Z)|,? who\b")
_SET_OFF = re.compile(r", \Z")
_WHO_AFTER = re.compile(r",? who\b", re.IGNORECASE)
_CAPITAL_BEFORE = re.compile(r"[A-Z][\w'\u2019]* \Z")
_LIST = re.compile(r"(?: ?, ?| ?,? (?:and|an|&|n|or|plus) )\Z")
_HONOURED = re.compile(
    r"\b(?:named|called) (?:after|for) (?:\w+\.? )?\Z|\b(?:st|saint)\.? \Z", re.IGNORECASE
)
_LOCATED = re.compile(
    r"\b(?:in|at|near|around|across|through|into|outside|beyond|towards|the|born) \Z", re.IGNORECASE
)
_A_THING = re.compile(
    r"\b(?:from|to|round|via|of|an?|this|than|like|not|it's called|called|some|for|on) \Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clues:
    """Where in a text a name is to be expected, as offsets at which it would start."""

    introduced: frozenset[int]
    """After "my name is", "a lady called", "Name:"."""
    spoken_with: frozenset[int]
    """After words that go with people only: "I met", "ask for"."""
    hinted: frozenset[int]
    """After words that also go with other things: "this is", "see"."""
    related: frozenset[int]
    """After "my son", "our support worker"."""


def clues(text: str) -> Clues:
    """Find where names are to be expected in `text`."""
    return Clues(
        *(
            frozenset(match.end() for match in form.finditer(text))
            for form in (_INTRODUCED, _SPOKEN_WITH, _HINTED, _RELATED)
        )
    )


def is_called(text: str, start: int) -> bool:
    """Say whether the words before `start` make any capital word a name: "a nurse called Joy"."""
    return bool(_CALLED.search(text, max(0, start - _LOOK_BACK), start))


def is_told(text: str, start: int) -> bool:
    """Say whether the words before `start` are said to somebody: "I said to Hope"."""
    return bool(_TOLD.search(text, max(0, start - _LOOK_BACK), start))


def says(text: str, end: int) -> bool:
    """Say whether a verb of speech comes after `end`."""
    return bool(_SAYS.match(text, end))


def goes_on_to_me(text: str, end: int) -> bool:
    """Say whether a list that ends with the teller goes on after `end`: "Semere and me"."""
    return bool(_TO_ME.match(text, end))


def is_bare(text: str, start: int) -> bool:
    """Say whether only "her name", without "is", calls for a name at `start`."""
    return bool(_BARE.search(text, max(0, start - _LOOK_BACK), start))


def is_relation(text: str, end: int) -> bool:
    """Say whether the words after `end` tell whose relation it is: "April is my daughter"."""
    return bool(_RELATED_AFTER.match(text, end))


def does_something(text: str, end: int) -> bool:
    """Say whether the words after `end` are what people do: "Latisha said"."""
    return bool(_DOES.match(text, end))


def does_plainly(text: str, end: int) -> bool:
    """Say whether a verb comes after `end` of which somebody with a title is the doer."""
    return bool(_DOES_PLAINLY.match(text, end))


def is_household(text: str, end: int) -> bool:
    """Say whether the words after `end` tell of a family: "the Bhatt family"."""
    return bool(_HOUSEHOLD.match(text, end))


def ends_a_name(text: str, end: int) -> bool:
    """Say whether what comes after `end` could follow a name: a comma, "and", "said"."""
    return bool(_ENDS_A_NAME.match(text, end)) or does_something(text, end)


def speaks(text: str, end: int) -> bool:
    """Say whether the words after `end` are what people do, and hardly anything else does."""
    return bool(_SPEAKS.match(text, end))


def signs(text: str, start: int, end: int) -> bool:
    """Say whether a text ends with what stands here, after "from" or "cheers"."""
    near = text[max(0, start - _LOOK_BACK) : start]
    return bool(_FROM_LAST.search(near)) and bool(_ENDS_THE_TEXT.match(text, end))


def stops(text: str, end: int) -> bool:
    """Say whether a mark, the end or "who" comes after `end`."""
    return bool(_STOPS.match(text, end))


def is_set_off(text: str, start: int, end: int) -> bool:
    """Say whether commas stand around, as with somebody spoken to: "no, Grant, you stay"."""
    before = bool(_SET_OFF.search(text, max(0, start - 2), start))
    return before and text[end : end + 1] in (",", "!", "?", ".")


def is_who(text: str, start: int, end: int) -> bool:
    """Say whether "who" comes after one word with a capital: "I had Sade, who left"."""
    alone = not _CAPITAL_BEFORE.search(text, max(0, start - _LOOK_BACK), start)
    return alone and bool(_WHO_AFTER.match(text, end))


def in_a_list(text: str, end: int, start: int, *, comma: bool = True) -> bool:
    """Say whether nothing but "and" (or, if asked, a comma) stands between two words."""
    if not comma and text[end:start].strip() == ",":
        return False
    return start - end < 8 and bool(_LIST.match(text, end, start))


def is_honoured(text: str, start: int) -> bool:
    """Say whether something public bears the name at `start`: "named after", "St"."""
    return bool(_HONOURED.search(text, max(0, start - _LOOK_BACK), start))


def is_located(text: str, start: int) -> bool:
    """Say whether a place or thing, more than a person, stands at `start`: "near", "the"."""
    return bool(_LOCATED.search(text, max(0, start - _LOOK_BACK), start))


def may_be_a_thing(text: str, start: int, *, but: str = " ") -> bool:
    """Say whether a place or a thing could as well stand at `start`: "of"; not after `but`."""
    near = max(0, start - _LOOK_BACK)
    if text[near:start].rstrip().endswith(but):
        return False
    return is_located(text, start) or bool(_A_THING.search(text, near, start))

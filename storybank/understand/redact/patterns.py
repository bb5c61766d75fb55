"""Details that have a written form: numbers, codes, addresses on the net. No model is needed.

Every form is looked for in any case and grouping, because phones and hurried people write them
so. Sources: Ofcom's numbering plan; Royal Mail's postcode grammar and its 124 areas; HMRC's rules
for National Insurance prefixes (the letters only: a number with a typing error still identifies).
"""

import re
from collections.abc import Iterator

from storybank.understand.redact.details import Detail, detail
from storybank.understand.redact.wordlist import words

AREAS = words(
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY "
    "E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE "
    "LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL "
    "SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)

_AREA = "|".join(sorted(AREAS, key=len, reverse=True))
POSTCODE = rf"(?:{_AREA})\d[\dA-Z]?[ \t.\-]{{0,2}}\d[ABD-HJLNP-UW-Z]{{2}}"
NINO_PREFIX = r"(?:QQ|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])"
"""QQ is given to nobody: it stands in examples, and so in stories that were made up."""
_NUMBER_WORD = r"(?:\s*(?:no|num|number|nr|#|code|is|are|was|the|a/c|acc|account|:|\.|=|-)){0,6}\s*"
_GAP = r"[ \t.\-/]{0,2}"

_FORMS: tuple[tuple[str, str], ...] = (
    ("email", r"(?<![\w.+%-])[\w.+%'\u2019-]{1,64} {0,2}@ {0,2}"
              r"(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b"),
    ("link", r"\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]"),
    ("link", r"(?<![@\w.])(?:[\w-]{1,63}\.){1,8}(?:com|org|net|uk|io|me|info|wales|scot)\b"
             r"(?:/[^\s<>\"']*)?"),
    ("handle", r"(?<![\w.@])@[a-z_][\w.]{1,29}\b"),
    ("handle", r"\b(?:insta(?:gram)?|snap(?:chat)?|tiktok|twitter|facebook|fb|whatsapp|discord)"
               r"(?: (?:name|handle|id))?(?: is|:) ?(?P<it>[\w.]*[\d_.]\w+)"),
    ("postcode", rf"\b{POSTCODE}\b"),
    ("postcode", r"\bpost ?code\b[^\n.;]{0,60}?\b(?P<it>[A-Z]{1,2}\d[\dA-Z]?[ \t.\-]{0,2}"
                 r"\d[A-Z]{2})\b"),
    ("postcode", r"\b(?-i:[A-Z]{1,2}\d[\dA-Z]? \d[A-Z]{2})\b"),
    ("postcode", r"\bzz\d[\dA-Z]? ?\d[A-Z]{2}\b"),  # what the NHS writes for no fixed home
    ("nino", rf"\b{NINO_PREFIX}(?:{_GAP}\d){{6}}{_GAP}[A-D]\b"),
    ("nino", rf"\b{NINO_PREFIX}{_GAP}\d\d(?P<gap>{_GAP})\d\d(?P=gap)\d\d\b"),  # no last letter
    ("nhs", rf"\bn\.?h\.?s\.?{_NUMBER_WORD}(?P<it>\d(?:[ \t.\-]{{0,2}}\d){{9}})\b"),
    ("bank", rf"\bsort ?code{_NUMBER_WORD}(?P<it>\d\d[ \-]?\d\d[ \-]?\d\d)\b"),
    ("bank", r"\b(?P<it>\d\d[ \-]\d\d[ \-]\d\d)(?=\W{1,4}(?:\w+\W{1,3}){0,3}\d{8}\b)"),
    ("bank", r"\b\d\d[ \-]\d\d[ \-]\d\d\W{1,4}(?:[a-z]+\W{1,3}){0,3}(?P<it>\d{8})\b"),
    ("bank", rf"\b(?:account|acc|acct|a/c){_NUMBER_WORD}(?P<it>\d(?:[ \-]?\d){{6,8}})\b"),
    ("card", r"\b(?:card|debit|credit) (?:ending|ends)(?: in| with)? (?P<it>\d{4})\b"),
    ("vehicle", r"\b(?:reg(?:istration)?|number ?plate)(?: (?:number|no|is|was))*[.:]? "
                r"(?P<it>[A-Z]{1,3} ?\d{1,4} ?[A-Z]{0,3})\b"),
    ("passport", r"\bpassport(?: (?:number|no|is))*[.:]? (?P<it>[A-Z]{0,2}\d{7,9})\b"),
    ("reference", r"\b(?:ref(?:erence)?|case|urn|crime|incident|claim|client|customer|ticket|"
                  r"application|hospital|patient|student|payroll|tenancy|complaint|booking|uprn|"
                  r"home office|policy|bail)(?: (?:ref(?:erence)?|no|number|id))?\.?"
                  r"(?: is| was)?[ :#]{1,3}(?P<it>(?=(?:[\w/\-]*\d){3})[A-Z0-9][\w/\-]{3,}\w)\b"),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(form, re.IGNORECASE)) for kind, form in _FORMS)

_NI_LABEL = re.compile(r"\b(?:n\.?i\.?(?:no)?|nino|national insurance)\b", re.IGNORECASE)
_SIX = rf"\d(?:{_GAP}\d){{5}}(?:{_GAP}[A-D])?(?!\w)"
_NI_RIGHT_AFTER = re.compile(rf"{_NUMBER_WORD}(?P<it>{_SIX})", re.IGNORECASE)
_NI_NEAR = re.compile(rf"\b{NINO_PREFIX}{_GAP}{_SIX}", re.IGNORECASE)
"""Six digits in any grouping: two letters before them, or the words that name them right before."""
_LABEL_REACHES, _LONGEST_NI = 60, 30

_PUBLIC_SITE = re.compile(r"\.(?:gov|nhs|police|ac|sch|parliament)\.uk\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w£$.])(?:\+ ?\d|\(?0)(?:[ \t().\-]{0,3}\d){8,14}(?!\d|[.,]\d)")


def written_details(text: str) -> Iterator[Detail]:
    """Find every detail that has a written form; order and overlaps are not sorted out."""
    for kind, form in _COMPILED:
        for match in form.finditer(text):
            part = "it" if "it" in form.groupindex else 0
            if kind == "link" and _PUBLIC_SITE.search(match[0]):
                continue  # a public body's site is no person's
            yield detail(match.start(part), match.end(part), kind)
    yield from _labelled_nis(text)
    for match in _PHONE.finditer(text):
        if is_phone(re.sub(r"\D", "", match[0]), plus=match[0].startswith("+")):
            opened = match[0].startswith("(") and ")" not in match[0]
            yield detail(match.start() + opened, match.end(), "phone")


def _labelled_nis(text: str) -> Iterator[Detail]:
    for label in _NI_LABEL.finditer(text):
        start, reach = label.end(), label.end() + _LABEL_REACHES
        bare = _NI_RIGHT_AFTER.match(text, start)
        if bare:
            yield detail(*bare.span("it"), "nino")
        for match in _NI_NEAR.finditer(text, start, reach + _LONGEST_NI):
            if match.start() <= reach:
                yield detail(*match.span(), "nino")


def is_phone(digits: str, *, plus: bool = False) -> bool:
    """Say whether these digits can be dialled: a UK number, or one with a country code."""
    if plus or digits.startswith("00"):
        return 9 <= len(digits.removeprefix("00")) <= 15
    return len(digits) in (10, 11) and digits[0] == "0" and digits[1] in "1235789"


def is_nhs_number(digits: str) -> bool:
    """Say whether ten digits are an NHS number by their check digit (modulus 11)."""
    if len(digits) != 10 or not digits.isdigit():
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    check = 11 - total % 11
    return check != 10 and check % 11 == int(digits[9])

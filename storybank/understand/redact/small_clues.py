"""The turns of phrase that tell a name from an everyday word in a text of small letters."""

import re

from storybank.understand.redact.wordlist import words

KINSFOLK = re.compile(
    r"\b(?:son|daughter|husband|wife|partner|mum|mam|mother|dad|father|brother|sister|gran|grandma"
    r"|nan|grandad|granddad|granda|grandson|granddaughter|aunt|auntie|uncle|cousin|nephew|niece"
    r"|boyfriend|girlfriend|friend|mate|pal|neighbour|landlord|landlady|boss|godson|goddaughter"
    r"|stepson|stepdad|stepmum|baby|twin|bloke|fella|lad|lass|lassie)"
    r"(?:-in-law| in law)?,? \Z"
)
TITLE = re.compile(r"\b(?:dr|cllr|prof|sgt|chief|papa|haj|pastor|auntie|aunty|uncle|nurse) \Z")
MISS = re.compile(
    r"(?<!\bi )(?<!\bwe )(?<!\byou )(?<!\bthey )(?<!\bto )(?<!\bll )(?<!\bd )(?<!\bnot )(?<!n't )"
    r"(?<!ont )(?<!\breally )(?<!\bwill )(?<!\bwould )(?<!\bstill )(?<!\bthat )(?<!\bboth )"
    r"\bmiss \Z"
)
ME_AND = re.compile(r"\bme (?:and|n|an) \Z")
AND_ME = re.compile(r" (?:and|n|an) (?:i|me)\b")
BY_NOBODY = re.compile(
    r"\b(?:the|an?|my|your|his|her|our|their|this|that|these|those|some|any|no|every|of|with|like"
    r"|such|so|too|very|more|most|bit|all|in|on|at|into|fresh|new|is|was|are|were|be|been|being|get"
    r"|got|getting|feels?|felt|looks?|looked|really|quite|as|just|also|one|two|three|four|by|near"
    r"|red|blue|green|white|black|brown|big|little|old|good|whole|same|other|another|first|last|ex"
    r"|\w+['\u2019]s|\w+(?:ly|ing|ed)|\d+) \Z"
)
GIVING = re.compile(
    r"\b(?:gave|give|given|giving|gives|bought|brought|got|took|made|make|sent|showed|told|asked"
    r"|cost|costs|owes?|owed|paid|pay|let|taught|wished|find|found|get|called|call) \w+ \Z"
)
PERSON_DOES = re.compile(
    r" (?:said|says|told|asked|asks|rang|phoned|texted|messaged|reckons|reckoned|thinks|thought"
    r"|lives|lived|works|worked|drove|drives|moved|died|laughed|laughs|cried|smiled|knows|knew|loves"
    r"|loved|wants|wanted|came|comes|went|goes|helped|helps|shouted|shouts|looked|looks after"
    r"|speaking|calling|here|leaving|sat|stood|walked|turned up|(?:is|was) (?:my|his|her|our)"
    r"|is (?:a|only|not|gone)"
    r"|who|has|had|will|would|can|could|should|might|never|always|still|brought|brings|gave|gives|bought|taught|teaches|started|left|met|made|makes)\b"
)
APART = re.compile(
    r" ?\((?:my|his|her|our|their|the)\b|, (?:who|my|his|her|our|he|she|they|he's|she's)\b"
    r"| from (?:the|number|next|flat|across|upstairs|downstairs|up|down)\b"
)
SIGNED = re.compile(
    r"(?:\b(?:yours|faithfully|sincerely|truly|regards|wishes|from|thanks|thank you|cheers|love),? "
    r"|\n\s*)(?P<it>[^\W\d_]{2,20}(?:[ -][^\W\d_]{2,20}){0,2})"
    r"(?:,? (?:ward|flat|room) \d+)?[\s.!x]*\Z"
)
CLAUSE = re.compile(r"(?:[,;]|\b(?:and|but|so|then|because|cos|when|if|that|until|while)) \Z")
"""After these a new clause begins, and may begin with who did something."""
STRONG = re.compile(
    r" (?:said|says|told|asked|asks|rang|phoned|texted|messaged|reckons|reckoned|thinks|thought"
    r"|lives|lived|drove|drives|moved|died|laughed|laughs|cried|smiled|knows|knew|loves|loved|wants"
    r"|wanted|helped|helps|shouted|shouts|works|worked|brought|taught|turned up|is back|went)\b"
    r"|['\u2019]s (?:mum|dad|mam|son|daughter|husband|wife|partner|brother|sister|friend|kids|house"
    r"|flat|place|car|boy|girl|nan|gran)\b"
)
"""What only people do or have."""
SOMEBODY = re.compile(
    r"\b(?:somebody|someone|man|woman|lady|girl|boy|lad|lassie|lass|bloke|fella|chap|boxer|cleaner"
    r"|mentor|nurse|doctor|student|worker|officer|manager|driver|teacher|friend|mate|son|daughter"
    r"|husband|wife|partner|brother|sister|mum|dad|mother|father|cousin|neighbour|volunteer|carer"
    r"|receptionist|caretaker|warden|midwife|visitor|one|me|us|people|kids|children|boys|girls|men"
    r"|women|sons|daughters)(?: [^\W\d_]+){0,5}, \Z"
)
"""A person who is named next: "a cleaner in the building, ray, sits with him"."""
GREETING = re.compile(r"(?:\A|[.!?\n] ?)(?:good )?(?:morning|afternoon|evening),? \Z")
VERB_NAMES = frozenset(words("rob sue pat dot drew mark guy ray gene miles rose will"))
"""Names that are verbs or counted things, and begin a sentence only where they are names."""
WHO = re.compile(r", (?:who|my|his|her|our|he|she|he's|she's)\b| \((?:my|his|her|our|their)\b")
INITIAL = re.compile(r"(?<![\w.'\u2019])[b-hj-z]\. ?(?P<last>[a-z]{3,20})(?![\w'\u2019-])")
LETTERED = re.compile(
    r"\b(?:vitamin|plan|block|flat|part|section|appendix|group|hep|type|option|grade|class|wing"
    r"|bay|unit|zone|point|item|room|form|number|no|house) \Z"
)
TOWARDS = re.compile(r"\b(?:to|for|from|with|by|see|that's|that is|of) \Z")

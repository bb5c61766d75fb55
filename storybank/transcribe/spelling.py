"""British spelling of what Whisper writes: it learnt from American text more than from ours.

Only whole words of a list written by hand are changed, never a capitalised word inside a sentence
(it may be a name: Labor Day, the Humana Center), and never a word that is right in Britain in
another sense (`program`, `practice`, `license`, `meter`, `check`, `story`, `tire`, `curb`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from storybank.values import Segment, Span, Transcript, Word

_PAIRS = """
color:colour colored:coloured colorful:colourful coloring:colouring colors:colours
favor:favour favors:favours favored:favoured favorite:favourite favorites:favourites
favorable:favourable flavor:flavour flavors:flavours flavored:flavoured
honor:honour honors:honours honored:honoured honoring:honouring honorable:honourable
humor:humour labor:labour labors:labours labored:laboured neighbor:neighbour
neighbors:neighbours neighboring:neighbouring neighborhood:neighbourhood
neighborhoods:neighbourhoods neighborly:neighbourly behavior:behaviour behaviors:behaviours
behavioral:behavioural rumor:rumour rumors:rumours harbor:harbour harbors:harbours
savior:saviour parlor:parlour vapor:vapour odor:odour odors:odours armor:armour
endeavor:endeavour endeavors:endeavours clamor:clamour vigor:vigour splendor:splendour
center:centre centers:centres centered:centred theater:theatre theaters:theatres
liter:litre liters:litres kilometer:kilometre kilometers:kilometres
centimeter:centimetre centimeters:centimetres millimeter:millimetre millimeters:millimetres
fiber:fibre fibers:fibres caliber:calibre somber:sombre meager:meagre
organize:organise organizes:organises organized:organised organizing:organising
organizer:organiser organizers:organisers organization:organisation
organizations:organisations organizational:organisational disorganized:disorganised
realize:realise realizes:realises realized:realised realizing:realising
realization:realisation recognize:recognise recognizes:recognises recognized:recognised
recognizing:recognising apologize:apologise apologizes:apologises apologized:apologised
apologizing:apologising criticize:criticise criticizes:criticises criticized:criticised
criticizing:criticising emphasize:emphasise emphasized:emphasised emphasizing:emphasising
prioritize:prioritise prioritized:prioritised prioritizing:prioritising
socialize:socialise socialized:socialised socializing:socialising
specialize:specialise specializes:specialises specialized:specialised
specializing:specialising stigmatize:stigmatise stigmatized:stigmatised
summarize:summarise summarized:summarised utilize:utilise utilized:utilised
minimize:minimise minimized:minimised maximize:maximise maximized:maximised
memorize:memorise memorized:memorised normalize:normalise normalized:normalised
penalize:penalise penalized:penalised publicize:publicise publicized:publicised
finalize:finalise finalized:finalised fertilizer:fertiliser generalize:generalise
generalized:generalised hospitalize:hospitalise hospitalized:hospitalised
immunized:immunised jeopardize:jeopardise legalize:legalise legalized:legalised
mobilize:mobilise mobilized:mobilised modernize:modernise modernized:modernised
patronize:patronise patronized:patronised patronizing:patronising
personalize:personalise personalized:personalised privatize:privatise
privatized:privatised stabilize:stabilise stabilized:stabilised subsidize:subsidise
subsidized:subsidised sympathize:sympathise traumatized:traumatised traumatizing:traumatising
vandalize:vandalise vandalized:vandalised victimize:victimise victimized:victimised
visualize:visualise categorize:categorise categorized:categorised
civilized:civilised colonized:colonised computerized:computerised
customize:customise customized:customised energized:energised equalize:equalise
familiarize:familiarise fantasize:fantasise harmonize:harmonise idolized:idolised
marginalize:marginalise marginalized:marginalised materialize:materialise
materialized:materialised monopolize:monopolise optimize:optimise optimized:optimised
ostracized:ostracised pressurized:pressurised revolutionize:revolutionise
scrutinize:scrutinise scrutinized:scrutinised standardize:standardise
standardized:standardised sterilized:sterilised symbolize:symbolise
terrorized:terrorised unrecognizable:unrecognisable unorganized:unorganised
analyze:analyse analyzed:analysed analyzes:analyses analyzing:analysing
paralyze:paralyse paralyzed:paralysed paralyzing:paralysing
traveled:travelled traveling:travelling traveler:traveller travelers:travellers
canceled:cancelled canceling:cancelling counseling:counselling counselor:counsellor
counselors:counsellors counseled:counselled modeling:modelling modeled:modelled
labeled:labelled labeling:labelling leveled:levelled leveling:levelling
quarreled:quarrelled quarreling:quarrelling signaled:signalled signaling:signalling
fueled:fuelled fueling:fuelling channeled:channelled channeling:channelling
jeweler:jeweller jewelry:jewellery woolen:woollen marvelous:marvellous
fulfill:fulfil fulfills:fulfils fulfillment:fulfilment enroll:enrol enrolls:enrols
enrollment:enrolment skillful:skilful skillfully:skilfully willful:wilful
installment:instalment installments:instalments
defense:defence defenses:defences offense:offence offenses:offences pretense:pretence
gray:grey grayish:greyish
pajamas:pyjamas mustache:moustache mustaches:moustaches plow:plough plowed:ploughed
plowing:ploughing cozy:cosy coziness:cosiness skeptical:sceptical skeptic:sceptic
skepticism:scepticism aluminum:aluminium
anemia:anaemia anemic:anaemic anesthetic:anaesthetic anesthetist:anaesthetist
diarrhea:diarrhoea gynecologist:gynaecologist pediatric:paediatric
pediatrician:paediatrician hemorrhage:haemorrhage leukemia:leukaemia
orthopedic:orthopaedic estrogen:oestrogen maneuver:manoeuvre maneuvers:manoeuvres
catalog:catalogue catalogs:catalogues
molded:moulded moldy:mouldy mold:mould smolder:smoulder smoldering:smouldering
molding:moulding tidbit:titbit tidbits:titbits draftsman:draughtsman
drafty:draughty sulfur:sulphur ameba:amoeba encyclopedia:encyclopaedia
checkbook:chequebook artifact:artefact artifacts:artefacts
"""

_ALSO_NAMES = frozenset({"gray", "labor", "center", "harbor", "parlor", "savior"})
"""Not changed at the start of a sentence either: there nobody can tell them from a name."""

_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")
_NEW_SENTENCE = re.compile(r"(?:\A|[.?!\u2026][\"'\u201d\u2019)]*\s+|[\"\u201c]\s*)\Z")


@cache
def spellings() -> dict[str, str]:
    """Give the British spelling of each American one in the list, in small letters."""
    pairs = (pair.split(":") for pair in _PAIRS.split())
    return {ours: theirs for ours, theirs in pairs if ours != theirs}


def british(told: Transcript) -> Transcript:
    """Give an English transcript with British spellings; another language is given back as it is.

    Word times, confidences and flags stay; spans move with the letters.
    """
    if told.language != "en":
        return told
    changes = list(_changes(told.text))
    if not changes:
        return told
    text, at = "", 0
    for span, better in changes:
        text += told.text[at : span.start] + better
        at = span.end
    text += told.text[at:]
    move = _Moved(changes)
    segments = tuple(_moved(segment, move) for segment in told.segments)
    return replace(told, text=text, segments=segments)


def _changes(text: str) -> Iterator[tuple[Span, str]]:
    for match in _WORD.finditer(text):
        word = match[0]
        better = spellings().get(word.lower())
        if better is None:
            continue
        if word[0].isupper():
            begins = _NEW_SENTENCE.search(text, max(0, match.start() - 6), match.start())
            if not begins or word.lower() in _ALSO_NAMES:
                continue
            better = better[0].upper() + better[1:]
        yield Span(*match.span()), better


class _Moved:
    """Gives places in the new text for places in the old one."""

    def __init__(self, changes: list[tuple[Span, str]]) -> None:
        self._changes = changes

    def __call__(self, place: int) -> int:
        by = 0
        for span, better in self._changes:
            if span.end <= place:
                by += len(better) - (span.end - span.start)
            elif span.start < place:
                return span.start + by + min(place - span.start, len(better))
        return place + by

    def span(self, span: Span) -> Span:
        """Give where the words of a span stand now."""
        return Span(self(span.start), self(span.end))


def _moved(segment: Segment, move: _Moved) -> Segment:
    words = tuple(_word(word, move) for word in segment.words)
    return replace(segment, span=move.span(segment.span), words=words)


def _word(word: Word, move: _Moved) -> Word:
    return replace(word, span=move.span(word.span))

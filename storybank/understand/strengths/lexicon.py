"""The words by which a story names something as good, each in its base form."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GOOD = _words(
    """ace amazing awesome beautiful best brilliant calm cheerful clean clever cosy decent
    excellent fab fabulous fantastic favourite fine friendly fun generous gifted good gorgeous
    grand great handy happy helpful honest inspiring kind lifeline lovely magic marvellous
    patient peaceful perfect precious quiet safe skilled smart special super superb supportive
    talented terrific thoughtful tidy top warm welcoming wonderful"""
)
"""Adjectives, and nouns used like them."""
GOOD_THINGS = _words(
    """asset blessing diamond gem godsend heart haven hero heroine hub legend lifeline lifesaver
    magic oasis pleasure refuge rock saviour star treasure angel backbone glue gold credit joy
    sanctuary highlight"""
)
"""Nouns: "the library is a lifeline"."""
CONDUCT = _words(
    """kind helpful patient lovely brilliant wonderful amazing generous great fantastic supportive
    thoughtful friendly welcoming"""
)
"""Adjectives for what somebody did, which stay true when told as past."""
ABLE = _words(
    """ace amazing brilliant clever excellent expert fab fantastic gifted good great handy skilled
    superb talented terrific wicked wonderful genius whizz wizard dab magic wonder incredible
    unbeatable best"""
)
"""Before "at" and "with"."""
DOES = _words(
    """bake build cook crochet cut dance decorate draw drive fix garden grow juggle knit make mend
    organise paint plait play plumb prune repair sew sing speak tailor teach tile translate wire
    weld write carve quilt coach run read sort grow braid solve cycle swim interpret code"""
)
"""What somebody can do or teaches others to do."""
LIKES = _words("love adore enjoy treasure cherish")
HELPS = _words(
    """accept believe bring carry cheer collect comfort cook cuddle drive encourage feed fetch give
    greet guide help hug include invite lend listen mend notice rescue run save share shop show
    sit stand support take teach thank trust visit wave welcome cover mind fill sort translate
    phone ring text check look keep pick drop walk lift pop knock"""
)
"""What somebody does for others; most count only with "me", "us" or somebody else behind."""
HELPS_ALONE = _words("listen welcome help care share")
GROUPS = _words(
    """allotmenters association band brownies brigade choir circle class club picker pickers
    committee congregation co-op collective cooperative cadets crew drop-in fellowship forum
    gang gardeners group guides knitters league network orchestra playgroup scheme scouts
    society squad team toddlers troop troupe union volunteers walkers wi rota foodbank pantry
    project"""
)
PLACES = _words(
    """allotment allotments bakery bank barber barbers beach bench butcher café cafe canal centre
    chapel chippy church corner court courtyard estate field fields garden gardens green
    gurdwara gym hall hub kitchen lake laundrette launderette leisure-centre library market
    meadow mosque museum nursery orchard park path playground pitch place pool pub river room
    school shed shop space square stables station street surgery synagogue temple theatre
    towpath village walk wood woods workshop salon patch studio"""
)
PEOPLE = _words(
    """aunt auntie aunty babysitter barber boss brother carer caretaker childminder coach colleague
    cousin couple dad daughter dinner-lady doctor driver family father foreman friend friends gp
    girlfriend boyfriend gran grandad granddad granddaughter grandfather grandma grandmother
    grandson granny guy headteacher health-visitor husband imam lad lady landlady landlord lass
    leader librarian lodger lollipop-lady man manager mate mates mother mum mums midwife nan
    nana neighbour neighbours nephew niece nurse parents partner pharmacist postman priest
    receptionist shopkeeper sister son stepdad stepmum teacher tutor uncle vicar volunteer
    warden wife woman worker girl boy bloke pastor postie"""
)
EACH_OTHER = _words(
    "help look know support watch care share feed cook swap lend back trust keep check"
)
"""What "we" and "everybody" do with each other."""
WHERE = _words("downstairs upstairs opposite next across over along above below round")
NEGATIONS = _words("no never hardly barely nobody none neither nor nothing rarely seldom without")
CLAIMS = _words("say claim promise pretend reckon think tell insist boast suppose advertise call")
MAYBE = _words("would could should might may must will 'll 'd")
HANDLED = _words(
    """hand child kid baby animal dog horse computer phone number money word people plant form wood
    tool needle machine toddler teenager car"""
)
"""What somebody is good with: more than company."""
MISDEEDS = _words(
    """ignore waste lose forget lie blame dodge fob stall delay cancel refuse postpone stonewall
    bully dither patronise patronize overlook dismiss promise moan whinge disappear vanish evade
    mislead exclude misplace overpromise"""
)
"""What nobody is praised for: "great at ignoring us" is said in bitterness."""
BOTHERS = _words("damage mess fuss waffle")
"""Misdeeds as verbs only: "messing us about", though not "spotting damage"."""
EXCUSES = _words("buck excuse blame waffle")
"""Things of which nobody makes good use, whatever is done with them: "passing the buck"."""
SPOILS = _words("mess fuss corner damage trouble nothing no sorry")
"""What makes a misdeed of a plain verb: "causing trouble", though not "sorting out trouble"."""
PLAIN = _words("make cause pass give be do say create cut leave")
RAISES = _words("put raise push increase hike bump jack")
COSTS = _words("rent price charge fee bill tax fare cost")
"""With one of RAISES nobody's skill: "putting up the rent"."""
AT_COST = _words("take make keep leave put hold string send treat charge drain push pass")
"""Verbs that with "us" or "our" behind them are mostly bitter: "keeping us waiting"."""
GOOD_FOR_US = _words(
    """laugh laughing smile welcome safe warm together company happy cheerful proud fed informed
    afloat sane calm comfortable clean tidy tea coffee dinner lunch food cake soup seriously"""
)
"""What takes the doubt away: "making us laugh"."""
ANYBODY = _words(
    "me us her him them my our everyone everybody anyone each other people mum dad kids children"
)
LOST = _words("under mad worse not n't never lost dead nowhere lonely alone dont")
"""What "I would have been" without somebody."""
USUAL = _words(
    """always every lift round home welcome welcomed soup food dinner tea shopping cake company
    often daily"""
)
PARTICLES = _words("after out in eye going by with on up off round")

"""Given names common in the United Kingdom, of many origins.

Words that also mean other things stand apart: the sentence has to say whether those are names.

Written down from general knowledge; a floor for small letters, not a limit: names outside this
list are found by where they stand (`names.py`).
"""

from storybank.understand.redact.wordlist import words

GIVEN = frozenset(
    words(
        "bex trish trisha debs gaz baz shaz kev trev jen jess abby deano dazza gazza shazza stevo ",
        "aaron abdi abdul abdullah abigail adam adele adrian ahmed aidan aileen aisha ayesha "
        "alan alasdair albert alejandro alex alexander alexandra alfie ali alice alison "
        "alistair amanda amara amelia amina amir amit amy ana anastasia andrea andrew andy "
        "angela anita anjali ann anna anne annie anthony antonio anwar arjun arthur asha "
        "ashraf asif audrey ayaan aziz barbara barry beatrice becky ben benjamin bernadette "
        "bernard beth bethany betty beverley bilal billy bob bobby brenda brian bridget bryan "
        "callum carl carla carlos carmel carmen caroline carys catherine cathy cecilia "
        "charles charlie charlotte chidi chloe chris christine christopher ciara claire clara "
        "clare clive colin connor craig cynthia daniel danielle danny darren dave david dawit "
        "deborah debbie declan deepa delroy denise dennis derek desmond diana diane dmitri "
        "dominic donald donna doreen doris dorothy duncan dylan eddie edith edna edward "
        "eileen elaine eleanor elena elizabeth ella ellen ellie elsie emeka emily emma "
        "emmanuel eric erica ernest esther ethan ethel eugene eunice evan evelyn ewan farah "
        "farhan fatima fatma fatou femi fiona frances francesca francis freda freddie "
        "frederick gail gareth gary gavin geoff geoffrey george gerald gemma gillian gina "
        "giovanni gladys glenda glenys gloria glyn gordon graham greg gregory gwen gwyneth "
        "habiba hamza hannah harold harriet harry haroon hassan hasan heidi helen helena "
        "henry hilary hodan howard hugh hussein ian ibrahim ifeoma imran ingrid irene isaac "
        "isabel isabella isla ismail ivan iwan jacqueline jackie jacob jake jamal james jamie "
        "jan jane janet janice jason javed jayne jean jeff jeffrey jennifer jenny jeremy "
        "jerome jerry jessica jim jimmy jo joan joanna joanne joe joel john johnny jon "
        "jonathan jose joseph josephine joshua joyce juan juanita judith judy julia julian "
        "julie karen karim kate katherine kathleen kathryn kathy katie kavita keith kelly ken "
        "kenneth kerry kevin khadija khalid kim kirsty kofi krystyna kwame kyle laila latoya "
        "laura lauren lawrence leah leanne lee leila leo leonard leroy lesley leslie lewis "
        "liam lilian linda lisa liz liza lloyd lorna lorraine louis louise lucas lucy luke "
        "lydia lynn lynne mabel mahmoud malcolm malik mandy manuel marcia marcus margaret "
        "maria mariam mariana marie mario marion marjorie marlene martha martin marvin mary "
        "maryam matthew maureen maurice mavis megan mehmet michael michelle mick mike mildred "
        "milly miriam mohamed mohammad mohammed moira molly mona monica moses muhammad muriel "
        "mustafa nadia naomi nasreen natalie natasha nathan neil nelson ngozi niamh nicholas "
        "nicola nigel nikki nina noah nora noreen norma norman nusrat obinna olga oliver "
        "olivia omar oscar owen oyin pamela patricia patrick paul paula pauline pawel pedro "
        "peggy penelope pete peter philip phillip phil phyllis pierre piotr priya rachel "
        "rafael rahim raj rajesh ralph ramona rashid raymond rebecca reginald rehana rhys "
        "ricardo richard rita robert roberta roger ron ronald ronnie rosa rosie ross roy "
        "rupert russell ruth ryan saeed sabrina sally sam samantha samir samira samuel sandra "
        "sanjay sara sarah sean selina sergei shabnam shannon sharon shaun sheila shirley "
        "siobhan simon sinead sonia sophia sophie stan stanley stella stephanie stephen steve "
        "steven stuart suleiman sunita susan susanna suzanne svetlana sylvia tamara tamsin "
        "tanya tariq teresa terence terry thelma theo theresa thomas tiffany tim timothy tina "
        "toby tomasz tony tracey tracy trevor tyrone usman uzma valerie vanessa vera veronica "
        "vikram vincent vivian vivienne walter wayne wendy wilfred william winston wojciech "
        "xavier yasmin yasmine yolanda yousef yusuf yvette yvonne zach zachary zahra zainab "
        "zara zeynep zoe zofia",
    )
)

NAMES_TOO = frozenset(
    words(
        "amber angel april art august autumn basil bill blessing brook bunny carol cherry "
        "chase christian clay comfort constance crystal daisy dawn dean dick dot drew earnest "
        "ebony eve faith fern florence fortune frank gene ginger glen grace grant guy happy "
        "harmony hazel heather holly honey honor hope hunter iris ivory ivy jack jade jasmine "
        "jet joy june justice kit lance lavender lily lucky major marina mark marshal mason "
        "max may melody mercy miles misty nick norm olive opal pat patience pearl penny poppy "
        "precious prince princess prudence queenie raven ray reed rich rob robin rocky rod "
        "rose rosemary ruby rusty sandy savannah scarlet serena sky solomon sonny star "
        "sterling storm sue summer sunny tammy tiger treasure trinity unity van verity victor "
        "violet wade willow will winter woody"
    )
)
"""Words of everyday English that are given names too."""

SELDOM_WORDS = NAMES_TOO - frozenset(
    words(
        "angel april art august autumn basil bill brook bunny cherry chase christian clay comfort "
        "constance crystal dean dick earnest ebony eve faith fern fortune ginger grant guy happy "
        "harmony holly honey honor hope hunter ivory jack jet joy june justice lance "
        "lavender lucky major "
        "marina mark marshal mason max may melody mercy miles misty norm olive opal patience "
        "precious prince princess prudence raven ray reed rich rocky rod rose rusty savannah "
        "scarlet serena sky star sterling storm summer sunny tiger treasure trinity unity van "
        "verity victor violet wade willow will winter woody queenie"
    )
)
"""Names that are hardly ever written with a capital for anything else: "Carol", "Hazel"."""

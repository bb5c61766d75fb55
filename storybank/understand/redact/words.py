"""The words that make a name likely, and those that make it the name of something public."""

from storybank.understand.redact.wordlist import words

TITLES = frozenset(
    words(
        "mr mrs ms miss mx dr doctor prof professor sir dame cllr councillor rev revd "
        "reverend pc pcso sgt wpc dc ds auntie aunty aunt uncle nurse sr fr imam pastor judge "
        "mayor mister missus deacon sheikh shaikh sheik haji hajji hajja ustad ustadh "
        "ustaz mullah maulana mst mohd md dona senhor senhora seu pani doamna domnul domnisoara "
        "signora madame monsieur pandit sardar sardarni chacha chachi hooyo aabe adeer maun mana "
        "busia babcia dziadek coach kuya tita tito lolo lola khala "
        "khalu dada dadi nani didi "
        "bhabhi baji apu masi mausi phupho dadu nanu amma abba "
        "teyze amca abla khalo tante pan pania "
        "ciocia wujek tia tio vovo tanti nenea bunica titka baba babusia alhaji alhaja oga elder "
        "apostle evangelist ato weyzero gashe emama abo hajj ayeeyo awoowe eddo"
    )
)
CAPITAL_TITLES = frozenset(
    words(
        "Sister Father Brother Lady Lord Canon Rabbi Nan Nana Nanny Gran Grandma Grandad "
        "Granddad Matron Coach Inspector Sergeant Constable Officer Midwife Warden "
        "Headteacher Bishop Mama Madam Bro Bros Chief Deaconess Prophet Prophetess Maame Papa Iya "
        "Mummy Daddy Mzee Mother Teacher Cousin Granny Mam Grandpa Hodja Hoca Usta Ustadha Baji "
        "Bhai Abuela Abuelo Pater Padre"
    )
)
"""Titles only where both they and the name after them have a capital."""

KIN = words(
    "son daughter husband wife partner mum mam mother dad father brother sister gran grandma "
    "grandmother nan nana grandad granddad grandfather grandson granddaughter aunt auntie "
    "aunty uncle cousin nephew niece girl boy baby lad toddler twin stepson stepdaughter "
    "stepdad stepmum boyfriend girlfriend fiance fiancee fiancé fiancée friend friends mate "
    "neighbour neighbours carer lodger landlord landlady solicitor doctor gp midwife nurse "
    "consultant caseworker adviser advisor advocate coach teacher tutor mentor manager "
    "supervisor boss colleague volunteer treasurer secretary chair chairman chairwoman "
    "youngest eldest oldest youngsters missus hubby bloke bf gf ex kid kids children boys "
    "girls sons daughters sisters brothers mates"
)
WORKERS = [
    "worker",
    "officer",
    "visitor",
    "therapist",
    "manager",
    "driver",
    "teacher",
    "assistant",
    "coordinator",
]

PERSON_WORDS = words(
    "man woman lady bloke fella fellow guy girl boy lad lass person gentleman chap someone "
    "somebody teacher nurse worker volunteer doctor neighbour friend kid teenager pensioner "
    "mum dad woman's man's one"
)

SAYING = words(
    "had said says say saying told tells asked asks goes reckons reckoned thinks thought rang "
    "rings phoned called calls texted messaged emailed wrote came comes went helped helps got "
    "gets gave gives took takes showed shows knew knows wants wanted needs needed loves loved "
    "likes liked lives lived works worked runs ran sat sits stood looked looks felt feels "
    "laughed cried smiled started starts stopped moved found finds made makes brought brings "
    "taught teaches left met heard who whose died passed is's has's turned kept keeps tried "
    "set let lets put does did"
)

DULL_VERBS = frozenset({"is", "was", "has", "had", "does", "did", "needs", "got"})
"""What a town does as well as a person."""

PUBLIC = frozenset(
    words(
        "leys "
        "centre center house hall court estate ward street road lane avenue close drive park "
        "gardens school academy college primary infants juniors nursery university hospital "
        "infirmary hospice surgery practice clinic pharmacy chemist library church chapel "
        "mosque temple synagogue gurdwara cathedral abbey trust foundation association "
        "society club project partnership group council forum committee party charity hostel "
        "hotel inn arms pub café cafe kitchen theatre cinema museum gallery station market "
        "square bridge hill green common meadow meadows farm tower towers flats lodge row "
        "terrace crescent grove place way walk mews community statue memorial protocol rovers "
        "united city town athletic fc fair festival day week bank award scheme service "
        "services team building block wood woods lake river canal quay wharf allotments "
        "allotment playground shop store stores supermarket line bus buses plc ltd homes "
        "housing hub rooms room field fields recreation leisure pool baths gym villas "
        "buildings rise view heights end village county island bay beach"
    )
)
"""Words after a name that make it the name of a place or a body: "Rose Hill", "Nye Bevan House"."""

TOWNS = frozenset(
    words(
        "aberdeen bath belfast birmingham blackburn blackpool bolton bournemouth bradford brighton "
        "bristol burnley cambridge canterbury cardiff carlisle chelmsford cheltenham chichester "
        "colchester coventry croydon derby doncaster dover dundee durham edinburgh exeter glasgow "
        "gloucester grimsby halifax harlow hartlepool hastings hereford huddersfield hull "
        "inverness ipswich lancaster leeds leicester liverpool luton manchester margate "
        "middlesbrough newcastle newport northampton norwich nottingham oldham oxford peterborough "
        "plymouth poole portsmouth preston reading rochdale rotherham salford salisbury sheffield "
        "slough southampton southend stockport stoke sunderland swansea swindon truro wakefield "
        "warrington watford widnes wigan winchester wolverhampton worcester wrexham york "
        "dublin lagos accra nairobi mogadishu kabul damascus aleppo baghdad tehran karachi lahore "
        "dhaka sylhet delhi mumbai warsaw kyiv bucharest lisbon paris asmara khartoum"
    )
)
"""Towns that the pipeline takes for persons now and then; as evidence they are kept."""

NEVER = TOWNS | frozenset(
    words(
        "editor complaints highways repairs sirs team committee self customer tenant resident "
        "residents colleagues physio senco ot sw ta gp outreach deliveroo uber ebay paypal vinted "
        "jollof kebab naan chapati injera pierogi wilko twix lycra ipad iphone xmas windrush "
        "zumba pilates yoga bingo fortnite minecraft roblox playstation xbox nintendo ofsted "
        "messenger teams vauxhall ford toyota ",
        "i me my mine you your he she it we they his her him them us our this that these "
        "those the a an and or but so if when where who what why how which there here then "
        "now not no yes yeah oh well in on at of to for from with by as is was are were be "
        "been am do did does have has had will would could should can may might must just "
        "like really very all any some every each both monday tuesday wednesday thursday "
        "friday saturday sunday january february march april may june july august september "
        "october november december christmas easter eid ramadan diwali hanukkah mondays "
        "tuesdays wednesdays thursdays fridays saturdays sundays spring summer autumn winter "
        "council councillor councillors nhs gp police mp mps dwp job jobcentre centre "
        "universal credit pip esa housing benefit age uk citizens advice shelter mind "
        "samaritans barnardo's barnardos crisis emmaus mencap scope nacro oxfam tesco asda "
        "lidl aldi sainsbury's sainsburys morrisons iceland greggs boots co-op coop argos "
        "ikea primark waitrose spar facebook whatsapp google youtube zoom instagram tiktok "
        "snapchat netflix amazon english british scottish welsh irish polish romanian somali "
        "pakistani indian bangladeshi chinese arabic french spanish italian german portuguese "
        "african asian european american syrian afghan ukrainian kurdish albanian bengali "
        "urdu punjabi hindi black white muslim christian catholic jewish hindu sikh buddhist "
        "quaker methodist baptist anglican god jesus allah lord covid brexit england britain "
        "scotland wales ireland london oxford europe africa asia america mum mam mummy dad "
        "daddy nan nana nanny gran grandma grandad granddad auntie aunty uncle mother father "
        "sister brother son daughter dear hi hello hiya hey thanks thank cheers regards yours "
        "sincerely kind best sir madam please sorry ok okay right anyway number phone mobile "
        "email address name date birth re ref tel item street road lane avenue estate ward "
        "north south east west new old great good bad home one two three four five six seven "
        "eight nine ten first second third because before after until since while during also "
        "still even only never always sometimes maybe perhaps obviously basically honestly "
        "actually apparently everyone everybody someone somebody anyone nobody people kids "
        "children families family friend friends neighbour neighbours mate mates worker "
        "workers staff doctor nurse teacher mr mrs ms miss dr mx prof cllr saint st",
    )
)
"""Words that alone are no person's name, however they are written."""

HONORIFICS = frozenset(
    words(
        "bhai ben bhabhi ji didi apa apu sahib saheb abla abi teyze amca hanim bey usta agha "
        "khanum khanom bibi begum jaan bhaiya uncle aunty auntie"
    )
)
"""Words of respect after a name, which belong to it: "Ramesh bhai", "fatma abla"."""

PARTICLES = frozenset(
    words(
        "de da do dos del della di du la le van von der den ten bin ibn bint al el ap ab ó ní "
        "nic mac ben abu abd ul ur"
    )
)

WHEN = frozenset(
    words(
        "yesterday today tomorrow again too twice once later last first back there here away "
        "about since please honestly sometimes often already now then also instead anyway tonight "
        "monday tuesday wednesday thursday friday saturday sunday years old home alone together"
    )
)
"""Words that may end a sentence after a given name and are no surname."""

NICKNAMES = (
    "margaret maggie meg peggy madge",
    "elizabeth liz lizzie beth betty lizzy eliza",
    "ronald ron ronnie",
    "robert rob bob bobby robbie",
    "william bill billy will willy",
    "richard rick dick ricky",
    "david dave davey",
    "michael mike mick mickey",
    "james jim jimmy jamie",
    "john jack johnny",
    "thomas tom tommy",
    "andrew andy drew",
    "anthony tony ant",
    "antony tony",
    "christopher chris kit",
    "christine chris chrissie",
    "daniel dan danny",
    "edward ed eddie ted teddy",
    "george georgie",
    "charles charlie chas",
    "joseph joe joey",
    "samuel sam sammy",
    "samantha sam sammy",
    "matthew matt",
    "nicholas nick nicky",
    "nicola nicky nic",
    "patrick pat paddy",
    "patricia pat trish tricia patsy",
    "peter pete",
    "philip phil",
    "stephen steve stevie",
    "steven steve",
    "timothy tim",
    "alexander alex al sandy",
    "alexandra alex sandra",
    "benjamin ben benny",
    "catherine cath cathy kate katie",
    "katherine kath kathy kate katie",
    "kathleen kath kathy",
    "deborah deb debs debbie",
    "dorothy dot dottie",
    "eleanor ellie nell",
    "florence flo",
    "frederick fred freddie",
    "gerald gerry",
    "gillian gill",
    "harold harry",
    "henry harry",
    "jacqueline jackie",
    "janet jan",
    "jennifer jen jenny",
    "jessica jess",
    "joanne jo",
    "josephine jo josie",
    "judith judy",
    "kenneth ken kenny",
    "lawrence larry",
    "leonard len lenny",
    "lesley les",
    "leslie les",
    "mohammed mo",
    "muhammad mo",
    "mohamed mo",
    "pamela pam",
    "rebecca becky becca bex",
    "raymond ray",
    "reginald reg",
    "susan sue suzie",
    "theresa terry tess",
    "terence terry",
    "valerie val",
    "victoria vicky tori",
    "vincent vince vinny",
    "walter wally",
    "beverley bev",
    "barbara barb babs",
    "maureen mo",
    "fatima fati",
)
"""Rows of one name's forms, as they are used in the United Kingdom."""

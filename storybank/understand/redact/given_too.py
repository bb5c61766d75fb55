"""More words of everyday English that are given names in one community or another.

They are names only where the words around speak of a person: "my friend Heaven", "Million, who".
Written down from general knowledge, after the "worked on" part of
`models/gold/redaction/origins.jsonl` had been read, so names of that part are among them.
"""

from storybank.understand.redact.wordlist import words

WORDS_TOO = frozenset(
    words(
        # virtues and blessings, above all West African, Caribbean and Southern African
        "gift goodness favour wisdom miracle testimony promise praise success peace glory "
        "happiness love bright charity victory marvellous blessed prosper innocent privilege "
        "beauty beloved talent divine sweet heaven glorious honour purity obedience righteous "
        "confidence kindness memory mercy gracious temperance thankful welcome silver golden "
        # short forms and words of old in the British Isles
        "abbey ash bay beau birdie blossom blue bud cash cat chuck cliff clover coco cookie cosmo "
        "cutie dale dash dell dolphin dove drake duke dusty fay "
        "flick fleur fox gale gay heath "
        "indigo jay jem jewels jules juno junior king lane lark les liberty link loveday mack mags "
        "maple mal merit moll nat nipper nova ocean pip piper plum queen rain rainbow reef river "
        "robbie rosy royal sage scott sean skip smudge snow sonia sorrel spike star spud swift tab "
        "tad tansy tiff tam titch trick tulip vic viv wendy wren bear buddy sugar peaches cerise "
        "chardonnay linden liv natty petal savanna sion siwan paris phoenix "
        # African
        "yaw alpha bosun lade samba shade titi tope wale esi adjoa ola yaa kofi aster awash belay "
        "bethlehem cali manna mire million genet "
        # South Asian
        "begum bulbul deep harsh kashmir lovely sweety pinky dolly bobby jewel honey bunty moon "
        "lucky baby monsoon pearl khush jolly sonny bubbly lively shiny komal mani chand mala "
        "nitty simmy tiny titan "
        # Arab, Kurdish, Persian and Turkish
        "said jihad mine raid peri alp saber balsam berk bilge dia hind diana mitra tala tamer "
        "inci nail hail ray dawn ease can sail noon rest maize main "
        # East Asian, Filipino and Vietnamese
        "dong bong princess apple lieu thu tho loan sen yen tung ling hung kit long dung bao "
        "lan ping song sang fan fang hang dao gem heart angel joy cherry queenie "
        "jing bing ming winky kitty sunny yoyo icy "
        # Caribbean
        "careen devon jacinth novelette precious vie merchant trinidad "
    )
)

VERBS_TOO = frozenset(
    words(
        "will may hope drew rose rob pat mark bill sue dot said mine can nail hail sail ease trick "
        "skip welcome love praise promise peace success long song sang "
        "hung hang fang main noon rest "
        "million raid cat king queen art chase grant guy moon river bay hunt cook heart house baby "
        "van star rain snow glory power happy lively deep silver "
        "golden sweet bright apple heath ray "
        "win jet sky summer winter spring autumn april june august "
        "sandy sunny rich price miles gene "
        "thu sen dao merchant tab bud buddy sugar honey happiness confidence kindness memory sage"
    )
)
"""Names that are common as other words: "my son will", "my mum may", "and said"."""

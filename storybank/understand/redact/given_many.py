"""Given names of communities whose names were missed most, and surnames of the same.

Written down from general knowledge for masking-9, going through names in use country by country,
after the part "worked on" of `models/gold/redaction/many.jsonl` had been read: a score of its names
are among them. None is a word of everyday English.
"""

from storybank.understand.redact.wordlist import words

GIVEN_MANY = words(
    "adhiambo akello anesu apiyo arbnora awuor babirye babylyn baraka bebot blerta bwalya "
    "chanda chao chebet chenai chengetai cheptoo cheuk chiedza chikondi ching chipiwa chisomo "
    "dede delina dodie ebou egzona eleni elnour eltayeb ermine euline everald evin fanica "
    "fungai garikai gathoni geta giau gjergj gloriana guang gulbibi guo habimana haitham hao "
    "hawre hei hoi hosneara hozan hua hui hyrije ingabire isatu itai ivylyn jepkosgei "
    "kabiruddin kaddijatou kadiatu kaltrina karabo kariuki kerubo kflom kipchoge kiprop kizza "
    "klavdiya kondwani kundai kwong lanyero lei lerato lili limbani liridona lok lumturije "
    "maha mandla masud masum meng mimoza mofiz moraa motin mphatso mpho mufaro mukamana "
    "mukasa mulenga munyaradzi mutasim muthoni mutinta mwila nakku naledi nalubega namutebi "
    "nansubuga nazmije ndue nii niyonzima njeri njuguna nonhlanhla nqobile ntombi "
    "nyaboke nyaradzo nyokabi ochieng ojok okbay onyango opio ousman panashe pashk perparim "
    "preng refilwe relu remzije rong ropafadzo rrezarta rumbidzai rutendo ruvimbo safta "
    "saveta sayedur sekai semere sephora shingai shiuly shkelqim shpetim shqipe sibusiso "
    "sifiso simbarashe sithembile skender spozhmai ssali storai sze tafadzwa tambudzai tao "
    "tapiwa tatenda tawanda tebogo tetteh thabo thokozani tinashe tinotenda titel tonderai "
    "torpekai tsitsi tsungai tsz uwimana valmira verlene vimbai vlora vy waithera wangari "
    "wasswa weiwei wilmot xhemal xhevahir xiang xiu xue yat yi zef zelal zhe zhi zhong "
    "zipporah zmaryali zvikomborero "
)

SURNAMES_MANY = frozenset(
    words(
        "abraha ahmeti akbari anghel ardelean arslan azizi badawi bajrami banda barasa barbu "
        "berhe bratu byaruhanga cheruiyot chigumba chirila chirinda chirwa chivu cristea cui dinu "
        "dlamini dobre elamin elsayed gao ghebremeskel girmay gjini habibi hagos hamdan hotak "
        "hysa hyseni islami jiang kagwa kahsay kassem khoury kibet kiplagat korkmaz lleshi makoni "
        "marufu masuku matei mbatha mbewe mehari mlambo mokoena moldovan moldoveanu moradi "
        "musyoka mutiso mutsvairo mwale nabwire najjar naser nazari nikolla nistor nkomo okot "
        "oprea popal qasem ramadani rexha sabbagh sahak sandu selimi shao shehata simsek sithole "
        "ssekandi syla tembo tesfamariam thaqi tshabalala tumusiime ukaj ungureanu wafula "
        "woldemichael xie xiong zadran zaher zeng zeqiri zimba "
    )
)

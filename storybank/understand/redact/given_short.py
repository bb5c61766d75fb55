"""More given names and short forms from the British Isles, and some of elsewhere that are short.

Written down from general knowledge for masking-7, by going through names in use and adding what
the other lists left out. None is an everyday word.
"""

from storybank.understand.redact.wordlist import words

SHORT_FORMS = frozenset(
    words(
        "abbie abe addie aggie aldo algy andre angie ari arlo arnie artie barbie basir bazza "
        "bazzer bazzy bec becca bella benji bernice bert bess bettie bezza blake bobbie bonnie "
        "brett brody bronwyn chike cindy clarice clem cleo connie conrad corrine curtis damien "
        "dannii davo dax deidre denny dom dora eddy eliza ferg flo florrie franny fred freddy "
        "fritz gabby gibbo gilly giselle gordie gregor griff guinevere gwennie harris iggy izzy "
        "jacko jacky jagan jago janie jaz jessie jill johnno jonesy jono jos judd kamal kavi kazza "
        "kel kez kezza kiki lennie lenny lenore leon lester lettie levi lex lindy linus lonnie "
        "lyle lyn lyra macca marc margo mariah marshall marty matt merv meryl micky milo milton "
        "mindy mordecai mozza murray myron nate nath neela nelly nev nicky nico niles nola oprah "
        "osa osmond pauly persephone phebe piers pollyanna rach raelene rafi rena roddy roja rollo "
        "rona ros roscoe roslyn rubin rudi rudolf russ sascha shamus shari sharron shay sherwood "
        "simmo sinbad sophy suri suze sydney tash teja tezza thommo tibby tiwa tommy topsy toyah "
        "travis ty uriah vern vikki virgil wally wardy wez whitney willie willis woz xander zack "
        "ziggy zoey "
    )
)

"""Names of two and three short parts, as Chinese and Vietnamese ones: "kwok chi hung", "yuk lan".

Each part alone may be an English word ("man", "hung"); beside another part it is none. Spellings of
Cantonese, Mandarin, Hokkien and Vietnamese names in use in the United Kingdom.
"""

from storybank.understand.redact.wordlist import words

_TELLING = frozenset(
    words(
        "au bich bik bui chak cham chau che cheng cheong cheuk cheung ching chiu choi choy chu "
        "chui chuk chuen chun chung chuong cuc cuong dang dao diep dinh doan duc duong duyen fai "
        "feng fung giang hao hanh hien hieu hin hoa hoai hoang hoi hok hon hsiao hsu huang huong "
        "huynh jia jian jie jin jing jun kam kei kin kit kiu kok kong ku kuan kuen kui kwai kwan "
        "kwok kwong lai lau leung liang lieu lijun lok luk lun luong ming mei mui nga ngai ngan "
        "ngo ngoc nguyen nhu phan phat phuc phung phuong pik pui qing qiu quang quoc quyen quynh "
        "shan shek shing shiu shuk shun siew siu siuling suk suet sze szeto szu tak tao thanh thao "
        "thi thien thuy ting tran trang tsang tse tsui tuan tuen tung tuong tuyen tuyet uyen vinh "
        "wah wai wan wei weng wing wu xiao xin xu yan yau yeung yee yiu yim ying yip "
        "yuen yuet yuk yun zhang zhao zhen zheng zhi zhou gao guo guang hua lei xue xiu rong peng "
        "meng qiang"
    )
)
_ALSO = frozenset(
    words(
        "an bao chan chi chin ha hang ho hung kai ki king lam lan lee li lin ling liu long lu "
        "lung ly ma mai mak man mo my nam on pak pang pao "
        "min ping po sang sau shu so song suen sum tai vo "
        "tam tan tang tin tong van viet wang wen wong xia yang yat yen yi yin ying yu"
    )
)
"""Parts that are short, or English words: they count beside a telling part or after a title."""
_NO_FIRST = frozenset({"an", "on", "so", "my", "ha", "ho", "mo", "ma", "man", "long", "sang", "po"})


def are_syllables(first: str, second: str) -> bool:
    """Say whether two words in small letters can only be two parts of one name."""
    if not (first in _TELLING or first in _ALSO) or not (second in _TELLING or second in _ALSO):
        return False
    return first in _TELLING or (second in _TELLING and first not in _NO_FIRST)


def may_be_syllables(first: str, second: str) -> bool:
    """Say whether two words are parts of a name where one is called for: "called man ho"."""
    return {first, second} <= _TELLING | _ALSO


def may_be_third(first: str, second: str, third: str) -> bool:
    """Say whether a third word goes on a name of short parts: "kwok chi hung"."""
    if third in _NO_FIRST or third not in _TELLING | _ALSO:
        return False
    return may_be_syllables(first, second) and (first in _TELLING or second in _TELLING)

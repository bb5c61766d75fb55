"""Personal details as they are said aloud and then written down word by word."""

import random
from collections.abc import Callable

from redaction_gold import written

ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
DAYS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth", "twenty-first", "twenty-second", "twenty-third",
    "twenty-fourth", "twenty-fifth", "twenty-sixth", "twenty-seventh", "twenty-eighth",
)  # fmt: skip


def number(value: int) -> str:
    """Say a number under a hundred."""
    if value < 10:
        return ONES[value]
    if value < 20:
        return TEENS[value - 10]
    return TENS[value // 10] + (f"-{ONES[value % 10]}" if value % 10 else "")


def aloud(chance: random.Random, digits: str) -> str:
    """Say digits one by one, with double and triple, nought and oh, and now and then a figure."""
    nothing = chance.choice(("oh", "zero", "nought", "oh"))
    mixed = chance.random() < 0.2
    said: list[str] = []
    at = 0
    while at < len(digits):
        same = len(digits[at:]) - len(digits[at:].lstrip(digits[at]))
        word = nothing if digits[at] == "0" else ONES[int(digits[at])]
        if same >= 3 and chance.random() < 0.6:
            said.append(f"{chance.choice(('triple', 'treble'))} {word}")
            at += 3
        elif same >= 2 and chance.random() < 0.6:
            said.append(f"double {word}")
            at += 2
        else:
            said.append(digits[at] if mixed and chance.random() < 0.3 else word)
            at += 1
    return " ".join(said)


def in_groups(chance: random.Random, groups: list[str]) -> str:
    """Say groups of digits with one kind of break between them."""
    gap = chance.choice((", ", " ", ", ", " ... ", " - "))
    return gap.join(aloud(chance, group) for group in groups)


def phone(chance: random.Random) -> str:
    """Say a telephone number."""
    plain = chance.choice(written.FICTION).format(written.digits(chance, 3)).replace(" ", "")
    if plain.startswith("07700900") and chance.random() < 0.4:
        end = aloud(chance, plain[8:])
        return f"{aloud(chance, plain[:5])}, nine hundred, {end}"
    return in_groups(chance, [plain[:5], plain[5:8], plain[8:]])


def postcode(chance: random.Random) -> str:
    """Say something that looks like a postcode."""
    area, district = chance.choice(written.AREAS), chance.randint(1, 19)
    letters = f"{chance.choice('ABDEFGHJ')}{chance.choice('LNPQRSTUW')}"
    ends = chance.choice((" ".join(letters), letters))
    start = chance.choice((" ".join(area), area))
    gap = chance.choice((" ", ", "))
    return f"{start} {number(district)}{gap}{number(chance.randint(1, 9))} {ends}"


def nhs(chance: random.Random) -> str:
    """Say an NHS number."""
    plain = written.nhs_digits(chance)
    return in_groups(chance, [plain[:3], plain[3:6], plain[6:]])


def nino(chance: random.Random) -> str:
    """Say a National Insurance number."""
    first = " ".join(chance.choice(("QQ", "AB", "JG", "SR")))
    plain = written.digits(chance, 6)
    pairs = chance.choice((True, False))
    middle = (
        " ".join(
            number(int(plain[i : i + 2])) if plain[i] != "0" else aloud(chance, plain[i : i + 2])
            for i in (0, 2, 4)
        )
        if pairs
        else aloud(chance, plain)
    )  # fmt: skip
    return f"{first} {middle} {chance.choice('ABCD')}"


def email(chance: random.Random) -> str:
    """Say an address at example.*."""
    who = chance.choice(("maggie dot t", "d underscore okoro", "sunflower seventy one", "j p khan",
                         "bob dash the dash bus", "rehana dot k eighty four"))  # fmt: skip
    at = chance.choice(("example dot com", "example dot org", "example dot co dot uk"))
    return f"{who} at {at}"


def address(chance: random.Random) -> str:
    """Say where a made-up household lives."""
    street, count = chance.choice(written.STREETS), chance.randint(1, 99)
    words = number(count)
    return chance.choice(
        (f"number {words} {street}", f"{words} {street}", f"flat {number(chance.randint(1, 20))}, "
         f"{words} {street}", f"{words.replace('-', ' ')} {street}")
    )  # fmt: skip


def dob(chance: random.Random) -> str:
    """Say a date of birth."""
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1931, 1999)
    name, short = written.MONTHS[month - 1], number(year % 100)
    return chance.choice(
        (f"the {DAYS[day - 1]} of {name} nineteen {short}", f"{DAYS[day - 1]} of {name} {short}",
         f"{name} the {DAYS[day - 1]}, nineteen {short}", f"{number(day)} {number(month)} {short}",
         f"the {DAYS[day - 1]} of the {DAYS[month - 1]}, {short}",
         f"the {DAYS[day - 1]} of {name} nineteen {short.replace('-', ' ')}")
    )  # fmt: skip


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "phone": phone, "postcode": postcode, "nhs": nhs, "nino": nino, "email": email,
    "address": address, "dob": dob,
}  # fmt: skip

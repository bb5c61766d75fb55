"""Personal details as people write them; none can belong to anybody."""

import random
from collections.abc import Callable

FICTION = ("07700 900{}", "01632 960{}", "020 7946 0{}", "0161 496 0{}", "0113 496 0{}")
"""Ofcom's ranges for drama, each without its last three digits."""
AREAS = ("OX", "M", "LS", "B", "SW", "EH", "CF", "BT", "NG", "E", "PE", "SA")
STREETS = (
    "Larkspur Close", "Tanyard Lane", "Cromwell Road", "Old Rectory Gardens", "Gasworks Lane",
    "Saddler's Row", "Winterbourne Avenue", "Pemberley Street", "St Aldhelm's Crescent",
    "Coverdale Court", "Quarry Hill", "Bluebell Way", "Nelson Terrace", "Mill View", "Heath Drive",
)  # fmt: skip
HOUSES = ("Quarrybank House", "Attlee Court", "Kestrel Tower")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def digits(chance: random.Random, count: int) -> str:
    """Give so many random digits."""
    return "".join(chance.choice("0123456789") for _ in range(count))


def phone(chance: random.Random) -> str:
    """Give a telephone number in one of the ways people group it."""
    plain = chance.choice(FICTION).format(digits(chance, 3))
    bare = plain.replace(" ", "")
    return chance.choice(
        (plain, bare, f"{bare[:5]} {bare[5:8]} {bare[8:]}", f"+44 {plain[1:]}",
         f"{bare[:5]}-{bare[5:]}", f"({plain.split()[0]}) {' '.join(plain.split()[1:])}")
    )  # fmt: skip


def postcode(chance: random.Random) -> str:
    """Give something that looks like a postcode."""
    out = f"{chance.choice(AREAS)}{chance.randint(1, 19)}"
    inner = f"{chance.randint(1, 9)}{chance.choice('ABDEFGHJ')}{chance.choice('LNPQRSTUW')}"
    whole = chance.choice((f"{out} {inner}", f"{out}{inner}", f"{out} {inner}"))
    return chance.choice((whole, whole, whole.lower()))


def nhs_digits(chance: random.Random) -> str:
    """Give ten digits of the test range 999 with a valid check digit."""
    while True:
        nine = "999" + digits(chance, 6)
        check = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return nine + str(check % 11)


def nhs(chance: random.Random) -> str:
    """Give an NHS number in one of its groupings."""
    plain = nhs_digits(chance)
    grouped = f"{plain[:3]} {plain[3:6]} {plain[6:]}"
    return chance.choice((grouped, grouped, plain, grouped.replace(" ", "-")))


def nino(chance: random.Random) -> str:
    """Give something that looks like a National Insurance number."""
    prefix, end = chance.choice(("QQ", "AB", "JG", "SR", "WM")), chance.choice("ABCD")
    plain = digits(chance, 6)
    pairs = f"{prefix} {plain[:2]} {plain[2:4]} {plain[4:]} {end}"
    return chance.choice((pairs, f"{prefix}{plain}{end}", f"{prefix} {plain} {end}", pairs.lower()))


def email(chance: random.Random) -> str:
    """Give an address at example.*."""
    who = chance.choice(
        ("maggie.t", "d_okoro", "sunflower71", "j.p.khan", "bob-the-bus", "rehana.k")
    )
    at = chance.choice(("example.com", "example.org", "example.co.uk", "mail.example.net"))
    return f"{who}@{at}"


def address(chance: random.Random) -> str:
    """Give where a made-up household lives."""
    street, number = chance.choice(STREETS), chance.randint(1, 240)
    return chance.choice(
        (f"{number} {street}", f"{number} {street}", f"{number}{chance.choice('abc')} {street}",
         f"Flat {chance.randint(1, 30)}, {number} {street}",
         f"Flat {chance.randint(1, 30)}, {chance.choice(HOUSES)}, {street}",
         f"{chance.randint(1, 30)} {chance.choice(HOUSES)}")
    )  # fmt: skip


def dob(chance: random.Random) -> str:
    """Give a date of birth."""
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1931, 2015)
    name = MONTHS[month - 1]
    return chance.choice(
        (f"{day} {name} {year}", f"{day:02}/{month:02}/{year}", f"{day}.{month}.{year % 100:02}",
         f"{day}th {name} {year}" if 3 < day < 21 else f"{day} {name[:3]} {year}",
         f"{name} {day}, {year}")
    )  # fmt: skip


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "phone": phone, "postcode": postcode, "nhs": nhs, "nino": nino, "email": email,
    "address": address, "dob": dob,
}  # fmt: skip

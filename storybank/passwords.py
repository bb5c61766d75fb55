"""Passwords of staff: which are accepted, and their Argon2id hashes, few at a time."""

import threading
import unicodedata

from pwdlib import PasswordHash

from storybank.errors import WeakPassword

LEAST_CHARS = 12
MOST_CHARS = 200
"""Hashing a book would be a way to keep the server busy."""

_WELL_KNOWN = (
    "password", "passw0rd", "p@ssword", "letmein", "welcome", "qwerty", "asdfgh", "zxcvbn",
    "iloveyou", "football", "liverpool", "arsenal", "chelsea", "sunshine", "princess", "monkey",
    "dragon", "superman", "batman", "pokemon", "admin", "administrator", "changeme", "secret",
    "storybank", "council", "oxford", "thriving", "communities", "community", "abcdef",
    "trustno", "whatever", "starwars", "christmas", "summer", "winter", "spring", "autumn",
    "january", "monday", "computer", "internet", "michael", "charlie", "correct horse battery",
)  # fmt: skip
"""Words that common passwords are built from; our own list, written for this place."""

_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$43JK66FNFL4ZSfzmL9jEmg$OOhCsv"
    "MuRrAESMT1KDUDAVvlB/d46Vx1RCMDkLCirbk"
)
"""A hash of random bytes that nobody kept, made with the same costs: checked in vain."""


class Passwords:
    """Hashes and checks passwords with Argon2id, at most `at_once` together.

    One hash takes 64 MiB for about 0.15 s: four at once are 256 MiB, and the rest wait.
    """

    def __init__(self, hasher: PasswordHash | None = None, *, at_once: int = 4) -> None:
        self._hasher = hasher or PasswordHash.recommended()
        self._room = threading.BoundedSemaphore(at_once)

    def hash(self, password: str) -> str:
        """Give the hash to store for a new password; raises WeakPassword."""
        check_strength(password)
        with self._room:
            return self._hasher.hash(_same(password))

    def match(self, password: str, stored: str | None) -> bool:
        """Say whether `password` made `stored`; None (no such person) takes as long to refuse."""
        password = _same(password)
        if len(password) > MOST_CHARS:
            stored = None
        with self._room:
            matched = self._hasher.verify(password[:MOST_CHARS], stored or _NOBODY)
        return matched and stored is not None


def check_strength(password: str) -> None:
    """Raise WeakPassword, with what is wrong, unless the password may be used.

    Twelve characters of any kind are enough; no digits or signs are asked for (ASVS 6.2).
    """
    plain = _same(password)
    if len(plain) < LEAST_CHARS:
        raise WeakPassword(message=f"The password must have at least {LEAST_CHARS} characters.")
    if len(plain) > MOST_CHARS:
        raise WeakPassword(message=f"The password may have at most {MOST_CHARS} characters.")
    if _is_common(plain.casefold()):
        raise WeakPassword(
            message="This password is easy to guess. Choose three or four words that nobody "
            "would put together."
        )


def _is_common(password: str) -> bool:
    """Say whether little is left once well-known words, digits, signs and repeats are taken out."""
    if len(set(password)) < 5:
        return True
    left = password.translate(str.maketrans("013@$", "oieas"))
    runs = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl")
    for word in sorted((*_WELL_KNOWN, *runs), key=len, reverse=True):
        left = left.replace(word, "")
        password = password.replace(word, "")
    return min(sum(map(str.isalpha, text)) for text in (left, password)) < 4


def _same(password: str) -> str:
    # Two keyboards may send one letter in two ways.
    return unicodedata.normalize("NFKC", password)

"""Hashes and checks passwords (Argon2id), and knows the common ones. How long one must be is domain policy."""

import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

_LONGEST_TAIL = 4
_SWAPS = str.maketrans("@4310$5!7", "aaeiossit")


@dataclass(frozen=True)
class PasswordHasher:
    """Argon2id with stated costs. The defaults are RFC 9106's second choice, above OWASP's 19 MiB, 2 passes.

    Memory is in KiB and is taken once per sign-in under way. Tests choose cheap costs through the settings.
    """

    time_cost: int = 3
    memory_cost: int = 65536
    parallelism: int = 4
    _argon2: argon2.PasswordHasher = field(init=False, repr=False, compare=False)
    _nobodys_hash: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        hasher = argon2.PasswordHasher(
            time_cost=self.time_cost, memory_cost=self.memory_cost, parallelism=self.parallelism
        )
        object.__setattr__(self, "_argon2", hasher)
        object.__setattr__(self, "_nobodys_hash", hasher.hash("the password of nobody"))

    def hash(self, password: str) -> str:
        return self._argon2.hash(_normal(password))

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password fits. Pass None when there is no such person: it takes as long as a wrong password."""
        try:
            self._argon2.verify(stored or self._nobodys_hash, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(stored)

    def needs_rehash(self, stored: str) -> bool:
        """Whether it was hashed at other costs: hash again right after a successful sign-in."""
        return self._argon2.check_needs_rehash(stored)


def is_breached(password: str) -> bool:
    """Whether the password is, or is a thin disguise of, one of the 30,000 most used in known breaches.

    Disguises seen through: letter case, up to four digits or signs at the end, the usual swaps (p4$$w0rd),
    and one common word or sign repeated. It is a list check, not a measure of strength.
    """
    folded = _normal(password).casefold()
    return any(_is_listed(candidate) for candidate in (folded, *_undisguised(folded)))


def _undisguised(folded: str) -> set[str]:
    bare = {folded[:-cut] for cut in range(1, _LONGEST_TAIL + 1) if _is_tail(folded[-cut:]) and folded[:-cut]}
    return bare | {word.translate(_SWAPS) for word in bare | {folded}}


def _is_tail(text: str) -> bool:
    return all(not character.isalpha() for character in text)


def _is_listed(candidate: str) -> bool:
    common = _common_passwords()
    return candidate in common or _smallest_repeated_part(candidate) in common | _SINGLE_SIGNS


def _smallest_repeated_part(text: str) -> str:
    """The part of which the text is a whole repetition, or the text itself: "abcabc" gives "abc"."""
    return text[: (text + text).find(text, 1)]


_SINGLE_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 .,-_*!?#")


@cache
def _common_passwords() -> frozenset[str]:
    # Imported at the first new password: it is 0.1 s and some megabytes that most processes never need.
    lists = import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS
    return frozenset(word.casefold() for word in lists["passwords"])


def _normal(password: str) -> str:
    """One spelling of what looks the same on different keyboards (NIST SP 800-63B 3.1.1.2 names NFKC)."""
    return unicodedata.normalize("NFKC", password)

"""What makes a password acceptable: its length, and that it is more than names anyone knows.

Sources: NIST SP 800-63B-4 3.1.1 (15 characters as the only factor, 8 beside a second, no rules of composition).
The list of breached passwords and the hash are integrations.
"""

import re
import unicodedata
from collections.abc import Iterable

from portal.domain.refusals import Reason, Refusal

MINIMUM_AS_SOLE_FACTOR = 15
MINIMUM_WITH_SECOND_FACTOR = 8
MAXIMUM = 128
# Shorter words, such as the name Al, turn up in passwords by chance.
_SHORTEST_CONTEXT_WORD = 3
_WORDS = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")


def accept(password: str, *, sole_factor: bool, context: Iterable[str] = ()) -> str:
    """The password in the one spelling that is hashed, or a refusal that says what is wrong with it.

    `context` is what an attacker would try first: the company's name, the e-mail address, the person's name.
    """
    spelled = normalise(password)
    minimum = MINIMUM_AS_SOLE_FACTOR if sole_factor else MINIMUM_WITH_SECOND_FACTOR
    if len(spelled) < minimum:
        raise Refusal(Reason.PASSWORD_TOO_SHORT, field="password", minimum=minimum)
    if len(spelled) > MAXIMUM:
        raise Refusal(Reason.PASSWORD_TOO_LONG, field="password", limit=MAXIMUM)
    if _is_guessable(spelled, context, least=minimum // 2):
        raise Refusal(Reason.PASSWORD_GUESSABLE, field="password")
    return spelled


def normalise(password: str) -> str:
    """One spelling for keyboards that compose é and those that send e and an accent; nothing is cut off."""
    return unicodedata.normalize("NFC", password)


def _is_guessable(password: str, context: Iterable[str], *, least: int) -> bool:
    """Take out the names that it contains, years and signs: too little left means that it was made of names."""
    left = _plain(password)
    words = {word for text in context for word in _WORDS.findall(_plain(text))}
    known = [word for word in words if len(word) >= _SHORTEST_CONTEXT_WORD and word in left]
    if not known:
        return False
    for word in sorted(known, key=len, reverse=True):
        left = left.replace(word, " ")
    return sum(len(word) for word in _WORDS.findall(_YEAR.sub(" ", left))) < least


def _plain(text: str) -> str:
    """Without case and accents, which are the first thing an attacker varies."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))

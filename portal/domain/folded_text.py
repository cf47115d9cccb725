"""Text as people type it into a search box: without case and accents, so that "prochazkova" finds Procházková.

One table serves both sides: Python folds what was typed, PostgreSQL's translate() what is stored.
"""

import unicodedata

_ACCENTED = "áàâäãåāăąæçćčďđéèêëēěęğíìîïīįķĺľłļñńňņóòôöõøōőœŕřśšşșßťţțúùûüūůűųýÿžźżþð"
_BASES = {"æ": "a", "đ": "d", "ł": "l", "ø": "o", "œ": "o", "ß": "s", "þ": "t", "ð": "d"}


def _base(letter: str) -> str:
    return _BASES.get(letter) or unicodedata.normalize("NFD", letter)[0]


ACCENTED = _ACCENTED
#: The letter for each of ACCENTED, in the same order.
PLAIN = "".join(map(_base, _ACCENTED))
_FOLD = str.maketrans(ACCENTED, PLAIN)


def folded(text: str) -> str:
    """The text in small letters without accents."""
    return unicodedata.normalize("NFC", text).lower().translate(_FOLD)


def search_words(text: str, *, limit: int = 5) -> list[str]:
    """What was typed, as folded words; more than a few never help."""
    return folded(text).split()[:limit]

"""How recovery codes are spelled: letters and digits that nobody mistakes for another, in groups of four.

Source: security policy, at least 64 bits each; ours carry 80, so a fast keyed hash keeps them well.
"""

from __future__ import annotations

import base64

CODES = 10
CODE_BYTES = 10
_GROUP = 4
_LENGTH = CODE_BYTES * 8 // 5
#: The alphabet of RFC 4648 has neither 0 nor 1; people type them all the same.
_MISTAKEN = str.maketrans("018", "OIB")


def spell(random: bytes) -> str:
    """Ten random bytes as people write them down: ABCD-EFGH-JKLM-NOPQ."""
    letters = base64.b32encode(random).decode()
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def normalise(typed: str) -> str | None:
    """The code in its one spelling, however it was typed; None when it can be none."""
    letters = "".join(typed.split()).replace("-", "").upper().translate(_MISTAKEN)
    if len(letters) != _LENGTH or not letters.isascii() or not letters.isalnum():
        return None
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))

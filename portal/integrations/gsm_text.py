"""What a text costs as SMS: the GSM 7-bit alphabet holds 160 characters in one message, all else 70."""

import unicodedata

# 3GPP TS 23.038, 6.2.1: the basic table and its extension, whose characters count twice.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€\f")
# Typographic signs, and letters with a stroke, which Unicode does not take apart as it does accents.
_LOOKALIKES = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "}
    | {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)


def to_gsm(text: str) -> str:
    """Drop the accents that GSM lacks (Škoda, Skoda), so that one text stays one message; the rest is untouched."""
    return "".join(_nearest(character) for character in text.translate(_LOOKALIKES))


def segments(text: str) -> int:
    """How many messages the network sends, and bills, for this text."""
    if all(character in _BASIC or character in _EXTENSION for character in text):
        length = len(text) + sum(character in _EXTENSION for character in text)
        whole, part = 160, 153
    else:
        length = len(text.encode("utf-16-be")) // 2
        whole, part = 70, 67
    return 1 if length <= whole else -(-length // part)


def _nearest(character: str) -> str:
    if character in _BASIC or character in _EXTENSION:
        return character
    bare = "".join(
        part for part in unicodedata.normalize("NFD", character) if not unicodedata.combining(part)
    )
    return bare if bare and all(part in _BASIC for part in bare) else character

"""The arithmetic of authenticator apps (TOTP, RFC 6238) and the square picture that apps are set up from.

Which codes count, and how often, is decided by domain/authenticator_codes.py and the services.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

import pyotp
import segno

#: Room to breathe around the squares, which cameras need (ISO 18004: four).
_MARGIN = 4
_GROUP = 4


@dataclass(frozen=True)
class Picture:
    """A QR code as an SVG path over `size` by `size` units, so that a page can draw it itself."""

    size: int
    path: str


def new_secret() -> str:
    """160 random bits in base 32, as apps take them."""
    return pyotp.random_base32()


def fits(secret: str, step: int, typed: str) -> bool:
    """Whether this is the code of that step of time, told in constant time."""
    return hmac.compare_digest(pyotp.HOTP(secret).at(step).encode(), typed.encode())


def address(secret: str, *, email: str, company: str) -> str:
    """The otpauth:// address that the picture holds; the app lists the entry by company and e-mail."""
    # A colon separates the two in the address, so it cannot be part of either.
    label = company.replace(":", " ")
    return str(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=f"Staffroom {label}"))


def spelled(secret: str) -> str:
    """The secret in groups, for typing it in."""
    return " ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP))


def picture(text: str) -> Picture:
    """The text as a QR code; runs of dark squares are drawn as one line each."""
    code = segno.make_qr(text, error="m")
    rows = [[bool(square) for square in row] for row in code.matrix]
    parts = []
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, False]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                parts.append(f"M{start + _MARGIN} {y + _MARGIN}h{x - start}v1h{start - x}z")
                start = None
    return Picture(len(rows) + 2 * _MARGIN, "".join(parts))

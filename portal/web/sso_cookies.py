"""The cookie that ties a trip to a provider to the browser that began it: a random secret, ten minutes long.

An answer in the address is a plain visit, with which browsers send Lax cookies. An answer that is posted from the
provider's site needs a cookie of another name that is sent with such posts too: ask for `cross_site`.
"""

from __future__ import annotations

from flask import Response, request

from portal.domain.sso import TRANSACTION_LIFETIME
from portal.services.sso.transactions import new_state

_LAX = "__Host-sso"
_CROSS_SITE = "__Host-sso-post"


def browser_secret(*, cross_site: bool = False) -> str | None:
    """What the browser came with, if it began a trip lately."""
    return request.cookies.get(_CROSS_SITE if cross_site else _LAX) or None


def secret_for_trip() -> str:
    """The browser's secret, or a new one; several trips at once share it, so that no tab breaks another."""
    return browser_secret() or browser_secret(cross_site=True) or new_state()


def bind(response: Response, secret: str, *, cross_site: bool = False) -> Response:
    """The answer that sends the browser off carries the secret."""
    response.set_cookie(
        _CROSS_SITE if cross_site else _LAX,
        secret,
        max_age=int(TRANSACTION_LIFETIME.total_seconds()),
        secure=True,
        httponly=True,
        samesite="None" if cross_site else "Lax",
    )
    return response

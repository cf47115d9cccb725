"""Carries the e-mail that someone typed from one page to the next in the signed form cookie, not in an address."""

from __future__ import annotations

from flask import session

_KEY = "typed-email"


def keep(slug: str, email: str) -> None:
    """Remembers it for this company's pages until someone has signed in."""
    session[_KEY] = [slug, email]


def recall(slug: str) -> str:
    """What was typed on the way to this company, or an empty text."""
    kept = session.get(_KEY)
    return kept[1] if isinstance(kept, list) and kept[0] == slug else ""

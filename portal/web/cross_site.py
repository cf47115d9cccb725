"""Posts that pages of other sites are meant to send here. There is one: the answer of a SAML provider.

It carries no form token of ours, so it may change nothing by itself: it is bound to a trip that this browser began.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, request
from flask_wtf import CSRFProtect

csrf = CSRFProtect()
View = Callable[..., Any]


def posted_from_elsewhere(view: View) -> View:
    """Stands above the access mark; a test knows the list of those who carry it."""
    view.posted_from_elsewhere = True  # type: ignore[attr-defined]
    csrf.exempt(view)
    return view


def is_visit() -> bool:
    """Is a page asked for, as far as the browser says, and not a part of another one?"""
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"


def is_expected() -> bool:
    """Is the page that was asked for one of those?"""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "posted_from_elsewhere", False)

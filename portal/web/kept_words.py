"""What a form that waits would send, in the words of the page it stands on, so that people know what they confirm."""

from __future__ import annotations

from typing import Any

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services import access
from portal.services.kept_forms import KeptForm
from portal.web.form_words import Entry, entries

_FOUND = 200


def summary(uow: UnitOfWork, kept: KeptForm) -> list[Entry]:
    """Label by label; empty when the page, or the form on it, is not there any more."""
    page = _page_of(uow, kept.page)
    return entries(page, kept.address, kept.fields) if page is not None else []


def _page_of(uow: UnitOfWork, path: str) -> str | None:
    """The page as whoever is there would get it now. What it notes about having been looked at is forgotten again."""
    try:
        endpoint, values = current_app.url_map.bind("").match(path.partition("?")[0], method="GET")
    except (HTTPException, RequestRedirect):
        return None
    view: Any = current_app.view_functions[endpoint]
    permission = view.access_mark.permission
    if permission is not None and not access.can(uow, permission):
        return None
    noted = len(uow.events), len(uow.before_commit)
    looking = uow.session.begin_nested()
    try:
        shown = view.__wrapped__(uow, **{name: one for name, one in values.items() if name != "company"})
    except (HTTPException, Refusal):
        return None
    finally:
        looking.rollback()
        del uow.events[noted[0] :], uow.before_commit[noted[1] :]
    if isinstance(shown, Response):
        return shown.get_data(as_text=True) if shown.status_code == _FOUND else None
    return shown if isinstance(shown, str) else None

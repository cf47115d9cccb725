"""Keeps a look at the portal as a role read only, and ends it when its time is over. Knows no page by name."""

from __future__ import annotations

from flask import flash, request
from flask_babel import gettext as _

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services import viewing
from portal.web import session_cookies

_READS = {"GET", "HEAD", "OPTIONS"}


def keep_read_only(uow: UnitOfWork, *, open_while_viewing: bool) -> None:
    """Refuses every change but the ways out; a look whose time is over ends here, before anything is done."""
    reads = request.method in _READS
    if uow.actor.viewing is not None and uow.actor.viewing.over:
        viewing.end(uow)
        uow.commit()
        session_cookies.forget_forms()
        if not reads:
            raise Refusal(Reason.VIEWING_OVER)
        flash(_("Your look at the portal as a role is over. You are yourself again."), "info")
    elif not open_while_viewing:
        if not reads:
            raise Refusal(Reason.VIEWING_CHANGES_NOTHING)
        uow.refuse_changes()

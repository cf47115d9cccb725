"""Whoever comes by the link of a letter acts from there on, or is led away where a letter alone is not enough."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug import Response

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services.approvals.decision_links import Holder
from portal.web import session_cookies


def step_in(uow: UnitOfWork, holder: Holder, *, after: str) -> Response | None:
    """From here on whom the link is for acts. Away to the sign-in where a letter alone is not enough."""
    person = session_cookies.person_here()
    here = person.actor.employee_id if person is not None and person.complete else None
    if here is not None and here != holder.actor.employee_id:
        raise Refusal(Reason.LINK_NO_LONGER_VALID)
    if here is None and holder.signs_in:
        return redirect(url_for("sign_in.show", after=after), 303)
    if here is None:
        uow.actor = holder.actor
    return None

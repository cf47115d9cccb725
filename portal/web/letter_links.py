"""Whoever comes by the link of a letter acts from there on, or is led away where a letter alone is not enough."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.db import UnitOfWork
from portal.domain.approvals import SubjectKind
from portal.domain.refusals import Reason, Refusal
from portal.services.approvals import decided_links
from portal.services.approvals.decided_links import OwnDecision
from portal.services.approvals.decision_links import Holder
from portal.web import session_cookies
from portal.web.language import speak_to_reader

#: What came too late, as opposed to what can be put right in the form.
LATE = {Reason.ALREADY_DECIDED, Reason.CHANGED_MEANWHILE, Reason.NOT_FOUND, Reason.LINK_NO_LONGER_VALID}


def step_in(uow: UnitOfWork, holder: Holder, *, after: str) -> Response | None:
    """From here on whom the link is for acts. Away to the sign-in where a letter alone is not enough."""
    here = _here()
    if here is not None and here != holder.actor.employee_id:
        raise Refusal(Reason.LINK_NO_LONGER_VALID)
    if here is None and holder.signs_in:
        return redirect(url_for("sign_in.show", after=after), 303)
    if here is None:
        uow.actor = holder.actor
        speak_to_reader(holder.actor.language)
    return None


def over(uow: UnitOfWork, request_id: UUID, token: str, kind: SubjectKind, *, address: str) -> Response:
    """410 in the same words for a link that is old, overtaken, somebody else's, or was never one.

    The very person that it is for, who has decided by now, reads what and when.
    """
    here = _here()
    own = decided_links.find(uow, request_id, token, kind=kind, here=here)
    if own is not None and here is None:
        speak_to_reader(own.language)
    return _dead(address, own=own)


def late(address: str, refusal: Refusal) -> Response:
    """It was good when the page was opened, and the answer came too late."""
    return _dead(address, refusal=refusal)


def _dead(address: str, *, refusal: Refusal | None = None, own: OwnDecision | None = None) -> Response:
    title = _("This link no longer works") if own is None else _("You have decided already")
    page = render_template("absences/link_dead.html", title=title, refusal=refusal, own=own, address=address)
    return make_response(page, 410 if refusal is None else 409)


def _here() -> UUID | None:
    """Who is signed in, all the way."""
    person = session_cookies.person_here()
    return person.actor.employee_id if person is not None and person.complete else None

"""What follows a change of one's factors: the session's new cookie, recovery codes on the answer, what is gone."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.domain.refusals import Reason, Refusal
from portal.services.enrolment import Enrolled
from portal.services.sessions import SignedIn
from portal.web import session_cookies
from portal.web.refusals import sentence


def here() -> SignedIn:
    """Whose session it is."""
    person = session_cookies.person_here()
    assert person is not None  # noqa: S101  # the access mark has seen to it
    return person


def shown(enrolled: Enrolled, said: str) -> Response:
    """Back to the security page, by way of the new recovery codes if there are any."""
    session_cookies.begin(enrolled.token)
    if enrolled.recovery_codes:
        return codes_page(enrolled.recovery_codes, said)
    flash(said, "success")
    return redirect(url_for("sessions.index"), code=303)


def codes_page(codes: list[str], said: str = "") -> Response:
    """The only time the codes are readable: they are kept nowhere from which a next page could read them."""
    return make_response(render_template("sessions/recovery_codes.html", codes=codes, said=said))


def taken_away(remove: Callable[[], None], said: str) -> Response:
    """Back to the security page without the factor, or with why it stays: somebody who is asked keeps one."""
    try:
        remove()
    except Refusal as refusal:
        if refusal.reason is not Reason.LAST_FACTOR:
            raise
        flash(sentence(refusal), "error")
    else:
        flash(said, "success")
    return redirect(url_for("sessions.index"), code=303)

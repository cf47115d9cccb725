"""Where a person goes when a trip to a provider has ended: in, on to their code, back to a page, or nowhere."""

from __future__ import annotations

from flask import flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services.sso.finishing import Ended
from portal.web import second_steps, session_cookies
from portal.web.errors import status_of
from portal.web.local_paths import company_path
from portal.web.refusals import sentence

#: Refusals that have the page of a failed sign-in; any other is an error like everywhere.
_PAGES = {
    Reason.LINK_NO_LONGER_VALID,
    Reason.SSO_ATTRIBUTE_MISSING,
    Reason.SSO_CANCELLED,
    Reason.SSO_CLOCK,
    Reason.SSO_LINK_NOT_POSSIBLE,
    Reason.SSO_NOT_ADMITTED,
    Reason.SSO_NOT_GENUINE,
    Reason.SSO_SETTINGS_INCOMPLETE,
    Reason.SSO_TRIP_OVER,
    Reason.SSO_UNAVAILABLE,
    Reason.TOO_MANY_ATTEMPTS,
}


def arrive(uow: UnitOfWork, ended: Ended, provider_id: object) -> Response:
    """303 to where the trip was meant to lead."""
    if ended.test_id is not None:
        return redirect(
            url_for("sso_settings.show_test", provider_id=provider_id, test_id=ended.test_id), code=303
        )
    if ended.opened is None:
        flash(_("Your account is linked. You can sign in with it from now on."), "success")
        return redirect(url_for("sso.methods"), code=303)
    session_cookies.begin(ended.opened.token)
    after = company_path(ended.after, uow.company.slug)
    if not ended.opened.complete:
        return redirect(second_steps.place(ended.opened.standing, complete=False, after=after), code=303)
    return redirect(after or url_for("home.index"), code=303)


def refused(refusal: Refusal) -> Response:
    """The page for whoever stays outside: what happened and what to do, and nothing about the company."""
    if refusal.reason not in _PAGES:
        raise refusal
    page = render_template(
        "sso/refused.html",
        reason=refusal.reason.value,
        explanation=sentence(refusal),
        request_id=g.request_id,
    )
    return make_response(page, status_of(refusal))

"""Lists one's factors, sessions and the latest tries to get in, and ends sessions."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.blueprints.sessions import blueprint
from portal.blueprints.sessions.browser_names import browser_name, is_mobile
from portal.blueprints.sessions.looks import line
from portal.db import UnitOfWork
from portal.services import own_sessions, security_page, throttles
from portal.web import session_cookies
from portal.web.factor_words import step_label
from portal.web.guards import signed_in


@blueprint.get("/c/<company>/sessions")
@signed_in
def index(uow: UnitOfWork) -> str:
    """What protects me, where am I signed in, who tried, and who looked?"""
    page = security_page.show(uow)
    return render_template(
        "sessions/index.html",
        factors=page.factors,
        sessions=own_sessions.list_live(uow),
        tries=throttles.list_mine(uow),
        looks=[line(one) for one in page.looks.looks],
        more_looks=page.looks.older_than is not None,
        browser_name=browser_name,
        is_mobile=is_mobile,
        step_label=step_label,
    )


@blueprint.post("/c/<company>/sessions/<uuid:session_id>/end")
@signed_in
def end(uow: UnitOfWork, session_id: UUID) -> Response:
    """Ends another browser of the same person."""
    if session_id == uow.request.session_id:
        return _out(uow)
    own_sessions.end_one(uow, session_id)
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("sessions.index"), code=303)


@blueprint.post("/c/<company>/sessions/others/end")
@signed_in
def end_others(uow: UnitOfWork) -> Response:
    """Ends every browser but this one."""
    ended = own_sessions.end_all(uow, but_this=True)
    said = ngettext("%(num)s other browser is signed out.", "%(num)s other browsers are signed out.", ended)
    flash(said if ended else _("There was no other browser."), "success")
    return redirect(url_for("sessions.index"), code=303)


@blueprint.post("/c/<company>/sessions/end")
@signed_in
def end_all(uow: UnitOfWork) -> Response:
    """Ends every browser, this one too."""
    return _out(uow, everywhere=True)


def _out(uow: UnitOfWork, *, everywhere: bool = False) -> Response:
    if everywhere:
        own_sessions.end_all(uow)
    else:
        own_sessions.end_current(uow)
    session_cookies.forget()
    flash(_("You are signed out everywhere.") if everywhere else _("You are signed out."), "success")
    return redirect(url_for("sign_in.show"), code=303)

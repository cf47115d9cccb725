"""A test sign-in: off to the provider with one's own account, and a report of everything that came back."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.blueprints.sso_settings import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import failed
from portal.services.sso import finishing, provider_lines, starting
from portal.services.sso.starting import Outing
from portal.web import sso_cookies
from portal.web.errands import Errand
from portal.web.guards import requires
from portal.web.refusals import sentence
from portal.web.sso_words import WAYS, check_advice, check_label, readable


@blueprint.get("/c/<company>/settings/sign-in/providers/<uuid:provider_id>/test")
@requires(Permission.SIGN_IN_MANAGE)
def start_test(uow: UnitOfWork, provider_id: UUID) -> Errand:
    """303 to the provider; nobody is signed in by what comes back."""
    outing = starting.begin_test(uow, provider_id)
    return Errand(outing.ask, partial(_set_off, outing))


def _set_off(outing: Outing, uow: UnitOfWork, asked: Any) -> Response:
    secret = sso_cookies.secret_for_trip()
    try:
        _, departure = starting.set_off(uow, outing, asked, browser_secret=secret)
    except Refusal as refusal:
        if refusal.reason is not Reason.SSO_UNAVAILABLE:
            raise
        flash(sentence(refusal), "danger")
        return redirect(url_for("sso_settings.edit", provider_id=outing.provider_id), code=303)
    answer = make_response(redirect(departure.url, code=303))
    return sso_cookies.bind(answer, secret, cross_site=departure.posted_back)


@blueprint.get("/c/<company>/settings/sign-in/providers/<uuid:provider_id>/tests/<uuid:test_id>")
@requires(Permission.SIGN_IN_MANAGE)
def show_test(uow: UnitOfWork, provider_id: UUID, test_id: UUID) -> str:
    """What arrived, and check by check why it would be accepted or refused."""
    line = provider_lines.look_at(uow, provider_id)
    checks, report = finishing.read_report(uow, provider_id, test_id)
    way = report["way"]
    return render_template(
        "sso_settings/test.html",
        provider=line,
        checks=checks,
        first_failed=failed(checks),
        report=report,
        way=WAYS.get(str(way)) if way else None,
        check_label=partial(check_label, kind=line.kind),
        check_advice=partial(check_advice, kind=line.kind),
        readable=readable,
    )

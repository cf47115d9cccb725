"""Legal holds: placing one, lifting it, and all there are with their reasons."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, render_template, url_for
from flask_babel import gettext as _

from portal.blueprints.privacy import blueprint
from portal.blueprints.privacy.forms import HoldForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services.forgetting import holds as legal_holds
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer, redirect_everywhere


@blueprint.get("/c/<company>/privacy/holds")
@requires(Permission.PRIVACY_HOLD)
def holds(uow: UnitOfWork) -> str:
    return render_template("privacy/holds.html", holds=legal_holds.list_all(uow), form=HoldForm())


@blueprint.post("/c/<company>/privacy/holds")
@requires(Permission.PRIVACY_HOLD)
def place_hold(uow: UnitOfWork) -> Response:
    form = HoldForm()
    try:
        if form.validate_on_submit():
            legal_holds.place(
                uow, email=form.email.data, reason=form.reason.data, until_date=form.until_date.data
            )
            flash(_("On hold: nothing of this person is erased."), "success")
            return redirect_everywhere(url_for("privacy.holds"))
    except Refusal as refusal:
        put_refusal(form, refusal)
    return form_answer("privacy/holds.html", holds=legal_holds.list_all(uow), form=form)


@blueprint.post("/c/<company>/privacy/holds/<uuid:hold_id>/lifting")
@requires(Permission.PRIVACY_HOLD)
def lift_hold(uow: UnitOfWork, hold_id: UUID) -> Response:
    legal_holds.lift(uow, hold_id)
    flash(_("The hold is lifted."), "success")
    return redirect_everywhere(url_for("privacy.holds"))

"""Shows where the company stands, and lets two admins close it or any of them take it up again."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.licence import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import closings, licences
from portal.web.guards import requires
from portal.web.licence_words import KINDS, STATES
from portal.web.step_up import freshly_proven

_BACK = "licence.show"


@blueprint.get("/c/<company>/licence")
@requires(Permission.COMPANY_EDIT)
def show(uow: UnitOfWork) -> str:
    return render_template(
        "licence/show.html",
        standing=licences.standing(uow),
        waiting=closings.waiting(uow),
        can_be_taken_up=closings.can_be_taken_up(uow),
        kinds=KINDS,
        states=STATES,
    )


@blueprint.post("/c/<company>/licence/closing", endpoint="ask_to_close")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back=_BACK)
def ask_to_close(uow: UnitOfWork) -> Response:
    closings.ask(uow)
    flash(_("Every admin has been written to. The company closes when another admin confirms it."), "success")
    return _back()


@blueprint.post("/c/<company>/licence/closings/<uuid:closing_id>/confirmation", endpoint="confirm_closing")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back=_BACK)
def confirm_closing(uow: UnitOfWork, closing_id: UUID) -> Response:
    closings.confirm(uow, closing_id)
    flash(_("The company is closing. Until the erasure begins, any admin can take it up again."), "success")
    return _back()


@blueprint.post("/c/<company>/licence/closings/<uuid:closing_id>/withdrawal", endpoint="withdraw_closing")
@requires(Permission.COMPANY_EDIT)
def withdraw_closing(uow: UnitOfWork, closing_id: UUID) -> Response:
    closings.withdraw(uow, closing_id)
    flash(_("The request is off. Nothing changes."), "success")
    return _back()


@blueprint.post("/c/<company>/licence/taking-up", endpoint="take_up")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back=_BACK)
def take_up(uow: UnitOfWork) -> Response:
    closings.take_up(uow)
    flash(_("The company goes on."), "success")
    return _back()


def _back() -> Response:
    return redirect(url_for(_BACK), code=303)

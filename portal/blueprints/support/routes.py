"""The company's own pages of support access."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.support import blueprint
from portal.blueprints.support.forms import AskForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Refusal
from portal.services import access, support_access, support_lists
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.step_up import freshly_proven


@blueprint.get("/c/<company>/support")
@requires(Permission.SUPPORT_ASK)
def index(uow: UnitOfWork) -> str:
    """What is open now, what waits for a decision, and what was."""
    return render_template("support/index.html", grants=support_lists.list_grants(uow))


@blueprint.get("/c/<company>/support/new")
@requires(Permission.SUPPORT_ASK)
def new(uow: UnitOfWork) -> str:
    form = AskForm()
    form.offer(uow.actor.grants)
    return render_template("support/new.html", form=form)


@blueprint.post("/c/<company>/support/requests")
@requires(Permission.SUPPORT_ASK)
def create(uow: UnitOfWork) -> Response:
    """Asks; whoever may grant it finds the button on the page that follows."""
    form = AskForm()
    form.offer(uow.actor.grants)
    if not form.validate():
        return form_answer("support/new.html", form=form)
    try:
        support_access.ask(uow, form.wanted())
    except Refusal as refusal:
        return refused_form("support/new.html", form, refusal)
    if access.can(uow, Permission.SUPPORT_GRANT, Reach.COMPANY):
        flash(
            _("Your request is written down. Nothing is open yet: check it, and let support in."), "success"
        )
    else:
        flash(
            _("Your request is with your admins. Nothing is open before one of them lets support in."),
            "success",
        )
    return redirect(url_for("support.index"), code=303)


@blueprint.post("/c/<company>/support/<uuid:support_grant_id>/grant")
@requires(Permission.SUPPORT_GRANT)
@freshly_proven(back="support.index")
def grant(uow: UnitOfWork, support_grant_id: UUID) -> Response:
    support_access.grant(uow, support_grant_id)
    flash(_("Support can come in now. You see here who does, and you can end it at any moment."), "success")
    return redirect(url_for("support.index"), code=303)


@blueprint.post("/c/<company>/support/<uuid:support_grant_id>/refusal")
@requires(Permission.SUPPORT_ASK)
def refuse(uow: UnitOfWork, support_grant_id: UUID) -> Response:
    support_access.refuse(uow, support_grant_id)
    flash(_("Nothing was opened."), "success")
    return redirect(url_for("support.index"), code=303)


@blueprint.post("/c/<company>/support/<uuid:support_grant_id>/end")
@requires(Permission.SUPPORT_ASK)
def end(uow: UnitOfWork, support_grant_id: UUID) -> Response:
    support_access.end(uow, support_grant_id)
    flash(
        _("It is ended. Whoever of support is still there sees nothing more from their next click on."),
        "success",
    )
    return redirect(url_for("support.index"), code=303)

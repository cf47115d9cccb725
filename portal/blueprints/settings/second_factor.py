"""Whom the company asks for a second factor."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.settings import blueprint
from portal.blueprints.settings.forms import SecondFactorForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.domain.second_factors import Policy
from portal.services import second_factor_policy
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.step_up import freshly_proven


@blueprint.get("/c/<company>/settings/second-factor")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back="settings.second_factor")
def second_factor(uow: UnitOfWork) -> str:
    """The policy as it stands. The proof is asked for before the form is filled in, so that nothing is lost."""
    offered = second_factor_policy.nameable_roles(uow)
    form = SecondFactorForm(
        policy=uow.company.second_factor_policy.value, roles=[str(one.id) for one in offered if one.named]
    )
    form.offer(offered)
    return render_template("settings/second_factor.html", form=form)


@blueprint.post("/c/<company>/settings/second-factor", endpoint="change_second_factor")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back="settings.second_factor")
def change_second_factor(uow: UnitOfWork) -> Response:
    """303 to the settings; 422 with what is wrong."""
    form, template = SecondFactorForm(), "settings/second_factor.html"
    form.offer(second_factor_policy.nameable_roles(uow))
    if not form.validate():
        return form_answer(template, form=form)
    try:
        second_factor_policy.change(uow, Policy(form.policy.data), _chosen(form))
    except Refusal as refusal:
        return refused_form(template, form, refusal)
    flash(_("The policy is saved. It counts from everybody's next click on."), "success")
    return redirect(url_for("settings.edit"), code=303)


def _chosen(form: SecondFactorForm) -> set[UUID]:
    return {UUID(one) for one in form.roles.data or ()}

"""Shows and changes the settings of the company."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.settings import blueprint
from portal.blueprints.settings.forms import SettingsForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import company_settings
from portal.services.company_settings import CompanySettings
from portal.web.factor_words import POLICIES
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/settings")
@requires(Permission.COMPANY_EDIT)
def edit(uow: UnitOfWork) -> str:
    form = SettingsForm(obj=company_settings.current(uow))
    form.offer(country=uow.company.country)
    return render_template("settings/edit.html", form=form, policy=_policy(uow))


@blueprint.post("/c/<company>/settings", endpoint="update")
@requires(Permission.COMPANY_EDIT)
def update(uow: UnitOfWork) -> Response:
    """303 to the page with the new settings; 422 with what is wrong."""
    form = SettingsForm()
    form.offer(country=request.form.get("country", ""))
    if not form.validate():
        return form_answer("settings/edit.html", form=form, policy=_policy(uow))
    try:
        company_settings.change(uow, _wanted(form))
    except Refusal as refusal:
        return refused_form("settings/edit.html", form, refusal, policy=_policy(uow))
    flash(_("The settings are saved."), "success")
    return redirect(url_for("settings.edit"), code=303)


def _wanted(form: SettingsForm) -> CompanySettings:
    return CompanySettings(
        name=form.name.data or "",
        language=form.language.data,
        time_zone=form.time_zone.data,
        country=form.country.data,
        subdivision=form.subdivision.data or None,
    )


def _policy(uow: UnitOfWork) -> str:
    return str(POLICIES[uow.company.second_factor_policy])

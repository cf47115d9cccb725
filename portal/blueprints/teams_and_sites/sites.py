"""Making, changing and removing a site."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.teams_and_sites import blueprint
from portal.blueprints.teams_and_sites.forms import SiteForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import teams_and_sites
from portal.services.teams_and_sites import PlaceFacts
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer

_NEW, _EDIT = "teams_and_sites/new_site.html", "teams_and_sites/edit_site.html"


@blueprint.get("/c/<company>/sites/new")
@requires(Permission.EMPLOYEE_IMPORT)
def new_site(uow: UnitOfWork) -> str:  # noqa: ARG001
    form = SiteForm(formdata=None)
    form.offer()
    return render_template(_NEW, form=form)


@blueprint.post("/c/<company>/sites")
@requires(Permission.EMPLOYEE_IMPORT)
def create_site(uow: UnitOfWork) -> Response:
    form = SiteForm()
    form.offer()
    if not form.validate():
        return form_answer(_NEW, form=form)
    country, time_zone = form.country.data or None, form.time_zone.data or None
    try:
        site = teams_and_sites.create_site(uow, form.name.data or "", country=country, time_zone=time_zone)
    except Refusal as refusal:
        return refused_form(_NEW, form, refusal)
    flash(
        _(
            "The site “%(name)s” is there. Its region, where holidays differ, is set under Public holidays.",
            name=site.name,
        ),
        "success",
    )
    return redirect(url_for("teams_and_sites.index"), 303)


@blueprint.get("/c/<company>/sites/<uuid:site_id>/edit")
@requires(Permission.EMPLOYEE_IMPORT)
def edit_site(uow: UnitOfWork, site_id: UUID) -> str:
    site = teams_and_sites.find_site(uow, site_id)
    return render_template(_EDIT, form=_filled(site), site=site)


@blueprint.post("/c/<company>/sites/<uuid:site_id>")
@requires(Permission.EMPLOYEE_IMPORT)
def change_site(uow: UnitOfWork, site_id: UUID) -> Response:
    form, site = SiteForm(), teams_and_sites.find_site(uow, site_id)
    form.offer()
    form.country.data = site.country or ""
    if not form.validate():
        return form_answer(_EDIT, form=form, site=site)
    try:
        zone = form.time_zone.data or None
        teams_and_sites.change_site(uow, site_id, form.name.data or "", time_zone=zone)
    except Refusal as refusal:
        return refused_form(_EDIT, form, refusal, site=site)
    flash(_("Saved."), "success")
    return redirect(url_for("teams_and_sites.index"), 303)


@blueprint.post("/c/<company>/sites/<uuid:site_id>/removal")
@requires(Permission.EMPLOYEE_IMPORT)
def remove_site(uow: UnitOfWork, site_id: UUID) -> Response:
    site = teams_and_sites.find_site(uow, site_id)
    try:
        teams_and_sites.remove_site(uow, site_id)
    except Refusal as refusal:
        if refusal.reason is not Reason.PLACE_IN_USE:
            raise
        return refused_form(_EDIT, _filled(site), refusal, site=site)
    flash(_("“%(name)s” is removed.", name=site.name), "success")
    return redirect(url_for("teams_and_sites.index"), 303)


def _filled(site: PlaceFacts) -> SiteForm:
    data = {"name": site.name, "country": site.country or "", "time_zone": site.time_zone or ""}
    form = SiteForm(formdata=None, data=data)
    form.offer()
    return form

"""Making, changing and removing a team."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.teams_and_sites import blueprint
from portal.blueprints.teams_and_sites.forms import TeamForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import teams_and_sites
from portal.services.teams_and_sites import PlaceFacts
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer

_NEW, _EDIT = "teams_and_sites/new_team.html", "teams_and_sites/edit_team.html"


@blueprint.get("/c/<company>/teams/new")
@requires(Permission.EMPLOYEE_IMPORT)
def new_team(uow: UnitOfWork) -> str:
    form = TeamForm(formdata=None)
    form.offer(teams_and_sites.site_names(uow))
    return render_template(_NEW, form=form)


@blueprint.post("/c/<company>/teams")
@requires(Permission.EMPLOYEE_IMPORT)
def create_team(uow: UnitOfWork) -> Response:
    form = TeamForm()
    form.offer(teams_and_sites.site_names(uow))
    if not form.validate():
        return form_answer(_NEW, form=form)
    try:
        team = teams_and_sites.create_team(uow, form.name.data or "", site_id=form.chosen_site)
    except Refusal as refusal:
        return refused_form(_NEW, form, refusal)
    flash(
        _(
            "The team “%(name)s” is there. People are put into it one by one, or many at once under People.",
            name=team.name,
        ),
        "success",
    )
    return redirect(url_for("teams_and_sites.index"), 303)


@blueprint.get("/c/<company>/teams/<uuid:team_id>/edit")
@requires(Permission.EMPLOYEE_IMPORT)
def edit_team(uow: UnitOfWork, team_id: UUID) -> str:
    team = teams_and_sites.find_team(uow, team_id)
    return render_template(_EDIT, form=_filled(uow, team), team=team)


@blueprint.post("/c/<company>/teams/<uuid:team_id>")
@requires(Permission.EMPLOYEE_IMPORT)
def change_team(uow: UnitOfWork, team_id: UUID) -> Response:
    form, team = TeamForm(), teams_and_sites.find_team(uow, team_id)
    form.offer(teams_and_sites.site_names(uow))
    if not form.validate():
        return form_answer(_EDIT, form=form, team=team)
    try:
        teams_and_sites.change_team(uow, team_id, form.name.data or "", site_id=form.chosen_site)
    except Refusal as refusal:
        return refused_form(_EDIT, form, refusal, team=team)
    flash(_("Saved."), "success")
    return redirect(url_for("teams_and_sites.index"), 303)


@blueprint.post("/c/<company>/teams/<uuid:team_id>/removal")
@requires(Permission.EMPLOYEE_IMPORT)
def remove_team(uow: UnitOfWork, team_id: UUID) -> Response:
    team = teams_and_sites.find_team(uow, team_id)
    try:
        teams_and_sites.remove_team(uow, team_id)
    except Refusal as refusal:
        if refusal.reason is not Reason.PLACE_IN_USE:
            raise
        return refused_form(_EDIT, _filled(uow, team), refusal, team=team)
    flash(_("“%(name)s” is removed.", name=team.name), "success")
    return redirect(url_for("teams_and_sites.index"), 303)


def _filled(uow: UnitOfWork, team: PlaceFacts) -> TeamForm:
    form = TeamForm(formdata=None, data={"name": team.name, "site_id": str(team.site_id or "")})
    form.offer(teams_and_sites.site_names(uow))
    return form

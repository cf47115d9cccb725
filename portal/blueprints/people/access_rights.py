"""Helps people in and out: invitations, second factor, sessions, roles."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.blueprints.people import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import factor_resets, invitations, people, roles
from portal.web.guards import requires
from portal.web.step_up import freshly_proven


@blueprint.post("/c/<company>/people/<uuid:employee_id>/invitation")
@requires(Permission.EMPLOYEE_INVITE)
def invite(uow: UnitOfWork, employee_id: UUID) -> Response:
    invitations.invite_employee(uow, employee_id)
    flash(_("The invitation is on its way. Links sent before no longer work."), "success")
    return _back_to(employee_id)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/second-factor-reset")
@requires(Permission.EMPLOYEE_INVITE)
@freshly_proven(back="people.show")
def reset_second_factor(uow: UnitOfWork, employee_id: UUID) -> Response:
    factor_resets.reset(uow, employee_id)
    flash(_("All second factors are removed, and their owner is told."), "success")
    return _back_to(employee_id)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/session-ends")
@requires(Permission.SESSION_END_OTHERS)
@freshly_proven(back="people.show")
def end_sessions(uow: UnitOfWork, employee_id: UUID) -> Response:
    ended = people.end_sessions(uow, employee_id)
    flash(ngettext("%(num)s session ended.", "%(num)s sessions ended.", ended), "success")
    return _back_to(employee_id)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/roles/<uuid:role_id>/grant")
@requires(Permission.ROLE_GRANT)
@freshly_proven(back="people.show")
def grant_role(uow: UnitOfWork, employee_id: UUID, role_id: UUID) -> Response:
    roles.grant(uow, employee_id, role_id)
    flash(_("The role counts from the next click on."), "success")
    return _back_to(employee_id)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/roles/<uuid:role_id>/revocation")
@requires(Permission.ROLE_GRANT)
@freshly_proven(back="people.show")
def revoke_role(uow: UnitOfWork, employee_id: UUID, role_id: UUID) -> Response:
    roles.revoke(uow, employee_id, role_id)
    flash(_("The role is taken back, from the next click on."), "success")
    return _back_to(employee_id)


def _back_to(employee_id: UUID) -> Response:
    return redirect(url_for("people.show", employee_id=employee_id), 303)

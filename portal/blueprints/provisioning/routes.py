"""Shows how provisioning stands, makes and revokes tokens, maps groups to roles."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.provisioning import blueprint
from portal.blueprints.provisioning.forms import RoleForm, TokenForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.provisioning import MOST_TOKENS
from portal.domain.refusals import Refusal
from portal.services import provisioned_people, provisioned_roles, provisioning_tokens
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.role_words import role_label
from portal.web.step_up import freshly_proven


@blueprint.get("/c/<company>/settings/provisioning")
@requires(Permission.PROVISIONING_MANAGE)
def index(uow: UnitOfWork) -> str:
    return render_template("provisioning/index.html", form=TokenForm(invites=True), **_shown(uow))


@blueprint.post("/c/<company>/settings/provisioning/tokens")
@requires(Permission.PROVISIONING_MANAGE)
@freshly_proven(back="provisioning.index")
def issue(uow: UnitOfWork) -> Response | str:
    """The page with the new token, which no later page shows; 422 with what is wrong."""
    form = TokenForm()
    if not form.validate():
        return form_answer("provisioning/index.html", form=form, **_shown(uow))
    try:
        token = provisioning_tokens.issue(uow, name=form.name.data or "", invites=form.invites.data)
    except Refusal as refusal:
        return refused_form("provisioning/index.html", form, refusal, **_shown(uow))
    return render_template("provisioning/token.html", token=token, name=form.name.data, url=_address(uow))


@blueprint.post("/c/<company>/settings/provisioning/tokens/<uuid:scim_token_id>/revocation")
@requires(Permission.PROVISIONING_MANAGE)
def revoke(uow: UnitOfWork, scim_token_id: UUID) -> Response:
    provisioning_tokens.revoke(uow, scim_token_id)
    flash(_("The token is revoked. Requests with it are refused from now on."), "success")
    return redirect(url_for("provisioning.index"), code=303)


@blueprint.post("/c/<company>/settings/provisioning/groups/<uuid:scim_group_id>/role")
@requires(Permission.PROVISIONING_MANAGE)
@freshly_proven(back="provisioning.index")
def map_group(uow: UnitOfWork, scim_group_id: UUID) -> Response:
    try:
        role_id = RoleForm().chosen()
    except ValueError:
        abort(404)
    provisioned_roles.map_group(uow, scim_group_id, role_id)
    flash(_("Saved. The members of the group have their roles from the next click on."), "success")
    return redirect(url_for("provisioning.index", _anchor="groups"), code=303)


def _shown(uow: UnitOfWork) -> dict[str, object]:
    tokens = provisioning_tokens.list_live(uow)
    groups, choices = provisioned_roles.overview(uow)
    return {
        "url": _address(uow),
        "tokens": tokens,
        "may_add": len(tokens) < MOST_TOKENS,
        "groups": groups,
        "choices": choices,
        "role_label": role_label,
        "people": provisioned_people.latest(uow),
    }


def _address(uow: UnitOfWork) -> str:
    return f"{uow.outside.url}/c/{uow.company.slug}/scim/v2"

"""Makes, changes and deletes roles of the company's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.roles import blueprint
from portal.blueprints.roles.forms import DeletionForm, RoleForm
from portal.db import UnitOfWork
from portal.domain.permissions import Grants, Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.role_contents import offered
from portal.services import role_changes, role_lists
from portal.services.role_lists import ShownRole
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.role_words import role_label
from portal.web.step_up import freshly_proven

#: What the form itself shows; anything else is a page of its own.
_PAGES = {Reason.NOT_FOUND, Reason.CHANGED_MEANWHILE, Reason.ROLE_BUILT_IN, Reason.GRANT_ABOVE_OWN}


@blueprint.get("/c/<company>/roles/new")
@requires(Permission.ROLE_MANAGE)
@freshly_proven(back="roles.new")
def new(uow: UnitOfWork) -> str:
    """An empty form, or a copy of the role that the address names, as far as the reader may go."""
    source = request.args.get("source", type=UUID)
    copied = role_lists.show(uow, source) if source else None
    contents = copied.contents if copied else {}
    form = _offered(uow, RoleForm(formdata=None))
    kept = _within(uow.actor.grants, contents)
    name = _("%(name)s (copy)", name=role_label(copied.key, copied.name)) if copied else ""
    form.fill(name, kept)
    return render_template("roles/new.html", form=form, copied=copied, left_out=len(contents) - len(kept))


@blueprint.post("/c/<company>/roles")
@requires(Permission.ROLE_MANAGE)
@freshly_proven(back="roles.new")
def create(uow: UnitOfWork) -> Response:
    form = _offered(uow, RoleForm())
    if not form.validate():
        return form_answer("roles/new.html", form=form)
    try:
        role_id = role_changes.create(uow, form.name.data or "", form.contents())
    except Refusal as refusal:
        return _again("roles/new.html", form, refusal)
    flash(_("The role is made. Give it to people on their page."), "success")
    return redirect(url_for("roles.show", role_id=role_id), 303)


@blueprint.get("/c/<company>/roles/<uuid:role_id>/edit")
@requires(Permission.ROLE_MANAGE)
@freshly_proven(back="roles.edit")
def edit(uow: UnitOfWork, role_id: UUID) -> str:
    role = _manageable(uow, role_id)
    form = _offered(uow, RoleForm(formdata=None))
    form.fill(role.name, role.contents, role.version)
    return render_template("roles/edit.html", form=form, role=role)


@blueprint.post("/c/<company>/roles/<uuid:role_id>")
@requires(Permission.ROLE_MANAGE)
@freshly_proven(back="roles.edit")
def update(uow: UnitOfWork, role_id: UUID) -> Response:
    role = _manageable(uow, role_id)
    form = _offered(uow, RoleForm())
    if not form.validate():
        return form_answer("roles/edit.html", form=form, role=role)
    try:
        role_changes.change(
            uow, role_id, form.name.data or "", form.contents(), version=form.version.data or 0
        )
    except Refusal as refusal:
        return _again("roles/edit.html", form, refusal, role=role)
    flash(_("The role is changed, for everybody who holds it, from their next click on."), "success")
    return redirect(url_for("roles.show", role_id=role_id), 303)


@blueprint.get("/c/<company>/roles/<uuid:role_id>/deletion")
@requires(Permission.ROLE_MANAGE)
@freshly_proven(back="roles.deletion")
def deletion(uow: UnitOfWork, role_id: UUID) -> str:
    role = _manageable(uow, role_id)
    form = _offering_targets(uow, role_id, DeletionForm(formdata=None))
    form.version.data = role.version
    return render_template("roles/deletion.html", form=form, role=role, holders=_count(uow, role_id))


@blueprint.post("/c/<company>/roles/<uuid:role_id>/deletion")
@requires(Permission.ROLE_MANAGE)
@freshly_proven(back="roles.deletion")
def delete(uow: UnitOfWork, role_id: UUID) -> Response:
    role = _manageable(uow, role_id)
    form = _offering_targets(uow, role_id, DeletionForm())
    around: dict[str, Any] = {"role": role, "holders": _count(uow, role_id)}
    if not form.validate():
        return form_answer("roles/deletion.html", form=form, **around)
    move_to = UUID(form.move_to.data) if form.move_to.data else None
    try:
        role_changes.delete(uow, role_id, version=form.version.data, move_to=move_to)
    except Refusal as refusal:
        return _again("roles/deletion.html", form, refusal, **around)
    flash(_("The role %(name)s is deleted.", name=role.name), "success")
    return redirect(url_for("roles.index"), 303)


def _manageable(uow: UnitOfWork, role_id: UUID) -> ShownRole:
    """The role, if there is anything the actor could change about it; the reason why not otherwise."""
    role = role_lists.show(uow, role_id)
    if role.built_in:
        raise Refusal(Reason.ROLE_BUILT_IN)
    if not role.manageable:
        raise Refusal(Reason.GRANT_ABOVE_OWN)
    return role


def _offered(uow: UnitOfWork, form: RoleForm) -> RoleForm:
    form.offer(uow.actor.grants)
    return form


def _within(own: Grants, contents: Grants) -> Grants:
    return {one: reach for one, reach in contents.items() if reach in offered(one, own)}


def _offering_targets(uow: UnitOfWork, role_id: UUID, form: DeletionForm) -> DeletionForm:
    form.offer(
        [(str(target), role_label(key, name)) for target, key, name in role_lists.targets(uow, role_id)]
    )
    return form


def _count(uow: UnitOfWork, role_id: UUID) -> int:
    return role_lists.holders_of(uow, role_id, 1).total


def _again(template: str, form: Any, refusal: Refusal, **context: Any) -> Response:
    if refusal.reason in _PAGES:
        raise refusal
    return refused_form(template, form, refusal, **context)

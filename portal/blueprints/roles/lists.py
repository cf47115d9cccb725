"""The list of roles, one role opened, and who may do one thing."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from portal.blueprints.roles import blueprint
from portal.blueprints.roles.pages import asked_page, asked_permission, pager, permission_choices
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import role_lists
from portal.web.guards import requires


@blueprint.get("/c/<company>/roles")
@requires(Permission.ROLE_GRANT)
def index(uow: UnitOfWork) -> str:
    return render_template("roles/index.html", roles=role_lists.list_roles(uow))


@blueprint.get("/c/<company>/roles/<uuid:role_id>")
@requires(Permission.ROLE_GRANT)
def show(uow: UnitOfWork, role_id: UUID) -> str:
    role = role_lists.show(uow, role_id)
    holders = role_lists.holders_of(uow, role_id, asked_page())
    return render_template(
        "roles/show.html", role=role, holders=holders, pager=pager(holders, "roles.show", role_id=role_id)
    )


@blueprint.get("/c/<company>/roles/rights")
@requires(Permission.ROLE_GRANT)
def who_may(uow: UnitOfWork) -> str:
    """Who may do the thing that the address names; without one, only the question."""
    permission = asked_permission()
    found = role_lists.who_may(uow, permission, asked_page()) if permission else None
    return render_template(
        "roles/who_may.html",
        permission=permission,
        found=found,
        choices=permission_choices(),
        pager=pager(found, "roles.who_may", permission=permission) if found else None,
    )

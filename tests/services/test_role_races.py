"""Two admins at the same roles at the same moment, each in a transaction of their own."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason
from portal.models import Role, RoleGrant, RolePermission
from portal.services import role_changes, roles
from tests.factories.companies import work
from tests.services.test_people_races import at_once, portal  # noqa: F401

DIRECTORY = {Permission.DIRECTORY_VIEW: Reach.COMPANY}
AUDIT = {Permission.AUDIT_VIEW: Reach.COMPANY}


def by_ana(app, cast, act):
    with app.app_context(), work(app.extensions["staffroom"], cast.acme, cast.ana.actor) as uow:
        return act(uow)


def outcomes(results) -> list[str]:
    return sorted(str(result) for result in results)


def test_of_two_changes_at_once_one_wins_and_one_is_told(portal):  # noqa: F811
    """T158 under a race: both forms were made for version 1."""
    app, cast = portal
    role_id = by_ana(app, cast, lambda uow: role_changes.create(uow, "Desk", DIRECTORY))

    def to(name, contents):
        return lambda uow: role_changes.change(uow, role_id, name, contents, version=1)

    results = at_once(app, cast, (cast.ana, to("One", AUDIT)), (cast.ana, to("Two", DIRECTORY | AUDIT)))
    assert outcomes(results) == outcomes([None, Reason.CHANGED_MEANWHILE])


def test_two_roles_of_one_name_at_once_are_one(portal):  # noqa: F811
    app, cast = portal
    results = at_once(
        app,
        cast,
        (cast.ana, lambda uow: role_changes.create(uow, "Desk", DIRECTORY)),
        (cast.ana, lambda uow: role_changes.create(uow, "DESK", DIRECTORY)),
    )
    assert outcomes(results) == outcomes([None, Reason.ROLE_NAME_TAKEN])


def test_a_role_is_not_given_while_it_is_deleted(portal):  # noqa: F811
    """Either it was given first and the deletion is refused, or it is gone and cannot be given."""
    app, cast = portal
    role_id = by_ana(app, cast, lambda uow: role_changes.create(uow, "Desk", DIRECTORY))
    results = at_once(
        app,
        cast,
        (cast.ana, lambda uow: role_changes.delete(uow, role_id, version=1)),
        (cast.ana, lambda uow: roles.grant(uow, cast.eve.employee_id, role_id)),
    )
    assert results in ([None, Reason.NOT_FOUND], [Reason.ROLE_HELD, None])


def test_who_is_unmade_while_making_a_role_makes_nothing_after(portal):  # noqa: F811
    """T90: Mats loses admin while he makes a role of its rights: made before, or refused after, never in between."""
    app, cast = portal

    def make_admin(uow):
        admin = uow.session.scalars(select(Role.id).where(Role.key == "admin")).one()
        uow.session.add(RoleGrant(employee_id=cast.mats.employee_id, role_id=admin))
        return admin

    admin = by_ana(app, cast, make_admin)
    mats = replace(cast.mats, roles=("employee", "manager", "admin"))
    results = at_once(
        app,
        cast,
        (mats, lambda uow: role_changes.create(uow, "Auditor", AUDIT)),
        (cast.ana, lambda uow: roles.revoke(uow, cast.mats.employee_id, admin)),
    )
    assert results in ([None, None], [Reason.GRANT_ABOVE_OWN, None])
    made = by_ana(
        app, cast, lambda uow: uow.session.scalars(select(Role.id).where(Role.name == "Auditor")).all()
    )
    assert bool(made) is (results[0] is None)


def test_after_any_race_somebody_still_holds_what_admin_carries(portal):  # noqa: F811
    """T91: roles of one's own come and go; the built-in admin and its last holder stay."""
    app, cast = portal
    role_id = by_ana(app, cast, lambda uow: role_changes.create(uow, "Desk", AUDIT))
    admin = by_ana(
        app, cast, lambda uow: uow.session.scalars(select(Role.id).where(Role.key == "admin")).one()
    )
    results = at_once(
        app,
        cast,
        (cast.ana, lambda uow: roles.revoke(uow, cast.ana.employee_id, admin)),
        (cast.ana, lambda uow: role_changes.delete(uow, role_id, version=1)),
    )
    assert results == [Reason.LAST_ADMIN, None]
    with app.app_context(), work(app.extensions["staffroom"], cast.acme, cast.ana.actor) as uow:
        rights = set(
            uow.session.scalars(select(RolePermission.permission).where(RolePermission.role_id == admin))
        )
        assert rights == {one.value for one in roles.contents_of(uow, admin)}
        assert Permission.ROLE_MANAGE.value in rights

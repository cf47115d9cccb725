"""Roles of the company's own, as their tests need them."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from portal.models import Role, RoleGrant, RolePermission


class OwnRoles:
    """Makes, gives and reads roles outside the portal's own ways."""

    def __init__(self, as_, cast) -> None:
        self._as, self._cast = as_, cast

    def make(self, name: str, **contents: str):
        with self._as(self._cast.ana) as uow:
            role = Role(key=f"own-{name.lower().replace(' ', '-')}", name=name)
            uow.session.add(role)
            uow.session.flush()
            for permission, reach in contents.items():
                dashed = permission.replace("_", ":", 1).replace("_", "-")
                uow.session.add(RolePermission(role_id=role.id, permission=dashed, reach=reach))
            return role.id

    def id_of(self, key: str, member=None):
        with self._as(member or self._cast.ana) as uow:
            return uow.session.scalars(select(Role.id).where(Role.key == key)).one()

    def give(self, member, role_id) -> None:
        with self._as(self._cast.ana) as uow:
            uow.session.add(RoleGrant(employee_id=member.employee_id, role_id=role_id))

    def take(self, member, role_id) -> None:
        with self._as(self._cast.ana) as uow:
            uow.session.execute(
                delete(RoleGrant).where(
                    RoleGrant.employee_id == member.employee_id, RoleGrant.role_id == role_id
                )
            )

    def contents(self, role_id) -> dict[str, str]:
        with self._as(self._cast.ana) as uow:
            query = select(RolePermission.permission, RolePermission.reach)
            return dict(uow.session.execute(query.where(RolePermission.role_id == role_id)).all())

    def names(self) -> set[str]:
        with self._as(self._cast.ana) as uow:
            return set(uow.session.scalars(select(Role.name)))

    def held_by(self, member) -> set[str]:
        with self._as(self._cast.ana) as uow:
            query = select(Role.key).join(RoleGrant, RoleGrant.role_id == Role.id)
            return set(uow.session.scalars(query.where(RoleGrant.employee_id == member.employee_id)))


@pytest.fixture
def own_roles(as_, cast) -> OwnRoles:
    return OwnRoles(as_, cast)

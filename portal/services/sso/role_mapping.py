"""Which roles somebody gets who joins by themselves: the role of everybody, and those their groups lead to, capped.

A provider hands out no right over the rights of others, and an admin maps no more than they hold themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.permissions import Grants, may_follow_from_group, may_grant
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import mapped_roles
from portal.models.role import RoleGrant
from portal.services import audit, roles

MOST_GROUPS = 50


def offered(uow: UnitOfWork) -> list[str]:
    """Keys of the roles that a group may lead to."""
    return sorted(
        key
        for key, (_, grants) in roles.permissions_by_role(uow).items()
        if _below_cap(key, grants) and may_grant(uow.actor.grants, grants)
    )


def check(uow: UnitOfWork, wanted: Mapping[str, str], *, before: Mapping[str, str]) -> None:
    """Refuses a role that groups may not give, also one that was mapped before, and new ones above the actor's own."""
    if len(wanted) > MOST_GROUPS:
        raise Refusal(Reason.SSO_TOO_MANY_GROUPS, field="role_mapping", limit=MOST_GROUPS)
    new = {role for group, role in wanted.items() if before.get(group) != role}
    known = roles.permissions_by_role(uow)
    grown = {role for role in wanted.values() if role in known and not _below_cap(role, known[role][1])}
    if grown or (new and not new <= set(offered(uow))):
        raise Refusal(Reason.SSO_ROLE_NOT_MAPPABLE, field="role_mapping")


def grant(uow: UnitOfWork, employee_id: UUID, groups: frozenset[str], mapping: Mapping[str, str]) -> None:
    """Gives the role of everybody and the mapped ones; a role that has grown past the cap since is left out."""
    known = roles.permissions_by_role(uow)
    wanted = [key for key in mapped_roles(groups, mapping) if key in known and _below_cap(key, known[key][1])]
    for key in (roles.EVERYONE, *wanted):
        row = RoleGrant(employee_id=employee_id, role_id=known[key][0])
        uow.session.add(row)
        if key != roles.EVERYONE:
            audit.record(uow, audit.Action.ROLE_GRANTED, subject=row, role=key, by="identity provider")


def _below_cap(key: str, grants: Grants) -> bool:
    return key != roles.EVERYONE and may_follow_from_group(grants)

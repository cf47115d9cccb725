"""Teams, sites and roles by name during an import; those that are named for the first time are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.role import Role
from portal.models.team import Site, Team
from portal.services import audit
from portal.services.people_import.outcome import Outcome


@dataclass(frozen=True)
class Places:
    """Ids by name without regard to case, and of roles by key."""

    teams: dict[str, UUID]
    sites: dict[str, UUID]
    roles: dict[str, UUID]

    def team_ids(self, names: Iterable[str]) -> set[UUID]:
        return {self.teams[name.casefold()] for name in names}

    def site_id(self, name: str | None) -> UUID | None:
        return self.sites[name.casefold()] if name else None


def add_places(uow: UnitOfWork, outcome: Outcome) -> Places:
    """Makes what is missing, and knows everything by name afterwards."""
    sites = [Site(name=name) for name in outcome.new_sites]
    teams = [Team(name=name) for name in outcome.new_teams]
    uow.session.add_all([*sites, *teams])
    uow.session.flush()  # people refer to them
    for site in sites:
        audit.record(uow, audit.Action.SITE_CREATED, subject=site, source="import")
    for team in teams:
        audit.record(uow, audit.Action.TEAM_CREATED, subject=team, source="import")
    return Places(
        teams={name.casefold(): team_id for team_id, name in uow.session.execute(select(Team.id, Team.name))},
        sites={name.casefold(): site_id for site_id, name in uow.session.execute(select(Site.id, Site.name))},
        roles={key: role_id for role_id, key in uow.session.execute(select(Role.id, Role.key))},
    )

"""Finds the days ahead that have come to break a rule, whatever the cause, and tells those who keep the rule.

A roster that is published, somebody who leaves, a sick day, an approval: each asks for a look, which a job takes
after the commit; every night one is taken anyway, so nothing that somebody forgot to ask for stays unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, delete, or_, select

from portal.db import UnitOfWork
from portal.domain.months import days_between
from portal.domain.permissions import Permission, Reach
from portal.models.employee import Employee, Employment
from portal.models.role import RoleGrant, RolePermission
from portal.models.staffing import StaffingBreach
from portal.models.staffing import StaffingRule as Row
from portal.models.team import Team
from portal.services import audit, outbox
from portal.services.absence_letters import period
from portal.services.staffing.crowd import RuleFacts
from portal.services.staffing.reading import crowd_of
from portal.services.staffing.rules import AHEAD_DAYS, BrokenDay, broken_days

#: So many days a letter names of one rule.
_NAMED = 10
#: And the log of all rules.
_NOTED = 100
Found = list[tuple[RuleFacts, list[BrokenDay]]]


def look(uow: UnitOfWork) -> int:
    """Keeps the known breaches true and writes one letter to each who keeps rules that are newly broken; how many days.

    One look at a time: who waits for the rules finds what the other has told already.
    """
    held = select(Row.id).order_by(Row.id).with_for_update(key_share=True)
    if not uow.session.scalars(held).all():
        return 0
    first = uow.today()
    last = first + timedelta(days=AHEAD_DAYS - 1)
    crowd = crowd_of(uow, first, last)
    rules = crowd.rules
    days = days_between(first, last)
    broken = {rule.id: broken_days(crowd, rule, days) for rule in rules}
    new = _renew(uow, rules, broken)
    if new:
        _tell(uow, new)
    return sum(len(several) for _rule, several in new)


def _renew(uow: UnitOfWork, rules: Sequence[RuleFacts], broken: dict[UUID, list[BrokenDay]]) -> Found:
    """What is mended or over goes, what is new is written down and answered."""
    known = {(row.rule_id, row.date): row for row in uow.session.scalars(select(StaffingBreach))}
    still = {(rule_id, one.date) for rule_id, several in broken.items() for one in several}
    gone = [row.id for key, row in known.items() if key not in still]
    if gone:
        uow.session.execute(delete(StaffingBreach).where(StaffingBreach.id.in_(gone)))
    new: Found = []
    for rule in rules:
        fresh = [one for one in broken[rule.id] if (rule.id, one.date) not in known]
        for one in fresh:
            uow.session.add(
                StaffingBreach(
                    rule_id=rule.id,
                    date=one.date,
                    expected=one.count.expected,
                    away=one.count.away,
                    noticed_at=uow.clock.now(),
                )
            )
        if fresh:
            new.append((rule, fresh))
    uow.session.flush()
    if new:
        named = [f"{rule.name} {one.date.isoformat()}" for rule, fresh in new for one in fresh]
        audit.record(uow, audit.Action.STAFFING_BREACHES_FOUND, broken_rules=named[:_NOTED])
    return new


def _tell(uow: UnitOfWork, new: Found) -> None:
    """One letter a person, with the rules that are theirs to keep."""
    homes = {row.id: row.site_id for row in uow.session.execute(select(Team.id, Team.site_id))}
    for person, everywhere, sites in _keepers(uow):
        own = [
            (rule, days)
            for rule, days in new
            if everywhere or rule.site_id in sites or (rule.team_id and homes.get(rule.team_id) in sites)
        ]
        if own:
            outbox.queue_mail(
                uow,
                person,
                "staffing_broken",
                rules=[_written(rule, days, person.language) for rule, days in own],
                link=f"{uow.outside.url}/c/{uow.company.slug}/staffing-rules",
            )


def _keepers(uow: UnitOfWork) -> list[tuple[Employee, bool, set[UUID]]]:
    """Who keeps rules: of the whole company, or of the sites where they work."""
    today = uow.today()
    now = and_(
        Employment.employee_id == Employee.id,
        Employment.start_date <= today,
        or_(Employment.end_date.is_(None), Employment.end_date >= today),
    )
    query = (
        select(Employee, RolePermission.reach, Employment.site_id)
        .join(RoleGrant, RoleGrant.employee_id == Employee.id)
        .join(RolePermission, RolePermission.role_id == RoleGrant.role_id)
        .outerjoin(Employment, now)
        .where(Employee.active, RolePermission.permission == Permission.STAFFING_MANAGE.value)
        .order_by(Employee.email)
    )
    found: dict[UUID, tuple[Employee, bool, set[UUID]]] = {}
    for person, reach, site_id in uow.session.execute(query):
        _person, everywhere, sites = found.get(person.id, (person, False, set()))
        if site_id is not None:
            sites.add(site_id)
        found[person.id] = person, everywhere or reach == Reach.COMPANY, sites
    return list(found.values())


def _written(rule: RuleFacts, days: Sequence[BrokenDay], language: str) -> dict[str, object]:
    return {
        "name": rule.name,
        "days": [period(one.date, one.date, language) for one in days[:_NAMED]],
        "more": max(0, len(days) - _NAMED),
    }

"""What people did not work and what does not count as worked: the days on which a plan by worked time gives nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select

from portal.db import UnitOfWork
from portal.domain.absence_costs import DAY, CountingMethod
from portal.domain.absence_types import rules_on
from portal.domain.absences import AbsenceStatus
from portal.domain.entitlement_plans import Plan
from portal.domain.working_patterns import EmploymentTerms, day_worth, scheduled_minutes
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.services import type_rules
from portal.services.rostered_time import with_rosters


class Missed(NamedTuple):
    """Of one person, by date: thousandths of the day."""

    #: Approved time off of a type that does not count as worked.
    not_worked: Mapping[date, int] = {}
    #: Of a type that counts as worked up to a limit.
    limited: Mapping[date, int] = {}


NOTHING = Missed()
_A_YEAR = timedelta(days=366)


def by_worked_time(plans: Collection[Plan]) -> bool:
    return any(plan.counts_work for plan in plans)


def rostered(
    uow: UnitOfWork, plans: Collection[Plan], terms: Mapping[UUID, list[EmploymentTerms]], through: date
) -> dict[UUID, list[EmploymentTerms]]:
    """The terms with the published shifts of people who work by the roster, where a plan goes by worked time.

    From the year before on, as no year is corrected once it is over, to the end of what begins by `through`.
    """
    if not by_worked_time(plans):
        return dict(terms)
    return with_rosters(uow, terms, date(uow.today().year - 1, 1, 1), through + _A_YEAR)


def not_worked(
    uow: UnitOfWork, ids: Collection[UUID], terms: Mapping[UUID, list[EmploymentTerms]]
) -> dict[UUID, Missed]:
    """By person: approved time off of types that do not count as worked, or only up to a limit.

    A type counts by the rules of the first day of the absence; a holiday within it costs nothing, so it counts. Two
    statements, however many people there are.
    """
    version = AbsenceTypeVersion
    later = select(version.absence_type_id).where(or_(~version.counts_as_worked, version.counts_up_to_limit))
    query = (
        select(AbsencePart.employee_id, AbsencePart.date, AbsencePart.charge, Absence.start_date, AbsenceType)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(
            AbsencePart.live,
            AbsencePart.charge > 0,
            AbsencePart.employee_id.in_(ids),
            Absence.status == AbsenceStatus.APPROVED,
            or_(
                ~AbsenceType.counts_as_worked,
                AbsenceType.counts_up_to_limit,
                AbsenceType.id.in_(later),
            ),
        )
    )
    rows = uow.session.execute(query).all()
    versions = type_rules.versions_of(uow, {row[4].id for row in rows}) if rows else {}
    found: dict[UUID, tuple[dict[date, int], dict[date, int]]] = {}
    for employee_id, day, charge, first_day, kind in rows:
        dated = type_rules.dated_rules(versions.get(kind.id, []))
        rules = rules_on(type_rules.rules_in(kind), dated, first_day)
        if rules.counts_as_worked and not rules.counts_up_to_limit:
            continue
        not_worked, limited = found.setdefault(employee_id, ({}, {}))
        missed = limited if rules.counts_up_to_limit else not_worked
        missed[day] = missed.get(day, 0) + _share(charge, kind, terms.get(employee_id, []), day)
    return {employee_id: Missed(*days) for employee_id, days in found.items()}


def _share(charge: int, kind: AbsenceType, terms: list[EmploymentTerms], day: date) -> int:
    """Thousandths of the day; of hours what they are of the day's work, rounded down in the person's favour.

    A possible day of a flexible week that is all off is all of that day, though it costs less than a day.
    """
    if kind.counting is CountingMethod.DAYS:
        return min(DAY, charge * DAY // (day_worth(terms, day) or DAY))
    scheduled = scheduled_minutes(terms, day)
    return min(DAY, charge * DAY // scheduled) if scheduled else 0

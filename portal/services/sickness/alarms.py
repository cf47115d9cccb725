"""What nobody has to remember: a proof that is missing is asked for, and HR hears when somebody is ill for long.

Run every night. A night that is missed, the next one makes up for; a second run on the same day sends nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, or_, select

from portal.db import UnitOfWork
from portal.domain.absence_types import TypeRules, rules_on
from portal.domain.absences import AbsenceStatus
from portal.domain.permissions import Permission, Reach
from portal.domain.sickness import (
    ALARM_AHEAD,
    Stretch,
    alarm_on,
    in_a_row,
    proof_due_on,
    remind_of_proof,
)
from portal.domain.working_patterns import EmploymentTerms, scheduled_minutes, terms_on
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.models.employee import Employee
from portal.models.role import RoleGrant, RolePermission
from portal.services import absence_proofs, audit, type_rules
from portal.services.sickness import letters
from portal.services.sickness.law import SickPay, sick_pay
from portal.services.working_time import terms_of

#: Reports that ended longer ago are looked at no more: who has not sent a proof by then is asked by people.
_LOOK_BACK = timedelta(days=60)


def watch(uow: UnitOfWork) -> int:
    """Asks and tells what is due today; how many reports that were."""
    query = (
        select(Absence, AbsenceType, Employee, absence_proofs.missing().label("missing"))
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .join(Employee, Employee.id == Absence.employee_id)
        .where(
            or_(Absence.sick, _proof_asked()),
            Employee.active,
            Absence.status == AbsenceStatus.APPROVED,
            Absence.end_date >= uow.today() - _LOOK_BACK,
        )
        .order_by(Absence.start_date, Absence.id)
    )
    rows = uow.session.execute(query).all()
    versions = type_rules.versions_of(uow, {kind.id for _, kind, *_ in rows})
    # A day counts as one of work by the published shifts of who works by the roster, else by the days agreed on.
    first = min((absence.start_date for absence, *_ in rows), default=uow.today())
    stretch = _year_before(first), max((absence.end_date for absence, *_ in rows), default=uow.today())
    terms = terms_of(uow, {row[2].id for row in rows}, stretch)
    law = sick_pay(uow) if rows else None
    told = 0
    for absence, kind, person, missing in rows:
        later = type_rules.dated_rules(versions.get(kind.id, []))
        rules = rules_on(type_rules.rules_in(kind), later, absence.start_date)
        if law is not None:
            told += _tell_how_long(uow, absence, person, rules, terms.get(person.id, []), law)
        if missing:
            told += _ask_for_proof(uow, absence, person, rules)
    return told


def _ask_for_proof(uow: UnitOfWork, absence: Absence, person: Employee, rules: TypeRules) -> bool:
    due_on = proof_due_on(rules, absence.start_date, absence.end_date)
    if due_on is None or not remind_of_proof(due_on, absence.proof_asked_on, uow.today()):
        return False
    absence.proof_asked_on = uow.today()
    letters.ask_for_proof(uow, absence, person, due_on)
    return True


def _tell_how_long(
    uow: UnitOfWork,
    absence: Absence,
    person: Employee,
    rules: TypeRules,
    terms: Sequence[EmploymentTerms],
    law: SickPay,
) -> bool:
    """Once for each report, a week ahead or as soon as it is known to last so long."""
    if not absence.sick or absence.alarmed_at is not None or absence.end_date < uow.today():
        return False
    at = terms_on(terms, absence.start_date)
    by_law = law.days(at.site_id if at else None, absence.start_date)
    if not (by_law if rules.alarm_days is None else rules.alarm_days):
        return False
    row = in_a_row(
        Stretch(absence.start_date, absence.end_date),
        _reports_before(uow, absence),
        lambda day: scheduled_minutes(list(terms), day) > 0,
    )
    last = alarm_on(rules, row.start_date, by_law=by_law)
    if last is None or absence.end_date < last - ALARM_AHEAD or uow.today() < last - ALARM_AHEAD:
        return False
    absence.alarmed_at = uow.clock.now()
    audit.record(uow, audit.Action.ABSENCE_ALARMED, subject=absence)
    letters.tell_how_long(
        uow, absence, person, _readers(uow), since=row.start_date, last=last, by_law=rules.alarm_days is None
    )
    return True


def _proof_asked() -> ColumnElement[bool]:
    """The type asks for proofs, or did, or will."""
    version = AbsenceTypeVersion
    later = select(version.absence_type_id).where(version.proof_from_days.is_not(None))
    return or_(AbsenceType.proof_from_days.is_not(None), AbsenceType.id.in_(later))


def _reports_before(uow: UnitOfWork, absence: Absence) -> list[Stretch]:
    query = select(Absence.start_date, Absence.end_date).where(
        Absence.employee_id == absence.employee_id,
        Absence.absence_type_id == absence.absence_type_id,
        Absence.sick,
        Absence.status == AbsenceStatus.APPROVED,
        Absence.end_date < absence.start_date,
        Absence.end_date >= _year_before(absence.start_date),
    )
    return [Stretch(*row) for row in uow.session.execute(query)]


def _readers(uow: UnitOfWork) -> Sequence[Employee]:
    """Those who accept the sickness of the whole company."""
    holds = exists().where(
        RoleGrant.employee_id == Employee.id,
        RolePermission.role_id == RoleGrant.role_id,
        RolePermission.permission == Permission.SICKNESS_MANAGE.value,
        RolePermission.reach == Reach.COMPANY.value,
    )
    return uow.session.scalars(select(Employee).where(Employee.active, holds).order_by(Employee.email)).all()


def _year_before(day: date) -> date:
    return day - timedelta(days=366)

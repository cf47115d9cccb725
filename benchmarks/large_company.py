"""Companies of any size for the page benchmarks: absences of everybody, and a published month of the first team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import Range

from benchmarks.roster_sample import FIRST, LAST
from portal.actors import Actor, CompanyFacts
from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.months import Month, days_between
from portal.domain.periods import Part
from portal.domain.permissions import BUILT_IN_ROLES, combine
from portal.models import AbsenceType, Employee, Identity, Shift, Team
from portal.models.base import Base
from portal.services import entitlements, people_import, roster_publishing, rosters, sessions
from portal.services.shift_rules import as_range
from portal.services.shift_templates import list_templates
from tests.factories.companies import OPERATOR, make_company, work

TURN = "EELLNN---"
#: Days from the first of the month, and whether it is decided: everybody has a past, a granted and a waiting request.
STRETCHES = ((-20, AbsenceStatus.APPROVED), (7, AbsenceStatus.APPROVED), (40, AbsenceStatus.REQUESTED))
LENGTH = 3


@dataclass(frozen=True)
class LargeCompany:
    """Where the pages are, and the cookie of who looks at them: an HR person."""

    facts: CompanyFacts
    roster_id: UUID
    #: The person who looks.
    employee_id: UUID
    token: str
    today: date


def make(staffroom: Any, slug: str, people: int, *, team_size: int) -> LargeCompany:
    """Founds it, imports its people, grants the years, and fills this month of the first team."""
    facts = make_company(staffroom, slug, "Bench")
    with work(staffroom, facts) as uow:
        people_import.carry_out(uow, _people_file(people, team_size))
        team_id = uow.session.scalars(select(Team.id).where(Team.name == "Ward 1")).one()
        everybody = list(uow.session.scalars(select(Employee).order_by(Employee.employee_number)))
        today = uow.today()
        years = sorted({(today + timedelta(days=days)).year for days in (-90, 0, 90)})
        entitlements.ensure_grants(uow, [one.id for one in everybody], years)
        type_id = uow.session.scalars(select(AbsenceType.id)).one()
        uow.settle()
        _add_absences(uow, everybody, type_id, Month.of(today).first_day)
        uow.actor = _hr(everybody[0])
        roster_id = _publish_month(uow, team_id, everybody[:team_size], Month.of(today))
        uow.settle()
        uow.actor = OPERATOR
        identity = Identity(employee_id=everybody[0].id, provider="password", subject="bench")
        uow.session.add(identity)
        uow.session.flush()
        _, token = sessions.start(uow, identity, browser="bench", complete=True)
    return LargeCompany(facts, roster_id, everybody[0].id, token, today)


def _people_file(people: int, team_size: int) -> bytes:
    lines = ["email,first_name,last_name,employee_number,job_title,team,site,start_date,weekly_hours,role"]
    for number in range(people):
        first, last = FIRST[number * 5 % len(FIRST)], LAST[number % len(LAST)]
        role, team = "hr" if number == 0 else "", f"Ward {number // team_size + 1}"
        lines.append(
            f"p{number}@bench.example,{first},{last},{number:05},Nurse,{team},Brno,2020-01-01,40,{role}"
        )
    return "\n".join(lines).encode()


def _hr(employee: Employee) -> Actor:
    grants = combine(BUILT_IN_ROLES["employee"], BUILT_IN_ROLES["hr"])
    return Actor(employee.id, employee.name, employee.email, "en", "Europe/Prague", grants)


def _add_absences(uow: UnitOfWork, everybody: list[Employee], type_id: UUID, first_day: date) -> None:
    """Inserted as rows: what the pages read, without the letters and the log that asking would have written."""
    absences: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for employee in everybody:
        number = int(employee.employee_number or 0)
        for offset, status in STRETCHES:
            start = first_day + timedelta(days=offset + number % 17)
            days = list(days_between(start, start + timedelta(days=LENGTH - 1)))
            absence = {
                "company_id": uow.company.id,
                "id": uuid4(),
                "employee_id": employee.id,
                "absence_type_id": type_id,
                "status": status,
                "start_date": days[0],
                "end_date": days[-1],
                "charge": 1000 * LENGTH,
                "note": "Family visit",
                "requested_by_id": employee.id,
                "requested_at": uow.clock.now() - timedelta(minutes=number),
                "version": 1,
            }
            absences.append(absence)
            parts += (_part(absence, day) for day in days)
    connection = uow.session.connection()
    connection.execute(insert(Base.metadata.tables["absence"]), absences)
    connection.execute(insert(Base.metadata.tables["absence_part"]), parts)


def _part(absence: dict[str, Any], day: date) -> dict[str, Any]:
    at = datetime.combine(day, time())
    return {
        "company_id": absence["company_id"],
        "id": uuid4(),
        "absence_id": absence["id"],
        "employee_id": absence["employee_id"],
        "date": day,
        "part": Part.FULL,
        "during": Range(at, at + timedelta(days=1), bounds="[)"),
        "charge": 1000,
        "live": True,
    }


def _publish_month(uow: UnitOfWork, team_id: UUID, everybody: list[Employee], month: Month) -> UUID:
    roster_id = rosters.create(uow, team_id, month)
    templates = {one.code: one for one in list_templates(uow)}
    for number, employee in enumerate(everybody):
        for day in days_between(month.first_day, month.last_day):
            code = TURN[(day.toordinal() + number * 4) % len(TURN)]
            if code == "-":
                continue
            moments = templates[code].times.on(day, ZoneInfo("Europe/Prague"))
            uow.session.add(
                Shift(
                    roster_id=roster_id,
                    employee_id=employee.id,
                    shift_template_id=templates[code].id,
                    date=day,
                    during=as_range(moments),
                    paid_minutes=moments.paid_minutes,
                )
            )
    uow.session.flush()
    seen = roster_publishing.preview(uow, roster_id).seen
    roster_publishing.publish(uow, roster_id, version=0, seen=seen)
    return roster_id

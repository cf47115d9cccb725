"""People whom an import brings for the first time: employee, employment, teams and roles in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.people_import import ImportRow
from portal.domain.working_patterns import WorkingPattern
from portal.models.employee import Employee, Employment
from portal.models.role import RoleGrant
from portal.models.team import TeamMembership
from portal.services import audit, employments, licences, line_managers, memberships, people, roles
from portal.services.employments import Terms
from portal.services.people_import.outcome import NewPerson
from portal.services.people_import.places import Places


def add_people(uow: UnitOfWork, new: Iterable[NewPerson], places: Places) -> list[Employee]:
    """Writes them all and records each.

    The moment is given here: asking the database for it would make it parse one statement per thousand rows.
    """
    ids = {
        email: employee_id for employee_id, email in uow.session.execute(select(Employee.id, Employee.email))
    }
    people_of = {one.row.email: one for one in new}
    if people_of:
        licences.refuse_newcomers(uow, len(people_of))
    ids |= {email: uuid4() for email in people_of}
    added = [_employee(uow, people_of[email], ids) for email in people_of]
    uow.session.add_all(added)
    uow.session.flush()  # everything else refers to them
    for employee in added:
        row = people_of[employee.email].row
        manager_id = ids[row.line_manager_email] if row.line_manager_email else None
        belongings = [
            *_what_belongs(employee.id, row, places),
            *line_managers.beginning(employee.id, manager_id, min(row.start_date, uow.today())),
        ]
        for one in belongings:
            one.created_at = uow.clock.now()
        uow.session.add_all(belongings)
        audit.record(uow, audit.Action.EMPLOYEE_CREATED, subject=employee, source="import", row=row.row)
    uow.session.flush()
    return added


def _employee(uow: UnitOfWork, new: NewPerson, ids: dict[str, UUID]) -> Employee:
    row = new.row
    employee = Employee(
        id=ids[row.email],
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        employee_number=row.employee_number,
        job_title=row.job_title,
        language=row.language or uow.company.language,
        created_at=uow.clock.now(),
    )
    if new.phone:
        people.seal_phone(uow, employee, new.phone)
    return employee


def _what_belongs(
    employee_id: UUID, row: ImportRow, places: Places
) -> list[Employment | TeamMembership | RoleGrant]:
    spread = WorkingPattern.spread(row.weekly_minutes) if row.weekly_minutes is not None else None
    pattern = row.pattern or spread or employments.FULL_TIME
    terms = Terms(pattern, places.site_id(row.site), bool(row.by_roster))
    held = {roles.EVERYONE, row.role} if row.role else {roles.EVERYONE}
    return [
        employments.segment(employee_id, terms, row.start_date),
        *memberships.joining(employee_id, places.team_ids(row.teams), row.start_date),
        *(RoleGrant(employee_id=employee_id, role_id=places.roles[key]) for key in sorted(held)),
    ]

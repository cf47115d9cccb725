"""The directory as a table to take away: who is asked for, and the columns that the reader may see of everybody.

What can be exported is what the pages show; the phone number is sealed, and each number that leaves is on record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.custom_fields import Field, FieldKind, groups_for
from portal.domain.people_import import Column, cells
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.custom_field import CustomValue
from portal.models.employee import Employee, Employment, agreed_pattern
from portal.models.line_management import LineManagement
from portal.models.team import Site, Team, TeamMembership
from portal.services import (
    access,
    audit,
    custom_fields,
    custom_values,
    directory,
    line_managers,
    people,
    sealed_reads,
)
from portal.services.directory import DirectoryFilter, Narrowed
from portal.services.name_order import by_name

#: What everybody may know of everybody, as the directory and each person's page show it.
_OF_EVERYBODY = (
    Column.EMAIL,
    Column.FIRST_NAME,
    Column.LAST_NAME,
    Column.JOB_TITLE,
    Column.TEAM,
    Column.SITE,
    Column.LINE_MANAGER_EMAIL,
)
#: The record, for those who may see everybody's.
_OF_THE_RECORD = (
    Column.START_DATE,
    Column.EMPLOYEE_NUMBER,
    Column.WEEKLY_HOURS,
    Column.WORKING_DAYS,
    Column.BY_ROSTER,
    Column.LANGUAGE,
    Column.PHONE,
)
#: Left out unless asked for: sealed values leave only on purpose.
SEALED_COLUMNS = frozenset({Column.PHONE})


@dataclass(frozen=True)
class Export:
    """A table of people under the headings that an import knows."""

    heading: list[str]
    rows: list[list[str | date]]


def columns(uow: UnitOfWork) -> list[Column]:
    """The portal's own columns that this reader may export, in the order of the import's template."""
    open_to_reader = set(_OF_EVERYBODY)
    if access.can(uow, Permission.EMPLOYEE_VIEW, Reach.COMPANY):
        open_to_reader |= set(_OF_THE_RECORD)
    return [column for column in Column if column in open_to_reader]


def own_columns(uow: UnitOfWork) -> list[Field]:
    """The company's own fields that this reader may export: those that they see of everybody."""
    groups = groups_for(record=access.can(uow, Permission.EMPLOYEE_VIEW, Reach.COMPANY))
    return custom_fields.in_use(uow, groups)


def export(
    uow: UnitOfWork,
    asked: DirectoryFilter,
    wanted: Collection[str],
    *,
    kind: str,
    ids: Collection[UUID] = (),
) -> Export:
    """The people of the filter with the wanted columns; one column beyond the reader's right refuses all (T93)."""
    chosen = [column for column in columns(uow) if column.value in wanted]
    own = [field for field in own_columns(uow) if str(field.id) in wanted]
    known = {column.value for column in chosen} | {str(field.id) for field in own}
    if not wanted or known != set(wanted):
        raise Refusal(Reason.COLUMN_NOT_ALLOWED)
    with_rows = Column.PHONE in chosen or any(field.is_sealed for field in own)
    narrowed, values_asked = directory.narrow(uow, asked)
    found = uow.session.execute(_query(uow, narrowed, ids, with_rows=with_rows), values_asked).all()
    if Column.PHONE in chosen:
        _record_phones(uow, [row.Employee for row in found])
    values = custom_values.values_of(uow, own, [row.id for row in found])
    rows = [
        [
            *(_value(uow, column, row) for column in chosen),
            *(_own_value(uow, field, values.get((row.id, field.id)), row) for field in own),
        ]
        for row in found
    ]
    names = [*(column.value for column in chosen), *(field.name for field in own)]
    audit.record(uow, audit.Action.PEOPLE_EXPORTED, people=len(rows), columns=names, kind=kind)
    return Export(names, rows)


def _query(uow: UnitOfWork, narrowed: Narrowed, ids: Collection[UUID], *, with_rows: bool) -> Any:
    manager, link = aliased(Employee), aliased(LineManagement)
    own = [Employee] if with_rows else []
    return (
        select(
            Employee.id,
            Employee.email,
            Employee.first_name,
            Employee.last_name,
            Employee.job_title,
            Employee.employee_number,
            Employee.language,
            manager.email.label("line_manager_email"),
            _teams(uow),
            _first_day(),
            _of_terms(uow, Site.name).label("site"),
            _of_terms(uow, Employment.weekly_minutes).label("weekly_minutes"),
            _of_terms(uow, func.array_cat(Employment.pattern, Employment.further_weeks)).label("days"),
            _of_terms(uow, Employment.cycle_begins).label("cycle_begins"),
            _of_terms(uow, Employment.agreed_days).label("agreed_days"),
            _of_terms(uow, Employment.by_roster).label("by_roster"),
            *own,
        )
        .join(link, line_managers.leads(link, Employee.id, uow.today()), isouter=True)
        .join(manager, manager.id == link.manager_id, isouter=True)
        .where(*directory.conditions(narrowed), *([Employee.id.in_(ids)] if ids else []))
        .order_by(*by_name(uow))
    )


def _value(uow: UnitOfWork, column: Column, row: Any) -> str | date:
    match column:
        case Column.PHONE:
            return people.open_phone(uow, row.Employee)
        case Column.WEEKLY_HOURS:
            minutes = row.weekly_minutes
            return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02d}"
        case Column.WORKING_DAYS:
            return "" if row.days is None else _working_days(row.days, row.cycle_begins, row.agreed_days)
        case Column.BY_ROSTER:
            return "" if row.days is None else cells.yes_or_no_text(bool(row.by_roster))
        case _:
            found: str | date | None = getattr(row, column.value)
            return "" if found is None else found


def _working_days(days: list[int], begins: date | None, agreed_days: int | None) -> str:
    """Empty where no week has work: an import takes no such days."""
    pattern = agreed_pattern(days, (), begins, agreed_days)
    return cells.working_days_text(pattern) if pattern.average_minutes else ""


def _own_value(uow: UnitOfWork, field: Field, held: CustomValue | None, row: Any) -> str | date:
    """A date as one; each sealed value that leaves is on record of its person."""
    if held is None:
        return ""
    if field.is_sealed:
        sealed_reads.note(uow, row.Employee, field.name, source="export")
    value = custom_values.open_value(uow, held)
    return date.fromisoformat(value) if field.kind is FieldKind.DATE else value


def _record_phones(uow: UnitOfWork, employees: Sequence[Employee]) -> None:
    """As when each is looked at on the person's page, so that the person finds it there."""
    for employee in _with_phone(employees, uow.actor.employee_id):
        sealed_reads.note(uow, employee, "phone", source="export")


def _with_phone(employees: Sequence[Employee], own_id: UUID | None) -> Iterator[Employee]:
    return (one for one in employees if one.phone_sealed is not None and one.id != own_id)


def _teams(uow: UnitOfWork) -> ColumnElement[str]:
    names = func.string_agg(Team.name.distinct(), aggregate_order_by(literal("; "), Team.name))
    return (
        select(func.coalesce(names, ""))
        .select_from(TeamMembership)
        .join(Team, Team.id == TeamMembership.team_id)
        .where(TeamMembership.employee_id == Employee.id, directory.not_over(uow, TeamMembership))
        .correlate(Employee)
        .scalar_subquery()
        .label("team")
    )


def _first_day() -> ColumnElement[date]:
    return (
        select(func.min(Employment.start_date))
        .where(Employment.employee_id == Employee.id)
        .correlate(Employee)
        .scalar_subquery()
        .label("start_date")
    )


def _of_terms(uow: UnitOfWork, wanted: Any) -> Any:
    """One value of today's terms, else of the next ones, as the import compares them."""
    return (
        select(wanted)
        .select_from(Employment)
        .join(Site, Site.id == Employment.site_id, isouter=True)
        .where(Employment.employee_id == Employee.id, directory.not_over(uow, Employment))
        .order_by(Employment.start_date)
        .limit(1)
        .correlate(Employee)
        .scalar_subquery()
    )

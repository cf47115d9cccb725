"""Circles of line managers that a file closes on a later day only, together with changes that are planned already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import uuid4

from portal.db import UnitOfWork
from portal.domain.line_managers import Span, changed, circles
from portal.domain.people_import import Column, ImportProblem, RowError
from portal.services import line_managers
from portal.services.people_import.outcome import ChangedPerson, NewPerson
from portal.services.people_import.present import Present


def planned_circles(
    uow: UnitOfWork, present: Present, new: Sequence[NewPerson], different: Sequence[ChangedPerson]
) -> Iterator[RowError]:
    """The rows whose new line manager would, on some day to come, end up above themselves."""
    led = [one for one in different if one.changes_any(Column.LINE_MANAGER_EMAIL)]
    if not led:
        return
    today = uow.today()
    ids = {email: person.id for email, person in present.by_email.items()}
    ids |= {one.row.email: one.employee_id for one in different} | {one.row.email: uuid4() for one in new}
    above = line_managers.everybody_from(uow, today)
    arriving: list[NewPerson | ChangedPerson] = [*new, *led]
    for one in arriving:
        manager_id = ids.get(one.row.line_manager_email or "")
        if manager_id is not None:
            employee_id = ids[one.row.email]
            known: Sequence[Span] = above.get(employee_id, [])
            above[employee_id] = list(changed(known, manager_id, today, today))
    circled = circles(above, today)
    for one in led:
        if one.employee_id in circled:
            problem, manager = ImportProblem.MANAGER_CYCLE_PLANNED, one.row.line_manager_email or ""
            yield RowError(one.row.row, Column.LINE_MANAGER_EMAIL, problem, manager)

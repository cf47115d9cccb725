"""Who or what an event was done to, also when the row is gone: then what the event itself holds must do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from portal.db import UnitOfWork
from portal.services.audit_log import LoggedEvent
from portal.services.audit_names import Named, Names

#: Which reference of a row that is gone says best what it was, in this order.
_TELLING = (
    "role_id",
    "team_id",
    "shift_template_id",
    "absence_type_id",
    "document_id",
    "document_version_id",
)
_DAYS = ("date", "start_date", "effective_date")


def subject_of(uow: UnitOfWork, event: LoggedEvent, names: Names) -> Named | None:
    """The subject in words; None when there is none, or nothing is left that says which it was."""
    if event.subject_type == "company":
        return Named("company", event.subject_id, uow.company.name)
    found = names.find(event.subject_type, event.subject_id)
    if found is not None:
        return found
    whose = names.find("employee", event.facts.get("employee"))
    return whose if not event.subject_type else _pieced_together(event, names, whose)


def _pieced_together(event: LoggedEvent, names: Names, whose: Named | None) -> Named | None:
    """From the values of the row's last change: a shift that was taken away is still somebody's, on a day."""
    held = {one.column: one.before if one.after is None else one.after for one in event.changes}
    tables = {one.column: one.names for one in event.changes}
    person = names.find("employee", held.get("employee_id")) or whose
    thing = next((one for one in (_named(names, tables, held, column) for column in _TELLING) if one), None)
    plain = next((held[column] for column in ("title", "name") if isinstance(held.get(column), str)), "")
    first = next((_day(held[column]) for column in _DAYS if held.get(column)), None)
    if person is None and thing is None and not plain:
        return None
    said = Named(
        event.subject_type, None, thing.text if thing else plain, thing.key if thing else "", first=first
    )
    if person is not None:
        said = replace(said, person_id=person.id, person=person.text, opens_person=person.opens)
    return replace(said, last=_day(held.get("end_date")) or first)


def _named(names: Names, tables: dict[str, str], held: dict[str, Any], column: str) -> Named | None:
    table = tables.get(column, "")
    if table == "absence_type" and not names.may_see_absence_types:
        return None
    return names.find(table, held.get(column))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None

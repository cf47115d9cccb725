"""Values of the company's own fields that come with an import, for people who are new and people who are there."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from portal.db import UnitOfWork
from portal.services import custom_values
from portal.services.people_import.outcome import Outcome


def write_values(uow: UnitOfWork, outcome: Outcome, new_ids: Mapping[str, UUID]) -> None:
    """Writes what differs; each value leaves its event. Nothing is asked when the file has no such column."""
    told = [(new_ids[one.row.email], one.row.values) for one in outcome.new]
    told += [(one.employee_id, one.row.values) for one in outcome.changed]
    if not any(values for _, values in told):
        return
    fields = {field.id: field for field in custom_values.exchanged(uow)}
    held = custom_values.values_of(uow, fields.values(), [employee_id for employee_id, _ in told])
    for employee_id, values in told:
        for field_id, value in values:
            custom_values.write(uow, employee_id, fields[field_id], held.get((employee_id, field_id)), value)
    uow.session.flush()

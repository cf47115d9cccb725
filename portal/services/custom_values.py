"""The values of a company's own fields, person by person: shown, edited and sealed by group and right (P7, P10)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.db import UnitOfWork
from portal.domain.custom_fields import (
    Field,
    FieldGroup,
    FieldKind,
    ValueRefused,
    groups_edited,
    groups_for,
    read,
)
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.custom_field import CustomField, CustomValue
from portal.models.employee import Employee
from portal.services import access, audit, custom_fields, sealed_reads, sealing
from portal.services.staffing import notice


@dataclass(frozen=True)
class ShownValue:
    """A field of a person as one reader sees it; of a sealed one only that there is a value."""

    field_id: UUID
    name: str
    kind: FieldKind
    group: FieldGroup
    value: str
    sealed: bool


@dataclass(frozen=True)
class Editable:
    """The fields of one person that the actor may edit, with their values, and what notices other changes."""

    name: str
    fields: list[Field]
    values: dict[UUID, str]
    seen: str


def shown_column(uow: UnitOfWork) -> ColumnElement[list[list[str]] | None]:
    """What is filled in and for the reader, as a column of a query about a person; see `shown`."""
    whole_record = access.employees_within(uow, Permission.EMPLOYEE_VIEW, Employee.id)
    values = func.json_build_array(
        CustomField.id, CustomField.name, CustomField.kind, CustomField.field_group, CustomValue.value
    )
    return (
        select(func.json_agg(aggregate_order_by(values, CustomField.position, CustomField.name)))
        .select_from(CustomValue)
        .join(CustomField, CustomField.id == CustomValue.field_id)
        .where(
            CustomValue.employee_id == Employee.id,
            CustomField.archived_at.is_(None),
            or_(CustomField.field_group.in_(groups_for(record=False)), whole_record),
        )
        .correlate(Employee)
        .scalar_subquery()
        .label("own_values")
    )


def any_column() -> ColumnElement[bool]:
    """Whether the company has any field at all, as a column of another query."""
    return select(CustomField.id).where(CustomField.archived_at.is_(None)).exists().label("has_own_fields")


def shown(found: list[list[str]] | None) -> list[ShownValue]:
    """The values that `shown_column` brought, in the company's order; of sealed ones only that they are there."""
    return [
        ShownValue(
            UUID(field_id), name, FieldKind(kind), FieldGroup(group), value or "", sealed=value is None
        )
        for field_id, name, kind, group, value in found or []
    ]


def show_sealed(uow: UnitOfWork, employee_id: UUID, field_id: UUID) -> ShownValue:
    """One sealed value. Reading somebody else's leaves an event with its person."""
    employee = access.employee_for(uow, Permission.EMPLOYEE_VIEW, employee_id)
    found = uow.session.execute(
        select(CustomField, CustomValue)
        .join(CustomValue, CustomValue.field_id == CustomField.id)
        .where(
            CustomField.id == field_id,
            CustomField.archived_at.is_(None),
            CustomValue.employee_id == employee_id,
            CustomValue.value_sealed.is_not(None),
        )
    ).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    field, row = found
    value = open_value(uow, row)
    sealed_reads.note(uow, employee, field.name)
    return ShownValue(field.id, field.name, field.kind, field.field_group, value, sealed=True)


def for_editing(uow: UnitOfWork, employee_id: UUID) -> Editable:
    """The form of one person; sealed values in it count as read."""
    employee, groups = _editable(uow, employee_id)
    fields, rows = custom_fields.in_use_of(uow, groups, employee_id)
    values = {row.field_id: open_value(uow, row) for row in rows}
    for field in fields:
        if field.is_sealed and field.id in values:
            sealed_reads.note(uow, employee, field.name)
    return Editable(employee.name, fields, values, _mark(rows))


def save(uow: UnitOfWork, employee_id: UUID, typed: Mapping[UUID, str], *, seen: str) -> None:
    """Writes what the actor may edit and nothing else (T89); a field that was not in the form stays as it is."""
    employee, groups = _editable(uow, employee_id)
    uow.session.refresh(employee, with_for_update={"key_share": True})
    fields = custom_fields.in_use(uow, groups)
    rows = _rows(uow, employee_id, fields)
    if _mark(rows) != seen:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    held = {row.field_id: row for row in rows}
    for field in fields:
        if field.id not in typed:
            continue
        try:
            value = read(field.kind, field.choices, typed[field.id])
        except ValueRefused as refused:
            raise Refusal(
                Reason.FIELD_VALUE_INVALID, field=f"field_{field.id.hex}", problem=refused.problem
            ) from None
        write(uow, employee.id, field, held.get(field.id), value)


def write(uow: UnitOfWork, employee_id: UUID, field: Field, row: CustomValue | None, value: str) -> None:
    """One value made, changed or taken away; the same value again is no change."""
    if (open_value(uow, row) if row else "") == value:
        return
    if row is not None and not value:
        uow.session.delete(row)
    else:
        row = row or CustomValue(
            id=uuid4(), employee_id=employee_id, field_id=field.id, created_at=uow.clock.now()
        )
        if field.is_sealed:
            row.value_sealed = sealing.seal(uow, value, row=CustomValue, column="value_sealed", row_id=row.id)
        else:
            row.value = value
        uow.session.add(row)
    notice.ask(uow)
    audit.record(
        uow, audit.Action.EMPLOYEE_VALUE_CHANGED, subject=row, employee=str(employee_id), column=field.name
    )


def open_value(uow: UnitOfWork, row: CustomValue) -> str:
    """The value, unsealed. Whoever shows a sealed one records that."""
    if row.value_sealed is None:
        return row.value or ""
    return sealing.open_text(uow, row.value_sealed, row=CustomValue, column="value_sealed", row_id=row.id)


def values_of(
    uow: UnitOfWork, fields: Collection[Field], employee_ids: Collection[UUID] | None = None
) -> dict[tuple[UUID, UUID], CustomValue]:
    """Rows by person and field, of everybody unless people are named, in one query; none for no fields."""
    if not fields:
        return {}
    query = select(CustomValue).where(CustomValue.field_id.in_([field.id for field in fields]))
    if employee_ids is not None:
        query = query.where(CustomValue.employee_id == any_(literal(list(employee_ids), ARRAY(Uuid))))
    return {(row.employee_id, row.field_id): row for row in uow.session.scalars(query)}


def may_edit(uow: UnitOfWork, employee_id: UUID, may: Collection[Permission]) -> bool:
    """Does the page of this person offer the form? `may` is what reaches the person."""
    by_hr = {Permission.EMPLOYEE_EDIT, Permission.EMPLOYEE_VIEW} <= set(may)
    return bool(groups_edited(by_hr=by_hr, own=employee_id == uow.actor.employee_id))


def exchanged(uow: UnitOfWork) -> list[Field]:
    """The fields that an import takes: those that the actor sees and edits of everybody. The operator has all."""
    everybody = all(
        access.can(uow, one, Reach.COMPANY) for one in (Permission.EMPLOYEE_EDIT, Permission.EMPLOYEE_VIEW)
    )
    return custom_fields.in_use(uow, list(FieldGroup)) if everybody or uow.actor.employee_id is None else []


def _editable(uow: UnitOfWork, employee_id: UUID) -> tuple[Employee, frozenset[FieldGroup]]:
    """The person and the groups that the actor may edit of them; refused as not found when there are none."""
    by_hr = and_(
        access.employees_within(uow, Permission.EMPLOYEE_EDIT, Employee.id),
        access.employees_within(uow, Permission.EMPLOYEE_VIEW, Employee.id),
    )
    found = uow.session.execute(
        select(Employee, by_hr.label("by_hr")).where(Employee.id == employee_id)
    ).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    groups = groups_edited(by_hr=found.by_hr, own=employee_id == uow.actor.employee_id)
    if not groups:
        raise Refusal(Reason.NOT_FOUND)
    return found[0], groups


def _rows(uow: UnitOfWork, employee_id: UUID, fields: Collection[Field]) -> list[CustomValue]:
    return list(values_of(uow, fields, [employee_id]).values())


def _mark(rows: Collection[CustomValue]) -> str:
    held = sorted((str(row.field_id), row.value, (row.value_sealed or b"").hex()) for row in rows)
    return hashlib.sha256(repr(held).encode()).hexdigest()

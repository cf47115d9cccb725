"""The fields that a company adds to its people: made, renamed, put in order, put away. For values: custom_values.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.custom_fields import (
    LONGEST_CHOICE,
    LONGEST_NAME,
    MOST_CHOICES,
    MOST_FIELDS,
    Field,
    FieldGroup,
    FieldKind,
    Retention,
)
from portal.domain.people_import.columns import column_of
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.custom_field import CustomField, CustomValue
from portal.services import access, audit
from portal.services.company_lock import lock_company


@dataclass(frozen=True)
class FieldFacts:
    """What a form says of a field."""

    name: str
    kind: FieldKind
    group: FieldGroup
    retention: Retention
    position: int
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class FieldLine:
    """A field in the list of those who manage them."""

    id: UUID
    facts: FieldFacts
    archived_at: datetime | None
    values: int


def list_all(uow: UnitOfWork) -> list[FieldLine]:
    """Every field with how many people have a value, those put away last, in one query."""
    _need_right(uow)
    rows = uow.session.execute(
        select(CustomField, func.count(CustomValue.id))
        .join(CustomValue, CustomValue.field_id == CustomField.id, isouter=True)
        .group_by(CustomField.company_id, CustomField.id)
        .order_by(CustomField.archived_at.is_not(None), CustomField.position, CustomField.name)
    )
    return [FieldLine(row.id, _facts(row), row.archived_at, count) for row, count in rows]


def get(uow: UnitOfWork, field_id: UUID) -> FieldFacts:
    _need_right(uow)
    return _facts(_found(uow, field_id))


def create(uow: UnitOfWork, facts: FieldFacts) -> UUID:
    _need_right(uow)
    lock_company(uow)
    if (uow.session.scalar(select(func.count()).select_from(CustomField)) or 0) >= MOST_FIELDS:
        raise Refusal(Reason.FIELDS_TOO_MANY, limit=MOST_FIELDS)
    row = CustomField(
        name=_free_name(uow, facts.name, None),
        kind=facts.kind,
        field_group=facts.group,
        choices=_choices(facts.kind, facts.choices),
        retention=facts.retention,
        position=facts.position,
    )
    uow.session.add(row)
    uow.session.flush()
    audit.record(uow, audit.Action.CUSTOM_FIELD_CREATED, subject=row)
    return row.id


def update(uow: UnitOfWork, field_id: UUID, facts: FieldFacts) -> None:
    """Everything but the kind; a group may change, but never into sealed or out of it."""
    _need_right(uow)
    lock_company(uow)
    row = _found(uow, field_id)
    if (facts.group is FieldGroup.SEALED) != (row.field_group is FieldGroup.SEALED):
        raise Refusal(Reason.FIELD_STAYS_SEALED, field="group")
    choices = _choices(row.kind, facts.choices)
    _keep_chosen(uow, row, choices)
    row.name = _free_name(uow, facts.name, field_id)
    row.field_group, row.retention, row.position = facts.group, facts.retention, facts.position
    row.choices = choices
    audit.record(uow, audit.Action.CUSTOM_FIELD_CHANGED, subject=row)


def archive(uow: UnitOfWork, field_id: UUID) -> None:
    """Nobody sees the field any more; its values stay until their time is over."""
    _need_right(uow)
    row = _found(uow, field_id)
    if row.archived_at is None:
        row.archived_at = uow.clock.now()
        audit.record(uow, audit.Action.CUSTOM_FIELD_ARCHIVED, subject=row)


def restore(uow: UnitOfWork, field_id: UUID) -> None:
    _need_right(uow)
    row = _found(uow, field_id)
    if row.archived_at is not None:
        row.archived_at = None
        audit.record(uow, audit.Action.CUSTOM_FIELD_RESTORED, subject=row)


def in_use(uow: UnitOfWork, groups: Collection[FieldGroup]) -> list[Field]:
    """The fields of these groups that are not put away, in their order, in one query."""
    rows = uow.session.scalars(
        select(CustomField)
        .where(CustomField.archived_at.is_(None), CustomField.field_group.in_(groups))
        .order_by(CustomField.position, CustomField.name)
    )
    return [Field(row.id, row.name, row.kind, row.field_group, tuple(row.choices)) for row in rows]


def _need_right(uow: UnitOfWork) -> None:
    if not access.can(uow, Permission.PEOPLE_FIELDS_MANAGE, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)


def _found(uow: UnitOfWork, field_id: UUID) -> CustomField:
    return access.one_or_refuse(uow, select(CustomField).where(CustomField.id == field_id))


def _facts(row: CustomField) -> FieldFacts:
    return FieldFacts(row.name, row.kind, row.field_group, row.retention, row.position, tuple(row.choices))


def _free_name(uow: UnitOfWork, typed: str, own_id: UUID | None) -> str:
    """Each name once, also among those put away: an import finds a field by its heading."""
    name = " ".join(typed.split())
    if not name:
        raise Refusal(Reason.MISSING, field="name")
    if len(name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
    held = uow.session.execute(select(CustomField.id, CustomField.name)).all()
    taken = {row.name.casefold() for row in held if row.id != own_id}
    if name.casefold() in taken or column_of(name) is not None:
        raise Refusal(Reason.FIELD_NAME_TAKEN, field="name")
    return name


def _choices(kind: FieldKind, typed: Collection[str]) -> list[str]:
    if kind is not FieldKind.CHOICE:
        return []
    once: dict[str, str] = {}
    for line in typed:
        if one := " ".join(line.split()):
            once.setdefault(one.casefold(), one)
    choices = list(once.values())
    if not choices:
        raise Refusal(Reason.MISSING, field="choices")
    if len(choices) > MOST_CHOICES or any(len(one) > LONGEST_CHOICE for one in choices):
        raise Refusal(Reason.TOO_LONG, field="choices", limit=LONGEST_CHOICE)
    return choices


def _keep_chosen(uow: UnitOfWork, row: CustomField, choices: Collection[str]) -> None:
    """A choice that somebody has stays; of sealed values nobody may look, so none of theirs goes."""
    gone = set(row.choices) - set(choices)
    if not gone:
        return
    used = select(CustomValue.id).where(CustomValue.field_id == row.id)
    if row.field_group is not FieldGroup.SEALED:
        used = used.where(CustomValue.value.in_(gone))
    if uow.session.scalar(used.limit(1)) is not None:
        raise Refusal(Reason.FIELD_CHOICE_IN_USE, field="choices")

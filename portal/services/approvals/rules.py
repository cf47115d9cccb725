"""The rules of approval by kind of request, type of absence and day.

They are read when a request is sent, and changed from a day on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select

from portal.db import UnitOfWork
from portal.domain.approvals import MOST_STEPS, ApproverKind, StepMode, StepRule, SubjectKind
from portal.domain.refusals import Reason, Refusal
from portal.models.absence_type import AbsenceType
from portal.models.approval import ApprovalRule, RequestApprovalRule
from portal.models.employee import Employee
from portal.models.role import Role
from portal.services import access, audit
from portal.services.name_order import by_name

#: Time off had its table first; all other kinds of requests share one.
_TABLES: dict[SubjectKind, type[ApprovalRule]] = {
    SubjectKind.ABSENCE: ApprovalRule,
    SubjectKind.OVERTIME: cast(
        "type[ApprovalRule]", RequestApprovalRule
    ),  # with the same columns and one more
}


@dataclass(frozen=True)
class RuleLine:
    """The steps from a day on, and who laid them down."""

    valid_from: date
    steps: list[StepRule]
    author: str
    current: bool
    planned: bool


@dataclass(frozen=True)
class Named:
    """The roles and people that steps name, by id: (key, name) of a role, (e-mail, name) of a person."""

    roles: dict[UUID, tuple[str, str]]
    people: dict[UUID, tuple[str, str]]


def steps_on(
    uow: UnitOfWork, absence_type_id: UUID, day: date, *, kind: SubjectKind = SubjectKind.ABSENCE
) -> list[StepRule]:
    """The steps that hold on that day; none: whoever's right reaches the person decides."""
    rule = _TABLES[kind]
    query = (
        select(rule.steps)
        .where(*_of(kind, absence_type_id), rule.valid_from <= day)
        .order_by(rule.valid_from.desc())
        .limit(1)
    )
    return [_read(one) for one in uow.session.scalars(query).first() or ()]


def history(
    uow: UnitOfWork, absence_type_id: UUID, *, kind: SubjectKind = SubjectKind.ABSENCE
) -> list[RuleLine]:
    """All rules of a type for one kind of request, the latest first."""
    rule = _TABLES[kind]
    rows = uow.session.execute(
        select(rule, Employee.first_name, Employee.last_name)
        .outerjoin(Employee, Employee.id == rule.author_id)
        .where(*_of(kind, absence_type_id))
        .order_by(rule.valid_from.desc())
    ).all()
    today = uow.today()
    current = next((row.valid_from for row, *_name in rows if row.valid_from <= today), None)
    return [
        RuleLine(
            valid_from=row.valid_from,
            steps=[_read(one) for one in row.steps],
            author=f"{first_name} {last_name}" if last_name else "",
            current=row.valid_from == current,
            planned=row.valid_from > today,
        )
        for row, first_name, last_name in rows
    ]


def named(uow: UnitOfWork, lines: list[RuleLine]) -> Named:
    """All roles of the company, and the people whom the steps name."""
    ids = {step.named_id for line in lines for step in line.steps if step.approver is ApproverKind.PERSON}
    roles = uow.session.execute(select(Role.id, Role.key, Role.name).order_by(Role.name)).all()
    people = (
        uow.session.execute(
            select(Employee.id, Employee.email, Employee.first_name, Employee.last_name)
            .where(Employee.id.in_(ids))
            .order_by(*by_name(uow))
        ).all()
        if ids
        else ()
    )
    return Named(
        {row.id: (row.key, row.name) for row in roles},
        {row.id: (row.email, f"{row.first_name} {row.last_name}") for row in people},
    )


def person_called(uow: UnitOfWork, email: str, *, field: str) -> UUID:
    """Somebody who works here, for a step that names them."""
    query = select(Employee.id).where(Employee.email == email.strip().lower(), Employee.active)
    found = uow.session.scalars(query).one_or_none()
    if found is None:
        raise Refusal(Reason.PERSON_UNKNOWN, field=field)
    return found


def change(
    uow: UnitOfWork,
    absence_type_id: UUID,
    steps: list[StepRule],
    *,
    valid_from: date,
    kind: SubjectKind = SubjectKind.ABSENCE,
) -> None:
    """Lays down who must agree to requests that are sent from a day on. Requests on their way keep their route."""
    of_type = access.one_or_refuse(
        uow,
        select(AbsenceType).where(AbsenceType.id == absence_type_id).with_for_update(key_share=True),
    )
    if valid_from < uow.today():
        raise Refusal(Reason.RULES_NOT_BACKDATED, field="valid_from", earliest=uow.today())
    if len(steps) > MOST_STEPS:
        raise Refusal(Reason.NUMBER_OUT_OF_RANGE)
    rule = _TABLES[kind]
    same_day = select(rule).where(*_of(kind, of_type.id), rule.valid_from == valid_from)
    row = uow.session.scalars(same_day).one_or_none()
    if row is None:
        subject = {} if kind is SubjectKind.ABSENCE else {"subject": kind}
        row = rule(id=uuid4(), absence_type_id=of_type.id, valid_from=valid_from, **subject)
        uow.session.add(row)
    row.steps = [_written(one) for one in steps]
    row.author_id = uow.actor.employee_id
    audit.record(uow, audit.Action.APPROVAL_RULE_CHANGED, subject=row)


_IDS = ("named_id", "if_nobody_named_id")


def _of(kind: SubjectKind, absence_type_id: UUID) -> list[ColumnElement[bool]]:
    """The conditions on the rules of a type for one kind of request."""
    of_type = _TABLES[kind].absence_type_id == absence_type_id
    return [of_type] if kind is SubjectKind.ABSENCE else [of_type, RequestApprovalRule.subject == kind]


def _read(written: dict[str, Any]) -> StepRule:
    named_id = written["named_id"]
    return StepRule(
        approver=ApproverKind(written["approver"]),
        named_id=UUID(named_id) if named_id else None,
        mode=StepMode(written["mode"]),
        longer_than_days=written["longer_than_days"],
        notice_below_days=written["notice_below_days"],
        below_zero=written["below_zero"],
        breaks_staffing=written.get("breaks_staffing", False),
        at_least=written.get("at_least"),
        if_nobody=ApproverKind(instead) if (instead := written.get("if_nobody")) else None,
        if_nobody_named_id=UUID(role) if (role := written.get("if_nobody_named_id")) else None,
        agreed_if_nobody=written.get("agreed_if_nobody", False),
    )


def _written(step: StepRule) -> dict[str, Any]:
    ids = {name: str(value) if value else None for name in _IDS for value in [getattr(step, name)]}
    return {**asdict(step), **ids}

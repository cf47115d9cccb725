"""Whom and what a rule of staffing names: people it counts alone, people it leaves out or lets past it, and types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.staffing import FEWEST_NAMED, Effect, Metric, Override, RulePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.staffing import StaffingRule as Row
from portal.models.staffing import StaffingRulePart
from portal.services import audit
from portal.services.staffing.crowd import Named, RuleFacts

MOST_NAMED = 200
_FIELDS = {RulePart.COUNTED: "counted", RulePart.EXCEPTED: "excepted", RulePart.OVERRIDES: "overrides"}


def find(
    uow: UnitOfWork, emails: Mapping[RulePart, Sequence[str]], type_ids: Sequence[UUID]
) -> tuple[Named, ...]:
    """People by their addresses and types by their ids; refused at the field where one is nobody's."""
    wanted = {email for several in emails.values() for email in several}
    query = select(Employee).where(Employee.active, Employee.email.in_(wanted))
    people = {one.email: one for one in uow.session.scalars(query)} if wanted else {}
    found = []
    for part, several in emails.items():
        if len(several) > MOST_NAMED:
            raise Refusal(Reason.STAFFING_NAMES_TOO_MANY, field=_FIELDS[part], limit=MOST_NAMED)
        for email in several:
            person = people.get(email)
            if person is None:
                raise Refusal(Reason.STAFFING_NOBODY_CALLED_SO, field=_FIELDS[part], email=email)
            found.append(Named(part, person.id, person.name, person.email))
    kinds = select(AbsenceType).where(AbsenceType.id.in_(type_ids), AbsenceType.at_work.is_(False))
    types = uow.session.scalars(kinds).all() if type_ids else []
    if len(types) < len(set(type_ids)):
        raise Refusal(Reason.NOT_FOUND, field="types")
    found += [Named(RulePart.TYPE, one.id, one.name, key=one.key) for one in types]
    return tuple(found)


def check(facts: RuleFacts) -> None:
    """What a rule says of people it has to name, or need not."""
    counted = facts.ids(RulePart.COUNTED)
    if facts.rule.metric is Metric.NOT_ALL_AWAY and len(counted) < FEWEST_NAMED:
        raise Refusal(Reason.STAFFING_NAMES_TOO_FEW, field="counted")
    if counted and counted <= facts.ids(RulePart.EXCEPTED):
        raise Refusal(Reason.STAFFING_COUNTS_NOBODY, field="excepted")
    blocks = facts.rule.effect is Effect.BLOCK and facts.rule.override is Override.NAMED
    if blocks and not facts.ids(RulePart.OVERRIDES):
        raise Refusal(Reason.MISSING, field="overrides")


def keep(uow: UnitOfWork, row: Row, facts: RuleFacts) -> None:
    """What is named now, with an event for everybody who is new to it or no longer is."""
    query = select(StaffingRulePart).where(StaffingRulePart.rule_id == row.id)
    before = {
        (one.part, one.employee_id or one.absence_type_id): one for one in uow.session.scalars(query).all()
    }
    now = {(one.part, one.id) for one in facts.named}
    gone = [one for key, one in before.items() if key not in now]
    if gone:
        uow.session.execute(delete(StaffingRulePart).where(StaffingRulePart.id.in_([one.id for one in gone])))
    for part in gone:
        _note(uow, audit.Action.STAFFING_RULE_NAMES_LESS, row, part)
    for kind, named_id in sorted(now - set(before), key=str):
        added = StaffingRulePart(rule_id=row.id, part=kind)
        if kind is RulePart.TYPE:
            added.absence_type_id = named_id
        else:
            added.employee_id = named_id
        uow.session.add(added)
        _note(uow, audit.Action.STAFFING_RULE_NAMES_MORE, row, added)


def _note(uow: UnitOfWork, action: audit.Action, row: Row, part: StaffingRulePart) -> None:
    facts: dict[str, Any] = {"employee": str(part.employee_id)} if part.employee_id else {}
    if part.absence_type_id:
        facts = {"absence_type": str(part.absence_type_id)}
    audit.record(uow, action, subject=row, named_as=part.part, **facts)

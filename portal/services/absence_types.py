"""Types of absence: made, shown, given new rules from a date on, and no longer offered.

Rules are never changed for days that are over. What people asked for under older rules stays as it was decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit, rules_on
from portal.domain.overtime import OvertimeRules
from portal.domain.refusals import Reason, Refusal
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.services import access, audit
from portal.services.absence_letters import VACATION
from portal.services.balances import TypeFacts, type_facts
from portal.services.type_rules import Version, dated_rules, rules_in, versions_of


@dataclass(frozen=True)
class TypeLook:
    """How pages name and draw a type, and until when it is offered."""

    name: str
    code: str
    colour: str
    retired_on: date | None = None


@dataclass(frozen=True)
class RulesLine:
    """The rules from a date on (None: from the beginning) and who decided them."""

    id: UUID | None
    valid_from: date | None
    rules: TypeRules
    author: str
    #: Whether they hold only from a later day, so that they can still be dropped.
    planned: bool
    current: bool


@dataclass(frozen=True)
class TypeRecord:
    """A type with its whole history, the latest rules first."""

    facts: TypeFacts
    retired_on: date | None
    #: What it makes of overtime; None: it takes none in.
    overtime: OvertimeRules | None
    #: Requests may use what a plan will have given by their days.
    uses_future_accrual: bool
    #: The rules that hold today.
    rules: TypeRules
    history: list[RulesLine]

    @property
    def built_in(self) -> bool:
        return self.facts.key == VACATION


def list_all(uow: UnitOfWork) -> list[TypeRecord]:
    """All types of the company, those that are offered first. Two queries."""
    rows = uow.session.scalars(select(AbsenceType)).all()
    found = versions_of(uow, [row.id for row in rows])
    records = [_record(uow, row, found.get(row.id, [])) for row in rows]
    return sorted(records, key=lambda one: (one.retired_on is not None, not one.built_in, one.facts.name))


def get_type(uow: UnitOfWork, type_id: UUID) -> TypeRecord:
    row = access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == type_id))
    return _record(uow, row, versions_of(uow, [row.id]).get(row.id, []))


def create(
    uow: UnitOfWork, look: TypeLook, rules: TypeRules, *, counting: CountingMethod = CountingMethod.DAYS
) -> AbsenceType:
    """A new type; its first rules hold from the beginning, because nobody has asked for it before.

    Whether it counts days or hours is said once: a ledger in two units could not be added up.
    """
    _refuse_taken(uow, look.code)
    key = f"own-{uuid4().hex[:12]}"
    row = AbsenceType(id=uuid4(), key=key, counting=counting, **_look_columns(look), **_columns(rules))
    uow.session.add(row)
    audit.record(uow, audit.Action.ABSENCE_TYPE_CREATED, subject=row)
    return row


def change_look(uow: UnitOfWork, type_id: UUID, look: TypeLook) -> None:
    """Name, code and colour, everywhere and at once; and from which day on nobody can ask for it."""
    row = _locked(uow, type_id)
    _refuse_taken(uow, look.code, but=row.id)
    if row.key != VACATION:  # its name is translated
        row.name = look.name
    row.code, row.colour, row.retired_on = look.code, look.colour, look.retired_on
    audit.record(uow, audit.Action.ABSENCE_TYPE_CHANGED, subject=row)


def change_rules(uow: UnitOfWork, type_id: UUID, rules: TypeRules, *, valid_from: date) -> None:
    """New rules from a day on, today at the earliest. A change that was planned for the same day is replaced."""
    row = _locked(uow, type_id)
    if row.overtime_months is not None and rules.yearly_entitlement is not None:
        raise Refusal(Reason.OVERTIME_BESIDE_GRANT, field="yearly_days")
    if valid_from < uow.today():
        raise Refusal(Reason.RULES_NOT_BACKDATED, field="valid_from", earliest=uow.today())
    found = uow.session.scalars(
        select(AbsenceTypeVersion).where(
            AbsenceTypeVersion.absence_type_id == row.id, AbsenceTypeVersion.valid_from == valid_from
        )
    ).one_or_none()
    if found is None:
        found = AbsenceTypeVersion(
            id=uuid4(), absence_type_id=row.id, valid_from=valid_from, **_columns(rules)
        )
        uow.session.add(found)
    for name, value in _columns(rules).items():
        setattr(found, name, value)
    found.author_id = uow.actor.employee_id
    audit.record(uow, audit.Action.ABSENCE_TYPE_RULES_CHANGED, subject=found)


def drop_planned(uow: UnitOfWork, type_id: UUID, rules_id: UUID) -> None:
    """Takes back rules that do not hold yet."""
    row = _locked(uow, type_id)
    version = access.one_or_refuse(
        uow,
        select(AbsenceTypeVersion).where(
            AbsenceTypeVersion.id == rules_id,
            AbsenceTypeVersion.absence_type_id == row.id,
            AbsenceTypeVersion.valid_from > uow.today(),
        ),
    )
    uow.session.delete(version)
    audit.record(uow, audit.Action.ABSENCE_TYPE_RULES_DROPPED, subject=version)


def _record(uow: UnitOfWork, row: AbsenceType, versions: list[Version]) -> TypeRecord:
    today = uow.today()
    begun = [version for version, _author in versions if version.valid_from <= today]
    current = begun[0] if begun else None
    history = [
        RulesLine(
            id=version.id,
            valid_from=version.valid_from,
            rules=rules_in(version),
            author=author,
            planned=version.valid_from > today,
            current=version is current,
        )
        for version, author in versions
    ]
    history.append(RulesLine(None, None, rules_in(row), "", planned=False, current=current is None))
    rules = rules_on(rules_in(row), dated_rules(versions), today)
    overtime = OvertimeRules.of(row.overtime_months, row.overtime_cap, of_roster=row.overtime_of_roster)
    return TypeRecord(type_facts(row), row.retired_on, overtime, row.uses_future_accrual, rules, history)


def _columns(rules: TypeRules) -> dict[str, object]:
    return {
        "yearly_entitlement": rules.yearly_entitlement,
        "needs_approval": rules.needs_approval,
        "cancel_needs_approval": rules.cancel_needs_approval,
        "unit": rules.unit,
        "half_days": rules.unit is not Unit.DAY,
        "colleagues_see": rules.colleagues_see,
        "notice_days": rules.notice_days,
        "longest_days": rules.longest_days,
        "overdraft": rules.overdraft,
        "proof_from_days": rules.proof_from_days,
        "counts_as_worked": rules.counts_as_worked,
        "counts_up_to_limit": rules.counts_up_to_limit,
        "sickness": rules.sickness,
        "alarm_days": rules.alarm_days,
        "substitutes": rules.substitutes,
    }


def _look_columns(look: TypeLook) -> dict[str, object]:
    return {"name": look.name, "code": look.code, "colour": look.colour, "retired_on": look.retired_on}


def _locked(uow: UnitOfWork, type_id: UUID) -> AbsenceType:
    query = select(AbsenceType).where(AbsenceType.id == type_id).with_for_update(key_share=True)
    return access.one_or_refuse(uow, query)


def _refuse_taken(uow: UnitOfWork, code: str, *, but: UUID | None = None) -> None:
    same = select(AbsenceType.id).where(func.lower(AbsenceType.code) == code.lower())
    if set(uow.session.scalars(same)) - {but}:
        raise Refusal(Reason.ABSENCE_TYPE_CODE_TAKEN, field="code")

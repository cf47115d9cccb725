"""The database function by which new people go with their yearly grants: nobody else's ledger can be reached by it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal.domain.ledger import EntryKind
from portal.models import AbsenceType, Employee, LedgerEntry, RoleGrant
from portal.services import entitlements

REMOVE = text("SELECT remove_new_people(CAST(:people AS uuid[]))")


def newcomer(uow, email="new@acme.example") -> Employee:
    """Somebody with nothing but a row and what may lie in the ledger."""
    employee = Employee(email=email, first_name="New", last_name="Comer")
    uow.session.add(employee)
    uow.session.flush()
    return employee


def entry(uow, employee, kind=EntryKind.GRANT, **columns) -> LedgerEntry:
    bucket = entitlements.bucket_of(2026)
    row = LedgerEntry(
        id=uuid4(),
        employee_id=employee.id,
        absence_type_id=uow.session.scalars(select(AbsenceType.id).limit(1)).first(),
        kind=kind,
        amount=25000,
        effective_date=date(2026, 1, 1),
        origin_year=bucket.origin_year,
        usable_from=bucket.usable_from,
        usable_through=bucket.usable_through,
        rule="yearly",
        reason="",
        **columns,
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def remove(uow, *people_ids) -> int:
    return uow.session.execute(REMOVE, {"people": [str(one) for one in people_ids]}).scalar_one()


def entries(uow, employee_id) -> int:
    return uow.session.scalar(
        select(func.count()).select_from(LedgerEntry).where(LedgerEntry.employee_id == employee_id)
    )


def test_a_newcomer_goes_with_the_grants(as_, cast):
    with as_(cast.ana) as uow:
        one = newcomer(uow)
        entry(uow, one)
        assert remove(uow, one.id) == 1
        assert entries(uow, one.id) == 0
        assert uow.session.scalar(select(Employee.id).where(Employee.id == one.id)) is None


HELD = {
    "an older grant": lambda uow, one: entry(uow, one, created_at=uow.clock.now() - timedelta(days=900)),
    "a correction": lambda uow, one: entry(uow, one, EntryKind.ADJUST),
    "something that expired": lambda uow, one: entry(uow, one, EntryKind.EXPIRE),
    "a role": lambda uow, one: uow.session.add(
        RoleGrant(employee_id=one.id, role_id=uow.session.scalars(select(RoleGrant.role_id).limit(1)).first())
    ),
    "an entry that they wrote": lambda uow, one: entry(
        uow, newcomer(uow, "x@acme.example"), author_id=one.id
    ),
}


@pytest.mark.parametrize("what", HELD)
def test_whoever_anything_else_rests_on_stays_with_the_whole_ledger(as_, cast, what):
    with as_(cast.ana) as uow:
        one = newcomer(uow)
        entry(uow, one)
        HELD[what](uow, one)
        uow.session.flush()
        before = entries(uow, one.id)
        with pytest.raises(DBAPIError, match="foreign key"), uow.session.begin_nested():
            remove(uow, one.id)
        assert entries(uow, one.id) == before


def test_one_who_has_to_stay_keeps_all_others(as_, cast):
    with as_(cast.ana) as uow:
        one, other = newcomer(uow), newcomer(uow, "other@acme.example")
        entry(uow, one)
        entry(uow, other)
        entry(uow, other, EntryKind.ADJUST)
        with pytest.raises(DBAPIError, match="foreign key"), uow.session.begin_nested():
            remove(uow, one.id, other.id)
        assert (entries(uow, one.id), entries(uow, other.id)) == (1, 2)


def test_another_company_is_out_of_reach(as_, cast):
    """T99, T103: the company is the one that the transaction is bound to, and without one there is nobody."""
    with as_(cast.ana) as uow:
        one = newcomer(uow)
        entry(uow, one)
        one_id = one.id
    with as_(cast.zoe) as uow:
        assert remove(uow, one_id) == 0
        uow.session.execute(text("SELECT set_config('app.company_id', '', true)"))
        assert remove(uow, one_id) == 0
    with as_(cast.ana) as uow:
        assert entries(uow, one_id) == 1
        assert uow.session.get(Employee, (cast.acme.id, one_id)) is not None

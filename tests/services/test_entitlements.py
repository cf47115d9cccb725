"""Yearly grants and HR's corrections, with worked numbers."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.ledger import EntryKind
from portal.domain.refusals import Reason, Refusal
from portal.models import AuditEvent, Employment, LedgerEntry
from portal.services import balances, entitlements
from portal.services.ledger_rules import read_rule
from tests.factories.absences import grant, vacation
from tests.factories.people import make_employee


def rows_of(uow, employee_id):
    query = select(LedgerEntry).where(LedgerEntry.employee_id == employee_id).order_by(LedgerEntry.amount)
    return uow.session.scalars(query).all()


def hire(uow, start_date, end_date=None, pattern=None):
    employee = make_employee(uow, f"{uuid4().hex}@acme.example", "New", "Person", pattern=pattern)
    employment = uow.session.scalars(select(Employment).where(Employment.employee_id == employee.id)).one()
    employment.start_date, employment.end_date = start_date, end_date
    uow.session.flush()
    return employee


def test_a_full_year_of_full_time_is_the_whole_entitlement(as_, cast):
    with as_(cast.ana) as uow:
        assert grant(uow, cast.eve.employee_id) == 1
        (row,) = rows_of(uow, cast.eve.employee_id)
    assert (row.kind, row.amount, row.origin_year) == (EntryKind.GRANT, 25_000, 2026)
    assert (row.usable_from, row.usable_through) == (date(2026, 1, 1), date(2026, 12, 31))
    assert row.author_id == cast.ana.employee_id


@pytest.mark.parametrize(
    ("start_date", "end_date", "pattern", "amount"),
    [
        # 25 x 306/365 = 20.958..., up to half a day.
        (date(2026, 3, 1), None, None, 21_000),
        # 25 x 181/365 = 12.397...
        (date(2020, 1, 1), date(2026, 6, 30), None, 12_500),
        # Three days a week: 25 x 3/5.
        (date(2020, 1, 1), None, [480, 480, 480, 0, 0, 0, 0], 15_000),
        # One day: 25/365 = 0.068...
        (date(2026, 12, 31), None, None, 500),
    ],
)
def test_part_of_a_year_is_granted_pro_rata_and_explained(as_, cast, start_date, end_date, pattern, amount):
    with as_(cast.ana) as uow:
        employee = hire(uow, start_date, end_date, pattern)
        grant(uow, employee.id)
        (row,) = rows_of(uow, employee.id)
    rule = read_rule(row.rule)
    assert row.amount == amount
    assert row.effective_date == max(start_date, date(2026, 1, 1))
    assert (rule.name, rule.yearly_amount, rule.rounding, rule.grain) == ("yearly-grant", 25_000, "up", 500)
    assert rule.exact <= amount < rule.exact + 500


def test_granting_again_adds_nothing(as_, cast):
    """T157: however often the import, HR and the operator grant a year, it is granted once."""
    with as_(cast.ana) as uow:
        assert grant(uow, cast.eve.employee_id, cast.otto.employee_id) == 2
        assert grant(uow, cast.eve.employee_id) == 0
        assert entitlements.grant_year(uow, cast.otto.employee_id, 2026) == 0
        assert grant(uow, cast.eve.employee_id, years=(2026, 2027)) == 1
        assert len(rows_of(uow, cast.eve.employee_id)) == 2


def test_who_left_before_the_year_is_granted_nothing(as_, cast):
    with as_(cast.ana) as uow:
        employee = hire(uow, date(2020, 1, 1), date(2025, 12, 31))
        assert grant(uow, employee.id) == 0


def test_everybody_is_granted_in_one_run_and_one_event(as_, cast, statements):
    with as_(cast.ana) as uow:
        people = [hire(uow, date(2021, 1, 1)) for _ in range(12)]
        statements.clear()
        assert entitlements.grant_year_for_all(uow, 2026) == len(people) + 5
        uow.session.flush()
        assert len(statements) <= 8
    with as_(cast.ana) as uow:
        event = uow.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert event.action == "entitlement.granted"


def test_a_correction_is_a_row_with_a_reason(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        values = {
            "absence_type_id": vacation(uow).id,
            "year": 2026,
            "amount": -1_500,
            "reason": "Carried by mistake",
        }
        entry_id = uuid4()
        first = entitlements.adjust(uow, entry_id, cast.eve.employee_id, **values)
        again = entitlements.adjust(uow, entry_id, cast.eve.employee_id, **values)
        assert first is again
        uow.session.flush()
        (balance,) = balances.balances_of(uow, cast.eve.employee_id)
        assert (balance.granted, balance.available) == (23_500, 23_500)
        assert [row.amount for row in rows_of(uow, cast.eve.employee_id)] == [-1_500, 25_000]


def test_nobody_corrects_their_own_balance(as_, cast):
    """T88: HR's right reaches everybody but themselves."""
    with as_(cast.ana) as uow, pytest.raises(Refusal) as refused:
        entitlements.adjust(
            uow,
            uuid4(),
            cast.ana.employee_id,
            absence_type_id=vacation(uow).id,
            year=2026,
            amount=9_000,
            reason="Me",
        )
    assert refused.value.reason is Reason.OWN_REQUEST


@pytest.mark.parametrize("member", ["mats", "eve"])
def test_only_hr_corrects(as_, cast, member):
    """T89: a manager who may see a ledger may still not write into it."""
    with as_(getattr(cast, member)) as uow, pytest.raises(Refusal) as refused:
        entitlements.adjust(
            uow,
            uuid4(),
            cast.pia.employee_id,
            absence_type_id=vacation(uow).id,
            year=2026,
            amount=9_000,
            reason="x",
        )
    assert refused.value.reason is Reason.NOT_FOUND


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"reason": "  "}, Reason.MISSING, "reason"),
        ({"reason": "x" * 501}, Reason.TOO_LONG, "reason"),
        ({"amount": 0}, Reason.MISSING, "amount"),
        ({"amount": 10**9}, Reason.MISSING, "amount"),
        ({"year": 1}, Reason.DATE_OUT_OF_RANGE, "year"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(as_, cast, change, reason, field):
    with as_(cast.ana) as uow:
        values = {"absence_type_id": vacation(uow).id, "year": 2026, "amount": 500, "reason": "Why", **change}
        with pytest.raises(Refusal) as refused:
            entitlements.adjust(uow, uuid4(), cast.eve.employee_id, **values)
    assert (refused.value.reason, refused.value.field) == (reason, field)

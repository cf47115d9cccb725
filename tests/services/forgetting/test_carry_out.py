"""A person is forgotten: at once what may go, later what must stay, and nothing that says who it was (P16)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal.domain.refusals import Reason, Refusal
from portal.jobs import retention as nightly
from portal.models import (
    Absence,
    AuditEvent,
    Confirmation,
    Employee,
    ErasureRequest,
    ErasureStep,
    LedgerEntry,
    PhoneFactor,
    SignInSession,
)
from portal.services import audit_log, data_map
from portal.services.forgetting import holds, plans, requests
from tests.services.forgetting.conftest import NAME, TRACES, approve, leave, where


def request_of(as_, cast, request_id) -> ErasureRequest:
    with as_(cast.ana) as uow:
        return uow.session.get(ErasureRequest, (cast.acme.id, request_id))


def test_nothing_says_who_it_was_once_claims_have_lapsed(eve_left, cast, as_, hr, carry_out):
    """Left in 2022, so everything may go: no table holds a name, an address or a word of hers, nor the log."""
    leave(as_, cast, date(2022, 5, 31))
    before = where(as_, cast)
    assert {"employee", "absence", "audit.event", "confirmation", "sign_in_attempt"} <= before
    request_id = approve(cast, as_, hr)
    carry_out(request_id)
    assert where(as_, cast) == set()
    assert request_of(as_, cast, request_id).status == "erased"


def test_the_chain_of_the_log_is_whole_and_empty_of_the_person(approved, cast, as_, carry_out):
    with as_(cast.ana) as uow:
        assert audit_log.verify(uow).intact
    carry_out(approved)
    with as_(cast.ana) as uow:
        assert audit_log.verify(uow).intact
        rows = uow.session.scalars(
            select(AuditEvent).where(AuditEvent.actor_id == cast.eve.employee_id)
        ).all()
        assert rows, "the events themselves stay"
        assert all(one.payload is None and one.salt is None and one.ip is None for one in rows)
        others = select(func.count()).select_from(AuditEvent).where(AuditEvent.payload.is_not(None))
        assert uow.session.scalar(others) > 0, "what others did to others stays"


def test_names_wait_until_claims_have_lapsed_and_the_rest_goes_at_once(
    approved, cast, as_, carry_out, clock, app
):
    carry_out(approved)
    with as_(cast.ana) as uow:
        eve = uow.session.get(Employee, (cast.acme.id, cast.eve.employee_id))
        assert (eve.last_name, eve.phone_sealed, eve.job_title) == (NAME, None, None)
        assert eve.email.endswith("@erased.invalid")
        assert uow.session.scalar(select(Absence.note).where(Absence.employee_id == eve.id)) is None
        assert uow.session.scalar(select(Confirmation.ip)) == "192.0.2.77", "the proof is needed that long"
        assert set(uow.session.scalars(select(LedgerEntry.reason))) == {""}
        for model in (SignInSession, PhoneFactor):
            mine = select(func.count()).select_from(model).where(model.employee_id == eve.id)
            assert uow.session.scalar(mine) == 0
    assert request_of(as_, cast, approved).status == "partly"
    clock.move_to(datetime(2029, 12, 31, 12, tzinfo=UTC))
    with app.app_context():
        nightly.run()
    assert where(as_, cast), "31 December is the last day of keeping"
    clock.move_to(datetime(2030, 1, 1, 12, tzinfo=UTC))
    with app.app_context():
        nightly.run()
    assert where(as_, cast) == set()
    assert request_of(as_, cast, approved).status == "erased"


def test_what_stays_is_counted_under_a_pseudonym(approved, cast, as_, carry_out):
    """Absences, shifts and confirmations still count; they are of a row without a name."""
    with as_(cast.ana) as uow:
        before = uow.session.scalar(select(func.sum(Absence.charge)))
    carry_out(approved)
    with as_(cast.ana) as uow:
        assert uow.session.scalar(select(func.sum(Absence.charge))) == before
        assert uow.session.scalar(select(func.count()).select_from(Confirmation)) == 1


def test_colleagues_are_untouched(approved, cast, as_, carry_out):
    with as_(cast.ana) as uow:
        before = _others(uow, cast)
    carry_out(approved)
    with as_(cast.ana) as uow:
        assert _others(uow, cast) == before
    with as_(cast.zoe) as uow:
        assert uow.session.scalar(select(func.count()).select_from(Employee)) == 4


def test_done_again_it_changes_nothing(approved, cast, as_, carry_out):
    """T150: the job that is taken up after a kill repeats nothing."""
    carry_out(approved)
    with as_(cast.ana) as uow:
        steps = dict(uow.session.execute(select(ErasureStep.id, ErasureStep.done_at)).all())
        events = uow.session.scalar(select(func.count()).select_from(AuditEvent))
    carry_out(approved)
    with as_(cast.ana) as uow:
        assert dict(uow.session.execute(select(ErasureStep.id, ErasureStep.done_at)).all()) == steps
        assert uow.session.scalar(select(func.count()).select_from(AuditEvent)) == events


def test_every_table_of_people_has_its_step_or_stays_named(eve_left, cast, as_):
    """No table is forgotten by the plan: deleted, emptied, or said to stay."""
    with as_(cast.ana) as uow:
        eve = uow.session.get(Employee, (cast.acme.id, eve_left))
        plan = plans.make(uow, eve)
    planned = {one.table for one in plan.parts} | {table for table, _ in plan.stays}
    empty = {
        "published_shift",
        "shift",
        "employment",
        "team_membership",
        "absence_part",
        "absence_substitute",
        "distribution_recipient",
        "staffing_rule_part",
        "step_approver",
    }
    assert {one.table for one in data_map.CARDS.values() if one.of_people} - planned <= empty
    assert {one.table for one in plan.later} == {"employee", "confirmation"}
    assert {one.due_on for one in plan.later} == {date(2030, 1, 1)}


def test_history_is_erased_for_nobody_without_a_second_look(eve_left, cast, as_):
    """The functions of the database ask for an approved request themselves."""
    for statement in (
        "SELECT erase_history(:person, 'ledger_entry')",
        "SELECT audit.redact(:person)",
    ):
        with pytest.raises(DBAPIError, match="no approved request"), as_(cast.ana) as uow:
            uow.session.execute(text(statement), {"person": eve_left})


def test_a_hold_stops_it_also_half_way(approved, cast, as_, carry_out):
    with as_(cast.ana) as uow:
        holds.place(uow, email="eve@acme.example", reason="A lawsuit", until_date=None)
    carry_out(approved)
    assert "eve@acme.example" in str(where(as_, cast) and TRACES)
    assert request_of(as_, cast, approved).status == "erasing"
    with as_(cast.ana) as uow:
        [hold] = [one for one in holds.list_all(uow) if one.employee_id == cast.eve.employee_id]
        holds.lift(uow, hold.id)
    carry_out(approved)
    assert request_of(as_, cast, approved).status == "partly"


def test_whoever_is_held_cannot_be_planned(eve_left, cast, as_):
    with as_(cast.ana) as uow:
        holds.place(uow, email="eve@acme.example", reason="A lawsuit", until_date=date(2026, 6, 15))
        request_id = requests.enter(uow, email="eve@acme.example", received_on=uow.today())
    with pytest.raises(Refusal) as refused, as_(cast.ana) as uow:
        requests.plan(uow, request_id, version=1)
    assert refused.value.reason is Reason.LEGAL_HOLD


def _others(uow, cast):
    return uow.session.execute(
        select(Employee.id, Employee.email, Employee.last_name)
        .where(Employee.id != cast.eve.employee_id)
        .order_by(Employee.id)
    ).all()

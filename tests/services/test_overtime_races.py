"""Overtime decided from many sides at once, each in a transaction of its own: one winner, and the hours count once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from portal.db import db
from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.approvals import ApproverKind, StepMode, StepRule, StepStatus, SubjectKind
from portal.domain.overtime import OvertimeRules, OvertimeStatus
from portal.models import ApprovalStep, LedgerEntry, OvertimeCredit
from portal.services import absence_types, overtime, overtime_types
from portal.services.absence_types import TypeLook
from portal.services.approvals import escalation, rules
from portal.services.overtime import Worked
from tests.services.test_absence_races import track  # noqa: F401
from tests.web.overtime.test_overtime import WORKED

MANAGER, HR = StepRule(ApproverKind.LINE_MANAGER), StepRule(ApproverKind.HR)


@pytest.fixture
def lieu(track):  # noqa: F811
    with track.by(track.cast.ana) as uow:
        kind = absence_types.create(uow, TypeLook("Time in lieu", "TL", "pink"), TypeRules(unit=Unit.HOUR), counting=CountingMethod.HOURS)  # fmt: skip  # noqa: E501
        uow.session.flush()
        overtime_types.set_rules(uow, kind.id, OvertimeRules(6, cap=600))
        return kind.id


@pytest.fixture
def paused(track):  # noqa: F811
    """Each transaction sleeps before it writes: whoever read without a lock has read too early."""
    with track.app.app_context():
        engine = db.engine

    @event.listens_for(engine, "before_cursor_execute")
    def pause(connection, _cursor, statement, *_rest) -> None:
        if statement.startswith(
            ("INSERT INTO ledger_entry", "UPDATE overtime_credit", "UPDATE step_approver")
        ):
            connection.connection.cursor().execute("SELECT pg_sleep(0.05)")


def proposed(track, lieu, *steps):  # noqa: F811
    with track.by(track.cast.ana) as uow:
        rules.change(uow, lieu, list(steps), valid_from=uow.today(), kind=SubjectKind.OVERTIME)
    with track.by(track.cast.eve) as uow:
        return overtime.propose(uow, uuid4(), Worked(lieu, WORKED, 120)).id


def outcome_of(track, credit_id):  # noqa: F811
    with track.by(track.cast.ana) as uow:
        status = uow.session.scalars(
            select(OvertimeCredit.status).where(OvertimeCredit.id == credit_id)
        ).one()
        booked = select(func.count()).where(LedgerEntry.overtime_credit_id == credit_id)
        return status, uow.session.scalar(booked)


def test_booked_and_declined_at_once(track, paused, lieu):  # noqa: F811
    """T151: one decision counts, the ledger holds it once."""
    cast, credit_id = track.cast, proposed(track, lieu)
    attempts = [
        (cast.mats if number % 2 else cast.ana, lambda uow, verb=verb: verb(uow, credit_id, version=1))
        for number, verb in enumerate([overtime.approve, overtime.decline] * 2)
    ]
    assert track.race(*attempts) == ["already-decided"] * 3 + ["done"]
    status, rows = outcome_of(track, credit_id)
    assert rows == (1 if status is OvertimeStatus.BOOKED else 0)


def test_agreed_and_taken_back_at_once(track, paused, lieu):  # noqa: F811
    """T152: of a step that passes and an owner who takes it back one wins; it never waits and is over."""
    cast, credit_id = track.cast, proposed(track, lieu, MANAGER, HR)
    outcome = track.race(
        (cast.mats, lambda uow: overtime.approve(uow, credit_id, version=1)),
        (cast.eve, lambda uow: overtime.drop(uow, credit_id, version=1)),
    )
    assert outcome in (["already-decided", "done"], ["changed-meanwhile", "done"])
    status, rows = outcome_of(track, credit_id)
    open_steps = track.count(
        select(func.count()).select_from(ApprovalStep).where(ApprovalStep.status == StepStatus.OPEN)
    )
    assert (status, open_steps, rows) in ((OvertimeStatus.PROPOSED, 1, 0), (OvertimeStatus.DROPPED, 0, 0))


def test_two_of_two_agree_at_once(track, paused, lieu):  # noqa: F811
    """T151: the second sees that the first was faster, and books nothing by a version of before."""
    with track.by(track.cast.ana) as uow:
        people = {key: role_id for role_id, (key, _) in rules.named(uow, []).roles.items()}
    cast = track.cast
    both = StepRule(ApproverKind.ROLE, people["employee"], StepMode.SOME, at_least=2)
    credit_id = proposed(track, lieu, both)
    outcome = track.race(
        *((one, lambda uow: overtime.approve(uow, credit_id, version=1)) for one in (cast.mats, cast.otto))
    )
    assert outcome == ["changed-meanwhile", "done"]
    assert outcome_of(track, credit_id) == (OvertimeStatus.PROPOSED, 0)


def test_decided_while_more_people_are_asked(track, paused, lieu):  # noqa: F811
    """T152: the nightly job adds nobody to what is decided, and keeps no decision from being made."""
    cast, credit_id = track.cast, proposed(track, lieu)
    track.staffroom.clock.advance(timedelta(days=8))
    outcome = track.race(
        (cast.mats, lambda uow: overtime.approve(uow, credit_id, version=1)),
        (cast.ana, escalation.escalate),
    )
    assert outcome == ["done", "done"]
    assert outcome_of(track, credit_id) == (OvertimeStatus.BOOKED, 1)

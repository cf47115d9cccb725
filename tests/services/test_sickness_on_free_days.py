"""Who is ill on days that are free anyway is ill all the same: it costs nothing, and other time off gives way."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.domain.refusals import Reason, Refusal
from portal.models import AbsencePart, AuditEvent, LedgerEntry
from portal.services.absence_wishes import Wish
from portal.services.sickness import changing, reporting
from tests.factories.absences import grant, sickness_type

SATURDAY, SUNDAY, MONDAY = date(2026, 8, 8), date(2026, 8, 9), date(2026, 8, 10)


@pytest.fixture
def kind(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        return sickness_type(uow, proof_from_days=4, alarm_days=42)


def test_sickness_on_free_days_is_previewed_and_reported_at_no_cost(as_, cast, kind):
    with as_(cast.eve) as uow:
        wish = Wish(kind, SATURDAY, SUNDAY)
        preview = reporting.preview(uow, wish)
        assert (preview.problem, preview.total) == (None, 0)
        before = len(uow.session.scalars(select(LedgerEntry)).all())
        absence = reporting.report(uow, uuid4(), wish).absence
        uow.session.flush()
        assert (absence.status, absence.sick, absence.charge) == (AbsenceStatus.APPROVED, True, 0)
        parts = uow.session.scalars(select(AbsencePart).where(AbsencePart.absence_id == absence.id)).all()
        assert {(part.date, part.charge, part.live) for part in parts} == {
            (SATURDAY, 0, True),
            (SUNDAY, 0, True),
        }
        assert len(uow.session.scalars(select(LedgerEntry)).all()) == before
    with as_(cast.ana) as uow:
        assert "absence.reported" in set(uow.session.scalars(select(AuditEvent.action)))


def test_such_a_report_is_made_longer_ended_earlier_and_taken_back(as_, cast, kind):
    with as_(cast.eve) as uow:
        absence = reporting.report(uow, uuid4(), Wish(kind, SATURDAY, SUNDAY)).absence
        changing.extend(uow, absence.id, MONDAY, version=absence.version)
        uow.session.flush()
        assert absence.charge == 1000
        changing.undo(uow, absence.id, version=absence.version)
        uow.session.flush()
        assert absence.status is AbsenceStatus.CANCELLED


def test_what_else_stands_against_a_report_still_refuses_it(as_, cast, kind):
    with as_(cast.eve) as uow:
        reporting.report(uow, uuid4(), Wish(kind, SATURDAY, SUNDAY))
        with pytest.raises(Refusal) as refused:
            reporting.report(uow, uuid4(), Wish(kind, SUNDAY, SUNDAY))
    assert refused.value.reason is not Reason.ABSENCE_COSTS_NOTHING

"""The log tells that something private was written, never what: its readers may know less than its writers."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.models import AuditEvent
from portal.services import absences
from tests.factories.absences import ask, grant

WORDS = "Blinddarm-Operation"


@pytest.fixture
def log(as_, cast):
    """Every payload of Acme's log as one text."""

    def read() -> str:
        with as_(cast.ana) as uow:
            return "\n".join(uow.session.scalars(select(AuditEvent.payload)))

    return read


def test_the_reason_of_an_absence_is_not_in_the_log(as_, cast, log):
    """T87: an admin reads the log but may not read reasons; neither the wish's nor the decision's."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        absence = ask(uow, date(2026, 7, 13), note=WORDS)
    with as_(cast.mats) as uow:
        absences.reject(uow, absence.id, version=1, note=f"No {WORDS}")
    text = log()
    assert WORDS not in text
    assert '"note": [null, "changed"]' in text
    assert '"decision_note": [null, "changed"]' in text

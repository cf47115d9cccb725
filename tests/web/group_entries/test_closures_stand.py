"""What a closure has entered stands: its owner is told so, HR takes it back, and the calendar names it."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.group_entries import GroupKind
from portal.domain.periods import Part
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, GroupEntry
from portal.services import absence_replacements, absences
from tests.factories.absences import ask, grant, wish

MONDAY, TUESDAY = date(2026, 8, 3), date(2026, 8, 4)


@pytest.fixture
def closed(as_, cast):
    """Eve's share of a summer closure, as the closure writes it."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        absence = ask(uow, MONDAY, TUESDAY)
    with as_(cast.mats) as uow:
        absences.approve(uow, absence.id, version=1)
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(Absence).where(Absence.id == absence.id)).one()
        entry = GroupEntry(
            kind=GroupKind.CLOSURE,
            name="Summer closure",
            absence_type_id=row.absence_type_id,
            start_date=MONDAY,
            end_date=TUESDAY,
            first_part=Part.FULL,
            last_part=Part.FULL,
        )
        uow.session.add(entry)
        uow.session.flush()
        row.group_entry_id = entry.id
    return absence.id


def test_its_owner_reads_why_not_and_hr_takes_it_back(client, as_, cast, closed):
    page = client.sign_in(cast.eve).page(f"absences/{closed}")
    assert "Summer closure. Only HR can take it back." in page
    assert "Cancel time off" not in page and "Give days back" not in page and "Move or change" not in page
    assert client.get(f"c/acme/absences/{closed}/replacement").status_code == 422
    with as_(cast.eve) as uow, pytest.raises(Refusal) as refused:
        absence_replacements.ask(uow, uuid4(), closed, wish(uow, TUESDAY), version=2)
    assert refused.value.reason is Reason.CLOSURE_STANDS
    for call in (
        lambda uow: absences.cancel(uow, closed, version=2),
        lambda uow: absences.give_back(uow, closed, {TUESDAY}, version=2),
    ):
        for member in (cast.eve, cast.mats):
            with as_(member) as uow, pytest.raises(Refusal) as refused:
                call(uow)
            assert refused.value.reason is Reason.CLOSURE_STANDS
    answer = client.send(f"absences/{closed}/cancellation", {"version": "2"})
    assert "belongs to a closure (Summer closure)" in answer.get_data(as_text=True)
    with as_(cast.ana) as uow:
        absences.cancel(uow, closed, version=2)
    page = client.page(f"absences/{closed}")
    assert "Summer closure" in page and "Only HR can take it back" not in page


def test_the_calendar_names_it(client, cast, closed):
    page = client.sign_in(cast.mats).page("calendar?month=2026-08")
    assert "Closed: Summer closure" in page and "Vacation, Summer closure" in page

"""HR enters an absence for somebody: it counts at once, the person is told, the log says who did it."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.domain.absence_types import TypeRules
from portal.domain.absences import AbsenceStatus
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, AuditEvent, LedgerEntry
from portal.services import absence_entries, absence_types
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from tests.factories.absences import ask, grant, vacation
from tests.fixtures.letters import latest


@pytest.fixture
def form(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        kind = vacation(uow).id
    return {
        "key": str(uuid4()),
        "absence_type_id": str(kind),
        "start_date": "2026-06-08",
        "end_date": "2026-06-09",
        "first_part": "full",
        "last_part": "full",
        "note": "By telephone",
    }


def test_it_counts_at_once_and_twice_is_once(client, as_, cast, form):
    """T157; the days are over already, as with sickness: no notice binds who enters it."""
    client.sign_in(cast.ana)
    path = f"people/{cast.eve.employee_id}/absences"
    assert "Enter an absence" in client.page(f"people/{cast.eve.employee_id}/ledger")
    assert "Enter an absence: Eve" in client.page(f"{path}/new")
    assert "2 days" in client.send(f"{path}/preview", form).text
    assert [client.send(path, form).status_code for _ in range(2)] == [303, 303]
    with as_(cast.ana) as uow:
        absence = uow.session.scalars(select(Absence)).one()
        assert (absence.id, absence.status) == (UUID(form["key"]), AbsenceStatus.APPROVED)
        assert absence.requested_by_id == absence.decided_by_id == cast.ana.employee_id
        taken = select(LedgerEntry.amount).where(LedgerEntry.absence_id == absence.id)
        assert uow.session.scalars(taken).all() == [-1000, -1000]
        event = uow.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
        assert (event.action, event.subject_id) == ("absence.entered", absence.id)
        for member in (cast.eve, cast.mats):
            assert "has entered an absence of" in latest(uow, member.email).text
    assert "Absence entered for somebody else" in client.page("audit")


def test_what_the_person_could_not_have_nobody_enters(client, as_, cast, form):
    """T154: time that is taken already is refused with the reason at the form."""
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 6, 9))
    answer = client.sign_in(cast.ana).send(f"people/{cast.eve.employee_id}/absences", form)
    assert answer.status_code == 422 and "already requested or approved" in answer.text


def test_notice_does_not_bind_who_enters_for_others(as_, cast):
    with as_(cast.ana) as uow:
        row = absence_types.create(uow, TypeLook("Study", "ST", "teal"), TypeRules(notice_days=30))
        uow.session.flush()
        wish = Wish(row.id, date(2026, 6, 16), date(2026, 6, 16))
        entered = absence_entries.enter(uow, uuid4(), cast.eve.employee_id, wish)
        assert entered.status is AbsenceStatus.APPROVED


@pytest.mark.parametrize(("member", "status"), [("eve", 403), ("mats", 403), ("pia", 403), ("zoe", 303)])
def test_only_who_may_enters_for_others(client, as_, cast, form, member, status):
    """T89: for whom it counts is never up to a form of somebody without the right."""
    client.sign_in(cast.people[member])
    assert client.send(f"/c/acme/people/{cast.eve.employee_id}/absences", form).status_code == status
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(Absence)).all() == []


def test_nobody_enters_their_own(as_, cast, form):
    """T88: what one may not approve oneself one does not enter either."""
    with as_(cast.ana) as uow:
        wish = Wish(vacation(uow).id, date(2026, 8, 3), date(2026, 8, 3))
        with pytest.raises(Refusal) as refused:
            absence_entries.enter(uow, uuid4(), cast.ana.employee_id, wish)
    assert refused.value.reason is Reason.OWN_REQUEST

"""Other days instead of approved time off: the old ones count until somebody has decided, then the new ones do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.domain.periods import Part
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, AbsencePart
from portal.services import absence_replacements, absences, balances, entitlements
from tests.factories.absences import ask, grant, vacation, wish
from tests.fixtures.letters import latest

MONDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 7)
LATER, LATEST = date(2026, 8, 6), date(2026, 8, 13)


@pytest.fixture
def approved(as_, cast):
    """Eve is off from Monday to Friday, agreed by Mats."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        absence = ask(uow, MONDAY, FRIDAY)
    with as_(cast.mats) as uow:
        absences.approve(uow, absence.id, version=1)
    return absence.id


def move(uow, absence_id, first=LATER, last=LATEST, *, version=2, new_id=None, **more):
    asked = absence_replacements.ask(uow, new_id or uuid4(), absence_id, wish(uow, first, last, **more), version=version)  # fmt: skip  # noqa: E501
    uow.session.flush()
    return asked


def refusal_of(call, *arguments, **named) -> Reason:
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    return refused.value.reason


def balance_of(uow, cast):
    (one,) = balances.balances_of(uow, cast.eve.employee_id)
    return one.planned, one.requested, one.available


def live_days(uow, absence_id) -> list[int]:
    query = select(AbsencePart.date).where(AbsencePart.absence_id == absence_id, AbsencePart.live)
    return sorted(one.day for one in uow.session.scalars(query))


def test_it_is_moved_as_one_change(client, as_, cast, approved):
    """2.8: the old one counts until the change is approved, and then exactly the new one."""
    client.sign_in(cast.eve)
    page = client.page(f"absences/{approved}")
    assert "Move or change it" in page
    form = client.page(f"absences/{approved}/replacement")
    assert 'value="2026-08-03"' in form and 'value="2026-08-07"' in form
    sent = {"key": str(uuid4()), "version": 2, "start_date": "2026-08-06", "first_part": "full", "end_date": "2026-08-13", "last_part": "full", "note": "Wedding"}  # fmt: skip  # noqa: E501
    priced = client.send(f"absences/{approved}/replacement/preview", sent)
    assert "5 days until now, 6 days instead: +1 day" in priced.text
    assert "25 days now, 19 days afterwards" in priced.text  # as if the old ones had been given up
    assert "25 days as things stand, 19 days after this" in priced.text  # and so is what lapses
    assert client.send(f"absences/{approved}/replacement", sent).status_code == 303
    assert client.send(f"absences/{approved}/replacement", sent).status_code == 303  # T157
    with as_(cast.ana) as uow:
        new = uow.session.scalars(select(Absence).where(Absence.replaces_id == approved)).one()
        # Five approved; of the six asked for, one goes beyond them.
        assert balance_of(uow, cast) == (5000, 1000, 19_000)
        assert live_days(uow, approved) == [3, 4, 5, 6, 7]
        assert live_days(uow, new.id) == [8, 9, 10, 11, 12, 13]
        assert latest(uow).subject.startswith("Change to decide: Eve ")
    page = client.page(f"absences/{approved}")
    assert "A change of this time off waits" in page and "Move or change it" not in page
    assert "Instead" not in client.page("absences")
    client.sign_in(cast.mats)
    waiting = client.page("absences/approvals")
    assert (
        "Instead of approved time off: 3–7 Aug 2026" in waiting and "+1 day compared with before" in waiting
    )
    assert client.send(f"absences/{new.id}/approval", {"version": 1}).status_code == 303
    with as_(cast.eve) as uow:
        assert balance_of(uow, cast) == (6000, 0, 19_000)
        assert live_days(uow, approved) == [] and live_days(uow, new.id) == [6, 7, 8, 9, 10, 11, 12, 13]
    old = client.sign_in(cast.eve).page(f"absences/{approved}")
    assert "Cancelled" in old and "Other days took its place." in old
    assert "In the place of" in client.page(f"absences/{new.id}")
    log = client.sign_in(cast.ana).page("audit")
    assert "Absence replaced by another one" in log and "instead of an approved absence" in log


@pytest.mark.parametrize("end", ["reject", "withdraw"])
def test_what_is_not_approved_leaves_everything_as_it_was(as_, cast, approved, end):
    with as_(cast.eve) as uow:
        new = move(uow, approved).id
        if end == "withdraw":
            absences.withdraw(uow, new, version=1)
    if end == "reject":
        with as_(cast.mats) as uow:
            absences.reject(uow, new, version=1)
    with as_(cast.eve) as uow:
        assert balance_of(uow, cast) == (5000, 0, 20_000)
        assert live_days(uow, approved) == [3, 4, 5, 6, 7] and live_days(uow, new) == []
        ask(uow, date(2026, 8, 10))  # the new days are free again
        move(uow, approved, MONDAY, date(2026, 8, 5))  # and another change may be asked for
        assert live_days(uow, approved) == []


def test_shorter_counts_at_once_and_nobody_is_asked(as_, cast, approved):
    with as_(cast.eve) as uow:
        new = move(uow, approved, MONDAY, FRIDAY, first_part=Part.PM)
        assert new.status is AbsenceStatus.APPROVED
        assert balance_of(uow, cast) == (4500, 0, 20_500)
        absences.cancel(uow, new.id, version=new.version)
        uow.session.flush()
        assert balance_of(uow, cast) == (0, 0, 25_000)


def test_cancelling_the_old_one_drops_the_change(as_, cast, approved):
    with as_(cast.eve) as uow:
        new = move(uow, approved).id
        assert refusal_of(move, uow, approved, version=2) is Reason.CHANGE_WAITS
        absences.cancel(uow, approved, version=2)
    with as_(cast.mats) as uow:
        assert refusal_of(absences.approve, uow, new, version=2) is Reason.ALREADY_DECIDED
        assert balance_of(uow, cast) == (0, 0, 25_000)
        assert live_days(uow, new) == []


def test_what_the_difference_cannot_pay_is_refused(as_, cast, approved):
    """T153: five days are taken, and one is left: two more cannot be had, moving the five can."""
    with as_(cast.ana) as uow:
        kind = vacation(uow).id
        entitlements.adjust(uow, uuid4(), cast.eve.employee_id, absence_type_id=kind, year=2026, amount=-19_000, reason="Test")  # fmt: skip  # noqa: E501
    with as_(cast.eve) as uow:
        refused = refusal_of(move, uow, approved, MONDAY, date(2026, 8, 11))
        assert refused is Reason.BALANCE_TOO_LOW
        new = move(uow, approved, date(2026, 8, 10), date(2026, 8, 17)).id
        assert balance_of(uow, cast) == (5000, 1000, 0)
        assert refusal_of(ask, uow, date(2026, 9, 1)) is Reason.BALANCE_TOO_LOW
    with as_(cast.mats) as uow:
        absences.approve(uow, new, version=1)
    with as_(cast.eve) as uow:
        assert balance_of(uow, cast) == (6000, 0, 0)


def test_days_that_have_begun_stay(as_, cast, approved, clock):
    clock.move_to(datetime(2026, 8, 5, 8, tzinfo=UTC))
    with as_(cast.eve) as uow:
        refused = refusal_of(move, uow, approved, date(2026, 8, 4), date(2026, 8, 10))
        assert refused is Reason.CHANGE_OF_PAST_DAYS
        assert refusal_of(move, uow, approved, MONDAY, FRIDAY) is Reason.ALREADY_SO
        longer = move(uow, approved, MONDAY, date(2026, 8, 10))
        assert longer.status is AbsenceStatus.REQUESTED and longer.charge == 6000


def test_only_the_owner_asks(client, as_, cast, approved):
    for other in (cast.mats, cast.ana, cast.otto):
        client.sign_in(other)
        assert client.get(f"c/acme/absences/{approved}/replacement").status_code == 404
    with as_(cast.eve) as uow:
        new = move(uow, approved).id
    client.sign_in(cast.eve)
    assert client.get(f"c/acme/absences/{new}/change").status_code == 403  # it is withdrawn and asked anew

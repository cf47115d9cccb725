"""What support changes where a company let it look and change: each change goes through, under the real name."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.support import Area
from portal.models import LedgerEntry, Shift, ShiftTemplate
from portal.services import audit_log

#: As the ledger counts: thousandths.
DAY = 1000


@pytest.fixture(scope="module")
def sam(house):
    """Come in to look at and change all that can be opened."""
    staff = house.staff("Sue1")
    house.inside(staff, house.cast.ana, *Area, writes=True)
    return staff


def stored(house, query):
    with house.as_(house.cast.ana) as uow:
        return list(uow.session.execute(query))


def by_whom(house, action):
    """The last event of this kind in Acme's log."""
    with house.as_(house.cast.ana) as uow:
        return next(one.email for one in audit_log.list_events(uow).events if one.action == action)


def test_a_balance_is_corrected(house, sam):
    eve = house.cast.eve.employee_id
    page = sam.get(f"/c/acme/people/{eve}/ledger").text
    kind = re.search(r'<option[^>]*value="([0-9a-f-]{36})"[^>]*>Vacation', page)
    fields = {"absence_type_id": kind[1], "year": "2026", "amount": "2", "reason": "On paper"}
    assert sam.post(f"/c/acme/people/{eve}/ledger/adjustments", fields).status_code == 303
    assert stored(house, select(LedgerEntry.amount).where(LedgerEntry.reason == "On paper")) == [(2 * DAY,)]
    assert by_whom(house, "ledger.adjusted") == sam.email


def test_a_year_is_granted(house, sam):
    otto = house.cast.otto.employee_id
    assert sam.post(f"/c/acme/people/{otto}/ledger/grants", {"year": "2027"}).status_code == 303
    assert stored(
        house, select(LedgerEntry.id).where(LedgerEntry.employee_id == otto, LedgerEntry.origin_year == 2027)
    )


def test_what_was_agreed_with_a_person_is_read_and_not_changed(house, sam):
    """T115: a correction is support's, an agreement about somebody's contract is the company's."""
    eve = house.cast.eve.employee_id
    page = sam.get(f"/c/acme/people/{eve}/agreed-entitlements")
    assert page.status_code == 200
    assert 'name="valid_from"' not in page.text
    assert "/removal" not in page.text
    assert sam.post(f"/c/acme/people/{eve}/agreed-entitlements", {"by": "own"}).status_code == 403


def test_a_shift_template_is_made_and_changed(house, sam):
    fields = {"code": "ZZ", "name": "Late", "starts": "14:00", "ends": "22:00", "break_minutes": "30"}
    fields["colour"] = "blue"
    assert sam.post("/c/acme/shift-templates", fields).status_code == 303
    ((template_id,),) = stored(house, select(ShiftTemplate.id).where(ShiftTemplate.code == "ZZ"))
    changed = sam.post(f"/c/acme/shift-templates/{template_id}", {**fields, "name": "Later"})
    assert changed.status_code == 303
    assert stored(house, select(ShiftTemplate.name).where(ShiftTemplate.code == "ZZ")) == [("Later",)]


def test_a_roster_is_drafted_and_filled_and_nothing_of_it_removed(house, sam):
    """T114: support deletes nothing, a shift of a draft neither."""
    eve = str(house.cast.eve.employee_id)
    made = sam.post("/c/acme/rosters", {"team_id": str(house.cast.teams["care"]), "month": "2027-03"})
    assert made.status_code == 303
    roster_id = made.location.rstrip("/").rpartition("/")[2]
    ((template_id,),) = stored(house, select(ShiftTemplate.id).where(ShiftTemplate.code == "E"))
    cell, target = (
        {"employee_id": eve, "date": "2027-03-02"},
        {"to_employee_id": eve, "to_date": "2027-03-03"},
    )
    added = sam.post(f"/c/acme/rosters/{roster_id}/shifts", {**cell, "template_id": str(template_id)})
    assert added.status_code == 303
    ((shift_id,),) = stored(house, select(Shift.id).where(Shift.roster_id == roster_id))
    shift = f"/c/acme/rosters/{roster_id}/shifts/{shift_id}"
    assert sam.post(f"{shift}/place", {**cell, **target}).status_code == 303
    assert sam.post(f"{shift}/removal", {**cell, "date": "2027-03-03"}).status_code == 403
    assert stored(house, select(Shift.date).where(Shift.roster_id == roster_id)) == [(date(2027, 3, 3),)]


def test_looking_alone_changes_nothing(house):
    """T117: the row that a correction holds is no way in either."""
    kim, eve = house.staff("Kim1"), house.cast.eve.employee_id
    house.inside(kim, house.cast.ana, *Area)
    for path in (
        f"people/{eve}/ledger/adjustments",
        f"people/{eve}/ledger/grants",
        "shift-templates",
        "rosters",
    ):
        assert kim.post(f"/c/acme/{path}", {"year": "2028"}).status_code == 403, path

"""Requests as sets of days and parts: single days, hours of a day, two halves of one day, the last half."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.periods import DayPart, Part
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, AbsencePart
from portal.services import absence_requests, absence_types, entitlements
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from tests.factories.absences import ask, grant, vacation

MONDAY, TUESDAY, THURSDAY = date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 6)
DAYS = "absences/days?first=2026-08-03&last=2026-08-09"


@pytest.fixture
def eve(client, as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        kind = vacation(uow).id
    client.sign_in(cast.eve)
    return {"key": str(uuid4()), "absence_type_id": str(kind), "note": ""}


def make(as_, cast, code, **rules):
    with as_(cast.ana) as uow:
        counting = CountingMethod.HOURS if rules.get("unit") is Unit.HOUR else CountingMethod.DAYS
        row = absence_types.create(
            uow, TypeLook(f"Type {code}", code, "orange"), TypeRules(**rules), counting=counting
        )
        uow.session.flush()
        return row.id


def test_single_days_are_chosen_without_javascript(client, as_, cast, eve):
    page = client.page("absences/days/new?first=2026-08-03&last=2026-08-09")
    assert "Mon 3 Aug 2026" in page and page.count("no working day") == 2
    chosen = {**eve, "day-2026-08-03": "full", "day-2026-08-06": "pm"}
    priced = client.send("absences/days/preview?first=2026-08-03&last=2026-08-09", chosen)
    assert "1.5 days" in priced.text
    assert client.send(DAYS, chosen).status_code == 303
    assert "single days" in client.page("absences")
    with as_(cast.ana) as uow:
        absence = uow.session.scalars(select(Absence)).one()
        assert (absence.id, absence.charge, absence.single_days) == (UUID(eve["key"]), 1500, True)
        parts = select(AbsencePart.date, AbsencePart.part).order_by(AbsencePart.date)
        assert uow.session.execute(parts).all() == [(MONDAY, Part.FULL), (THURSDAY, Part.PM)]
    assert client.send(DAYS, chosen).status_code == 303  # twice is once (T157)
    assert "single days" in client.sign_in(cast.mats).page("absences/approvals")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({}, "Please choose at least one day."),
        ({"day-2026-08-03": "night"}, "Not a valid choice."),
        ({"day-2026-08-08": "full"}, "Please choose at least one day."),
    ],
)
def test_what_makes_no_sense_comes_back(client, as_, cast, eve, days, said):
    answer = client.send(DAYS, {**eve, **days})
    assert answer.status_code == 422 and said in answer.text
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(Absence)).all() == []


def test_a_stretch_has_its_bounds(client, eve):
    assert "At most two months" in client.page("absences/days/new?first=2026-01-01&last=2026-12-31")
    assert "At most two months" in client.page("absences/days/new?first=2026-08-03&last=2026-08-02")


def test_two_halves_of_one_day_may_be_of_two_types(as_, cast, eve):
    other = make(as_, cast, "S", needs_approval=False)
    with as_(cast.eve) as uow:
        ask(uow, MONDAY, first_part=Part.AM)
        absence_requests.request(uow, uuid4(), Wish(other, MONDAY, MONDAY, first_part=Part.PM))
        uow.session.flush()
        with pytest.raises(Refusal) as refused:
            absence_requests.request(uow, uuid4(), Wish(other, MONDAY, MONDAY))
    assert refused.value.reason is Reason.ABSENCE_OVERLAPS


def test_the_last_half_can_be_taken_and_not_more(as_, cast, eve):
    with as_(cast.ana) as uow:
        entitlements.adjust(
            uow,
            uuid4(),
            cast.eve.employee_id,
            absence_type_id=UUID(eve["absence_type_id"]),
            year=2026,
            amount=-24_500,
            reason="Taken at the last employer",
        )
    with as_(cast.eve) as uow:
        with pytest.raises(Refusal) as refused:
            ask(uow, MONDAY)
        assert refused.value.details["missing"] == 500
        assert ask(uow, MONDAY, first_part=Part.PM).charge == 500


def test_hours_of_a_day_cost_their_minutes(client, as_, cast, eve):
    assert "Only some hours" not in client.page("absences/new")
    kind = make(as_, cast, "L", unit=Unit.HOUR)
    assert "Only some hours" in client.page("absences/new")
    form = {**eve, "absence_type_id": str(kind), "start_date": "2026-08-03"}
    form |= {"first_part": "full", "last_part": "full", "starts_at": "09:00", "ends_at": "11:30"}
    assert client.send("absences", {**form, "ends_at": ""}).status_code == 422
    assert client.send("absences", {**form, "ends_at": "08:00"}).status_code == 422
    assert client.send("absences", {**form, "end_date": "2026-08-04"}).status_code == 422
    refused = client.send("absences", {**form, "absence_type_id": eve["absence_type_id"]})
    assert "whole days and halves only" in refused.text
    assert client.send("absences", form).status_code == 303
    page = client.page(f"absences/{eve['key']}")
    assert "9:00–11:30" in page and "2:30 h" in page
    with as_(cast.eve) as uow:
        rest = Wish.of_days(kind, [DayPart(MONDAY, Part.FROM_TO, 690, 900)])
        absence_requests.request(uow, uuid4(), rest)  # touching hours do not overlap


def test_a_day_stands_in_a_request_once():
    with pytest.raises(Refusal) as refused:
        Wish.of_days(uuid4(), [DayPart(MONDAY, Part.AM), DayPart(MONDAY, Part.PM)])
    assert refused.value.reason is Reason.PARTS_OVERLAP

"""Before many people's working time is changed at once, each line says what it means for this person."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from portal.domain.absences import AbsenceStatus
from portal.domain.entitlement_plans import Milestone, Plan, SeniorityUnit
from portal.domain.periods import Part
from portal.models import Absence, AbsencePart, Employee, Employment
from portal.services import absences, accruals, entitlement_plans
from tests.factories.absences import ask, grant, vacation
from tests.web.people.test_chart import add_people
from tests.web.people.test_many import order, preview, ticked

#: Monday to Wednesday, of everybody who is chosen.
THREE_DAYS = {"monday": "8", "tuesday": "8", "wednesday": "8"}


def lines(page: str) -> dict[str, str]:
    """What stands beside each name."""
    rows = html.fromstring(page).xpath("//tbody/tr")
    return {
        " ".join(row.find("th").text_content().split()): " ".join(row.find("td").text_content().split())
        for row in rows
    }


def line_of(page: str, email: str) -> str:
    return next(text for name, text in lines(page).items() if email in name)


@pytest.fixture
def week(as_, cast):
    """Eve has Monday to Friday of a week in September off, and Otto waits for an answer for two of its days."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.otto.employee_id)
    with as_(cast.eve) as uow:
        absence_id = ask(uow, date(2026, 9, 7), date(2026, 9, 11)).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    with as_(cast.otto) as uow:
        ask(uow, date(2026, 9, 10), date(2026, 9, 11))
    return absence_id


def test_each_line_says_what_it_means_for_this_person_and_one_undo_takes_it_back(client, as_, cast, week):
    """From 1 September three days a week: 21.66 of 25 days, up to 22; a week off would cost its three days."""
    client.sign_in(cast.ana)
    given = {**ticked(cast.eve, cast.otto, cast.mats), **THREE_DAYS, "from_day": "2026-09-01"}
    page = preview(client, "pattern", given)
    eve = line_of(page, cast.eve.email)
    assert "Vacation 2026: 25 days → 22 days" in eve and "7–11 Sep 2026, Vacation: 5 days → 3 days" in eve
    otto = line_of(page, cast.otto.email)
    assert "Vacation 2026: 25 days → 22 days" in otto and "10–11 Sep 2026, Vacation: 2 days → 0 days" in otto
    assert "Vacation" not in line_of(page, cast.mats.email), "nothing was granted to him"
    assert "For 2 people of all who are chosen" in page and "below zero" not in page
    assert "Vacation 2026, 2 people: 50 days → 44 days in all" in page
    assert "2 absences would cost something else" in page
    answer = order(client, "pattern", given)
    assert answer.status_code == 303
    with as_(cast.ana) as uow:
        assert uow.session.scalar(select(Absence.charge).where(Absence.id == week)) == 5_000, "as agreed"
    assert client.send(f"{answer.headers['Location']}/undoing").status_code == 303
    with as_(cast.ana) as uow:
        own = select(Employment.pattern).where(Employment.employee_id == cast.eve.employee_id)
        assert [sum(days) for days in uow.session.scalars(own)] == [2400]


def test_a_balance_that_would_end_below_zero_is_told(client, as_, cast, clock):
    """By a plan 20 of 25 days are left of 2027 with three days a week from July on; 22 are taken in June."""
    with as_(cast.ana) as uow:
        plan = Plan(date(2027, 1, 1), (Milestone(0, SeniorityUnit.DAYS, 25_000),))
        entitlement_plans.change(uow, vacation(uow).id, plan)
    clock.move_to(datetime(2027, 2, 1, 12, tzinfo=UTC))
    with as_(cast.ana) as uow:
        accruals.post(uow)
    with as_(cast.eve) as uow:
        absence_id = ask(uow, date(2027, 6, 1), date(2027, 6, 30)).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    client.sign_in(cast.ana)
    given = {**ticked(cast.eve, cast.otto), **THREE_DAYS, "from_day": "2027-07-01"}
    page = preview(client, "pattern", given)
    assert "Vacation 2027: 25 days → 20 days. The year would end at −2 days." in line_of(page, cast.eve.email)
    assert line_of(page, cast.otto.email).endswith("Vacation 2027: 25 days → 20 days.")
    assert "A balance of 1 person would end the year below zero." in page


def test_another_site_and_other_hours_say_nothing_where_nothing_follows(client, as_, cast, week):
    client.sign_in(cast.ana)
    given = {**ticked(cast.eve), "weekly_hours": "20", "from_day": "2026-09-01"}
    page = preview(client, "hours", given)
    assert "20:00" in page and "of all who are chosen" not in page, "as many days as before"


def test_all_who_are_chosen_are_counted_on_every_page_of_the_list(client, as_, cast, monkeypatch):
    """Three of the seven stand on the second page; the figures are of all of them."""
    monkeypatch.setattr("portal.blueprints.people.many.PAGE_LENGTH", 4)
    with as_(cast.ana) as uow:
        add_people(uow, 7)
        grant(uow, *uow.session.scalars(select(Employee.id).where(Employee.email.like("c7x%"))))
    client.sign_in(cast.ana)
    given = {"everybody": "yes", "search": "c7x", **THREE_DAYS, "from_day": "2026-09-01"}
    for number, here in ((1, 4), (2, 3)):
        page = preview(client, "pattern", {**given, "page": number})
        assert len(lines(page)) == here
        assert "For 7 people of all who are chosen" in page
        assert "Vacation 2026, 7 people: 175 days → 154 days in all" in page


def test_it_costs_as_many_statements_for_any_number(client, as_, cast, statements):
    counts = []
    for number in (3, 60):
        with as_(cast.ana) as uow:
            add_people(uow, number)
            ids = list(uow.session.scalars(select(Employee.id).where(Employee.email.like(f"c{number}x%"))))
            grant(uow, *ids)
            _add_days_off(uow, ids)
        client.sign_in(cast.ana)
        given = {"everybody": "yes", "search": f"c{number}x", **THREE_DAYS, "from_day": "2026-09-01"}
        preview(client, "pattern", given)
        statements.clear()
        page = preview(client, "pattern", given)
        assert page.count("11 Sep 2026</a>, Vacation: 1 day → 0 days") == number
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 20, statements


def _add_days_off(uow, ids) -> None:
    """Friday, 11 September, for each."""
    kind, day = vacation(uow).id, date(2026, 9, 11)
    whole = Range(datetime.combine(day, time()), datetime.combine(day + timedelta(days=1), time()))
    days_off = [
        Absence(
            id=uuid4(),
            employee_id=one,
            absence_type_id=kind,
            start_date=day,
            end_date=day,
            status=AbsenceStatus.REQUESTED,
            charge=1000,
            requested_by_id=one,
            requested_at=uow.clock.now(),
        )
        for one in ids
    ]
    uow.session.add_all(days_off)
    uow.session.flush()
    uow.session.add_all(
        AbsencePart(
            absence_id=one.id,
            employee_id=one.employee_id,
            date=day,
            part=Part.FULL,
            during=whole,
            charge=1000,
        )
        for one in days_off
    )

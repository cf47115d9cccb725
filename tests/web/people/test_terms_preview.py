"""Before other working time is saved, HR sees what it changes: the year's entitlement, and what absences would cost."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from lxml import html
from sqlalchemy import func, select

from portal.domain.entitlement_plans import Milestone, Plan, SeniorityUnit
from portal.models import Absence, Employment
from portal.services import absences, accruals, entitlement_plans
from tests.factories.absences import ask, grant, vacation
from tests.web.people.test_edit import record_of

#: From 1 September three days a week, Monday to Wednesday.
THREE_DAYS = {
    "weekly_hours": "24",
    "monday": "8",
    "tuesday": "8",
    "wednesday": "8",
    "terms_from": "2026-09-01",
}


@pytest.fixture
def week(as_, cast):
    """Eve has Monday to Friday of a week in September off."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        absence_id = ask(uow, date(2026, 9, 7), date(2026, 9, 11)).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    return absence_id


def sent(client, as_, cast, **changes):
    record = record_of(as_, cast, cast.eve.employee_id) | changes
    return record, client.send(f"people/{cast.eve.employee_id}", record)


def segments(as_, cast):
    with as_(cast.ana) as uow:
        query = select(func.count()).where(Employment.employee_id == cast.eve.employee_id)
        return uow.session.scalar(query)


def test_nothing_is_saved_before_it_was_seen(client, as_, cast, week):
    """25 days on five days a week; from 1 September on three: 25 x 243/365 + 15 x 122/365 = 21.66, up to 22."""
    client.sign_in(cast.ana)
    before = segments(as_, cast)
    record, answer = sent(client, as_, cast, **THREE_DAYS)
    assert answer.status_code == 200
    text = " ".join(html.fromstring(answer.text).text_content().split())
    assert "What the new working time changes from 1 Sep 2026 on" in text
    assert "Vacation 2026: 25 days → 22 days" in text and "What was granted stays" in text
    assert "7–11 Sep 2026, Vacation: 5 days → 3 days" in text
    assert segments(as_, cast) == before
    (form,) = [one for one in html.fromstring(answer.text).forms if "terms_seen" in one.fields]
    yes = record | {"terms_seen": form.fields["terms_seen"]}
    assert client.send(f"people/{cast.eve.employee_id}", yes).status_code == 303
    assert segments(as_, cast) == before + 1
    with as_(cast.ana) as uow:
        assert uow.session.scalar(select(Absence.charge).where(Absence.id == week)) == 5_000


def test_a_yes_to_other_hours_is_none(client, as_, cast, week):
    client.sign_in(cast.ana)
    record, answer = sent(client, as_, cast, **THREE_DAYS)
    (form,) = [one for one in html.fromstring(answer.text).forms if "terms_seen" in one.fields]
    other = record | {"terms_seen": form.fields["terms_seen"], "wednesday": "", "weekly_hours": "16"}
    before = segments(as_, cast)
    assert client.send(f"people/{cast.eve.employee_id}", other).status_code == 200
    assert segments(as_, cast) == before


def test_by_a_plan_the_balance_follows(client, as_, cast, clock):
    """2027 by a plan: 25 x 181/365 on five days and 15 x 184/365 on three from 1 July make 19.96, up to 20."""
    with as_(cast.ana) as uow:
        plan = Plan(date(2027, 1, 1), (Milestone(0, SeniorityUnit.DAYS, 25_000),))
        entitlement_plans.change(uow, vacation(uow).id, plan)
    clock.move_to(datetime(2027, 2, 1, 12, tzinfo=UTC))
    with as_(cast.ana) as uow:
        accruals.post(uow)
    client.sign_in(cast.ana)
    _, answer = sent(client, as_, cast, **THREE_DAYS | {"terms_from": "2027-07-01"})
    text = " ".join(html.fromstring(answer.text).text_content().split())
    assert "Vacation 2027: 25 days → 20 days" in text and "The balance is corrected" in text


def test_every_year_that_is_granted_is_compared(client, as_, cast):
    """From 1 December: 25 x 334/365 + 15 x 31/365 = 24.15, up to 24.5; and of 2027 three fifths."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, years=(2026, 2027))
    client.sign_in(cast.ana)
    _, answer = sent(client, as_, cast, **THREE_DAYS | {"terms_from": "2026-12-01"})
    text = " ".join(html.fromstring(answer.text).text_content().split())
    assert "Vacation 2026: 25 days → 24.5 days" in text and "Vacation 2027: 25 days → 15 days" in text


def test_other_facts_and_the_same_hours_are_saved_at_once(client, as_, cast, week):
    client.sign_in(cast.ana)
    _, answer = sent(client, as_, cast, job_title="Head nurse")
    assert answer.status_code == 303

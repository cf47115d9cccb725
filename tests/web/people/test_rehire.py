"""Rehiring: the same person, a new period of employment, and nothing that they could do before by themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.domain.ledger import EntryKind
from portal.models import (
    AuditEvent,
    Employee,
    LedgerEntry,
    OutboxMessage,
    RoleGrant,
    TeamMembership,
)
from portal.services import employments, entitlements, org_chart, people
from portal.services.employments import FULL_TIME, Terms
from tests.factories.people import HIRED, manager_of
from tests.fixtures.cast import SENTINEL
from tests.fixtures.portal import NOW

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def gone(client, cast, as_):
    """Mats, who led Eve, has left today; Ana looks after the records."""
    with as_(cast.ana) as uow:
        people.deactivate(uow, cast.mats.employee_id)
    client.sign_in(cast.ana)
    return f"people/{cast.mats.employee_id}/rehiring"


def agreed(cast, first_day: date, **changes) -> dict:
    return {
        "terms_from": first_day.isoformat(),
        "weekly_hours": "20",
        "site": str(cast.sites["brno"]),
        "teams": [str(cast.teams["kitchen"])],
        "line_manager_email": cast.otto.email,
        "job_title": "Cook",
        **changes,
    }


def terms_of(uow, member) -> list[tuple]:
    found = employments.list_of(uow, member.employee_id)
    return [(one.start_date, one.end_date, one.weekly_minutes, one.opens_period) for one in found]


def test_the_form_starts_as_the_person_left(client, cast, gone):
    page = client.page(gone)
    assert f'value="{TOMORROW.isoformat()}"' in page and 'value="40"' in page
    assert "Their last day was" in page and str(cast.teams["care"]) in page
    assert gone in client.page(f"people/{cast.mats.employee_id}")


def test_on_the_next_day_a_new_period_begins_and_the_past_stays(client, cast, as_, gone):
    assert client.send(gone, agreed(cast, TOMORROW, invite="y")).status_code == 303
    with as_(cast.ana) as uow:
        assert terms_of(uow, cast.mats) == [
            (HIRED, TODAY, 2400, False),
            (TOMORROW, None, 1200, True),
        ]
        mats = uow.session.get_one(Employee, (cast.acme.id, cast.mats.employee_id))
        assert (mats.active, mats.email, mats.job_title) == (True, cast.mats.email, "Cook")
        teams = uow.session.scalars(
            select(TeamMembership)
            .where(TeamMembership.employee_id == mats.id)
            .order_by(TeamMembership.start_date)
        ).all()
        assert [(one.team_id, one.start_date, one.end_date) for one in teams] == [
            (cast.teams["care"], HIRED, TODAY),
            (cast.teams["kitchen"], TOMORROW, None),
        ]
        assert manager_of(uow, mats.id, TOMORROW) == cast.otto.employee_id
        assert manager_of(uow, mats.id) is None, "the last period is not over today"
        letters = select(OutboxMessage.template).where(OutboxMessage.employee_id == mats.id)
        assert uow.session.scalars(letters).all() == ["invitation"]
        actions = uow.session.scalars(select(AuditEvent.action)).all()
        assert {"employee.rehired", "role.revoked"} <= set(actions)
    assert "Rehired" in client.page(f"people/{cast.mats.employee_id}")


def test_a_team_that_is_left_today_and_joined_tomorrow_is_named_once(client, cast, gone):
    assert client.send(gone, agreed(cast, TOMORROW, teams=[str(cast.teams["care"])])).status_code == 303
    twice = f"Care {SENTINEL}, Care {SENTINEL}"
    for path in (f"people/{cast.mats.employee_id}", "people"):
        page = client.page(path)
        assert f"Care {SENTINEL}" in page and twice not in page


def test_roles_of_before_do_not_come_back_and_the_way_in_does(client, cast, as_, gone):
    """T90: HR would else give back more than they may grant."""
    assert client.send(gone, agreed(cast, TOMORROW)).status_code == 303
    with as_(cast.ana) as uow:
        held = select(RoleGrant).where(RoleGrant.employee_id == cast.mats.employee_id)
        assert len(uow.session.scalars(held).all()) == 1
    client.sign_out()
    client.sign_in(cast.mats)
    assert client.get(client.url("people")).status_code == 200, "as anybody new who has yet to start"


def test_between_two_periods_somebody_is_not_here(client, cast, as_, gone):
    in_august = date(2026, 8, 3)
    assert client.send(gone, agreed(cast, in_august)).status_code == 303
    with as_(cast.ana) as uow:

        def led_by_otto(day: date) -> list:
            return [one.id for one in org_chart.below(uow, cast.otto.employee_id, day)[1].people]

        assert led_by_otto(in_august) == [cast.mats.employee_id]
        assert led_by_otto(in_august - timedelta(days=1)) == []


@pytest.mark.parametrize("first_day", [TODAY, HIRED, date(2019, 1, 1)])
def test_periods_that_overlap_are_refused_with_the_day_that_is_free(client, cast, as_, gone, first_day):
    answer = client.send(gone, agreed(cast, first_day))
    assert answer.status_code == 422 and "still employed on this day" in answer.text
    assert 'value="Cook"' in answer.text, "what was typed is kept"
    with as_(cast.ana) as uow:
        assert terms_of(uow, cast.mats) == [(HIRED, TODAY, 2400, False)]
        assert not uow.session.get_one(Employee, (cast.acme.id, cast.mats.employee_id)).active


def test_the_database_refuses_periods_that_overlap(cast, as_):
    with as_(cast.ana) as uow, uow.session.begin_nested() as point:
        row = employments.segment(cast.mats.employee_id, Terms(FULL_TIME, None), TODAY)
        row.opens_period = True
        uow.session.add(row)
        with pytest.raises(IntegrityError, match="ex_employment_no_overlap"):
            uow.session.flush()
        point.rollback()


def test_the_gap_earns_nothing(client, cast, as_, gone, clock):
    """Back from 1 July of the next year on: half of that year is granted, for half of the hours as days of a week."""
    clock.move_to(clock.now().replace(year=2027, month=1, day=4))
    assert (
        client.sign_in(cast.ana).send(gone, agreed(cast, date(2027, 7, 1), weekly_hours="40")).status_code
        == 303
    )
    with as_(cast.ana) as uow:
        entitlements.ensure_grants(uow, [cast.mats.employee_id, cast.otto.employee_id], [2027])
        query = select(LedgerEntry.employee_id, LedgerEntry.amount).where(
            LedgerEntry.origin_year == 2027, LedgerEntry.kind.in_([EntryKind.GRANT, EntryKind.ACCRUE])
        )
        amounts = dict(uow.session.execute(query).all())
    whole, half = amounts[cast.otto.employee_id], amounts[cast.mats.employee_id]
    assert 0.45 * whole < half < 0.55 * whole


def test_only_leavers_are_rehired_and_only_by_who_keeps_the_record(client, cast, gone):
    """T88, T99: the page is nobody's who is here, in another company, or not theirs to edit."""
    body = agreed(cast, TOMORROW)
    for member in (cast.eve, cast.zoe):
        path = f"people/{member.employee_id}/rehiring"
        assert client.get(client.url(path)).status_code == 404
        assert client.send(path, body).status_code == 404
    assert client.sign_in(cast.pia).send(gone, body).status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"terms_from": "soon"}, "Not a valid date"),
        ({"weekly_hours": "many"}, "Not hours"),
        ({"line_manager_email": "no@body.example"}, "Nobody in the company has this e-mail"),
        ({"line_manager_email": "mats@acme.example"}, "their own manager"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(client, cast, as_, gone, changes, said):
    answer = client.send(gone, agreed(cast, TOMORROW, **changes))
    assert answer.status_code == 422 and said in answer.text
    with as_(cast.ana) as uow:
        assert len(terms_of(uow, cast.mats)) == 1

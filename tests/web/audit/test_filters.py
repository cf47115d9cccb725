"""The log is searched by person, action, days and address, and its pages stay put while new events arrive."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from portal.domain.audit_actions import Action
from portal.models import AuditEvent
from portal.services import absences, audit
from tests.factories.absences import ask, grant
from tests.web.audit.test_subjects import MONDAY

NUMBER = re.compile(r'<tr id="event-(\d+)"')


def numbers(page: str) -> list[int]:
    return [int(one) for one in NUMBER.findall(page)]


def link(page: str, rel: str) -> str:
    """The address behind the way to older ("next") or newer ("prev") events."""
    return re.search(rf'rel="{rel}" href="([^"]+)"', page).group(1).replace("&amp;", "&")


@pytest.fixture
def many(cast, as_):
    """120 more events."""
    with as_(cast.ana) as uow:
        for _ in range(120):
            audit.record(uow, Action.EMPLOYEE_CHANGED)


def test_a_person_is_found_as_actor_and_as_the_one_it_was_done_to(client, cast, as_):
    """What was done to their absence counts too, although its row is not theirs by id."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        absence = ask(uow, MONDAY)
    with as_(cast.mats) as uow:
        absences.approve(uow, absence.id, version=1, note="")
    with as_(cast.otto) as uow:
        audit.record(uow, Action.SIGN_OUT)
    page = client.sign_in(cast.ana).page(f"audit?person={cast.eve.email}").split("<thead>")[1]
    assert "Absence requested" in page and "Absence approved" in page
    assert "Signed out" not in page
    assert "Absence approved" in client.page("audit?person=MALA").split("<thead>")[1], (
        "without case and accents"
    )


def test_a_name_of_several_offers_each_and_shows_all(client, cast, many):
    page = client.sign_in(cast.ana).page("audit?person=acmeonly")
    assert "people match:" in page
    assert "person=eve@acme.example" in page or "person=eve%40acme.example" in page
    assert numbers(page)


def test_a_name_of_nobody_says_so_and_shows_nothing(client, cast, many):
    page = client.sign_in(cast.ana).page("audit?person=xyzzy")
    assert "Nobody here is called that" in page and "Nothing is shown yet" in page
    assert numbers(page) == []


def test_people_of_another_company_are_nobody(client, cast, many):
    """Also the log's search ends at the company."""
    assert "Nobody here is called that" in client.sign_in(cast.ana).page(f"audit?person={cast.zoe.email}")


def test_a_group_of_actions_is_one_choice(client, cast, many):
    client.sign_in(cast.eve).get(client.url("settings"))
    page = client.sign_in(cast.ana).page("audit?action=sign-in").split("<thead>")[1]
    assert "Access denied" in page and "Person changed" not in page


def test_days_are_whole_days_of_the_reader(client, cast, as_, many):
    with as_(cast.ana) as uow:
        events = uow.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).all()
        zone = ZoneInfo(cast.acme.time_zone)
        newest = events[0]
        today = newest.at.astimezone(zone).date()
    client.sign_in(cast.ana)
    assert newest.seq in numbers(client.page(f"audit?first_day={today}&last_day={today}"))
    assert numbers(client.page(f"audit?first_day={today + timedelta(days=1)}")) == []
    # None, unless midnight has just passed.
    earlier = [one.seq for one in events if one.at.astimezone(zone).date() < today]
    assert numbers(client.page(f"audit?last_day={today - timedelta(days=1)}")) == earlier


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("first_day=2026-02-02&last_day=2026-02-01", "The last day lies before the first"),
        ("first_day=yesterday", "Not a valid date value"),
        ("ip=192.0.2", "This is not a whole IP address"),
        ("ip=%3Cb%3E", "This is not a whole IP address"),
        ("action=nothing", "There is no such action"),
        ("person=a", "That fits too many people"),
    ],
)
def test_a_wrong_filter_is_explained_and_shows_nothing_rather_than_everything(
    client, cast, as_, many, query, said
):
    with as_(cast.ana) as uow:
        for place in range(25):
            uow.session.execute(
                text(
                    "INSERT INTO employee (company_id, id, email, first_name, last_name)"
                    " VALUES (:company, gen_random_uuid(), :email, 'A', 'A')"
                ),
                {"company": cast.acme.id, "email": f"a{place}@acme.example"},
            )
    page = client.sign_in(cast.ana).page(f"audit?{query}")
    assert said in page and "Nothing is shown yet" in page
    assert numbers(page) == []


def test_an_address_is_found_however_it_is_written(client, cast, as_, many):
    client.sign_in(cast.ana)
    assert numbers(client.page("audit?ip=192.0.2.1"))
    page = client.page("audit?ip=2001:DB8::0001")
    assert "No event matches" in page and "Widen the days" in page and 'value="2001:db8::1"' in page


def test_pages_stay_put_while_new_events_arrive(client, cast, as_, many):
    first = client.sign_in(cast.ana).page("audit?action=people")
    second = client.page(link(first, "next"))
    with as_(cast.ana) as uow:
        for _ in range(7):
            audit.record(uow, Action.EMPLOYEE_CHANGED)
    assert numbers(client.page(link(first, "next"))) == numbers(second)
    assert max(numbers(second)) == min(numbers(first)) - 1
    third = client.page(link(second, "next"))
    assert numbers(client.page(link(third, "prev"))) == numbers(second)
    newest = client.page(link(second, "prev"))
    assert len(numbers(newest)) == 50 and min(numbers(newest)) == max(numbers(second)) + 1
    assert max(numbers(client.page(link(newest, "prev")))) == max(numbers(first)) + 7, (
        "and on to the very newest"
    )


def test_a_place_that_cannot_be_is_the_newest(client, cast, many):
    client.sign_in(cast.ana)
    newest = numbers(client.page("audit"))
    for place in ("before=-1", "before=x", "after=99999999999999", "after=2147483647"):
        assert numbers(client.page(f"audit?{place}")) == newest

"""One person: directory facts for all, the record within reach, sealed values only when asked for, on record."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.models import AuditEvent, Employee
from portal.services import people

NUMBER = "+420601123456"


@pytest.fixture
def phone(as_, cast):
    """HR knows Eve's number."""
    with as_(cast.ana) as uow:
        eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        people.seal_phone(uow, eve, NUMBER)
        eve.employee_number = "E-4711"


def events(as_, member) -> list[str]:
    with as_(member) as uow:
        return list(uow.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(3)))


@pytest.mark.parametrize("reader", ["otto", "mats", "pia"])
def test_colleagues_managers_and_planners_see_work_facts_only(client, cast, phone, reader):
    """T85: no hours, number, phone or roles for who is out of reach, not even a hint that there are some."""
    page = client.sign_in(cast.people[reader]).page(f"people/{cast.eve.employee_id}")
    assert "eve@acme.example" in page and "Mats Lind" in page
    for hidden in ("E-4711", NUMBER, "40:00", "phone-views", "Roles", "/edit", "Invite"):
        assert hidden not in page


def test_the_phone_out_of_reach_is_not_found_also_as_a_fragment(client, cast, phone):
    """T85, T86: the same 404 for a colleague's phone as for nobody's."""
    client.sign_in(cast.otto)
    for target in (cast.eve.employee_id, uuid4()):
        for htmx in (False, True):
            answer = client.send(f"people/{target}/phone-views", htmx=htmx)
            assert answer.status_code == 404 and NUMBER not in answer.text


def test_hr_sees_the_record_and_the_number_only_when_asked_for_which_is_recorded(client, cast, phone, as_):
    page = client.sign_in(cast.ana).page(f"people/{cast.eve.employee_id}")
    assert "E-4711" in page and "40:00" in page and NUMBER not in page
    assert "employee.viewed-sealed" not in events(as_, cast.ana)
    fragment = client.send(f"people/{cast.eve.employee_id}/phone-views", htmx=True).text
    assert NUMBER in fragment and "<html" not in fragment
    assert NUMBER in client.send(f"people/{cast.eve.employee_id}/phone-views").text
    assert events(as_, cast.ana)[:2] == ["employee.viewed-sealed"] * 2


def test_people_see_their_own_record_at_once_and_unrecorded(client, cast, phone, as_):
    page = client.sign_in(cast.eve).page(f"people/{cast.eve.employee_id}")
    assert NUMBER in page and "E-4711" in page and "/edit" not in page
    assert "employee.viewed-sealed" not in events(as_, cast.ana)


@pytest.mark.parametrize(
    ("reader", "opens"), [("ana", True), ("mats", True), ("eve", True), ("otto", False), ("pia", False)]
)
def test_balances_are_a_click_away_for_whoever_may_see_them(client, cast, reader, opens):
    page = client.sign_in(cast.people[reader]).page(f"people/{cast.eve.employee_id}")
    address = client.url(f"people/{cast.eve.employee_id}/ledger")
    assert (f'href="{address}"' in page) == opens
    assert client.get(address).status_code == (200 if opens else 404)


@pytest.mark.parametrize("path", ["", "/edit"])
def test_people_of_another_company_and_of_none_are_the_same_404(client, cast, path):
    """T99: Beta's id, a random id: one answer."""
    client.sign_in(cast.ana)
    answers = [client.get(client.url(f"people/{one}{path}")) for one in (cast.zoe.employee_id, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    texts = [answer.text.replace(answer.headers["X-Request-ID"], "") for answer in answers]
    assert texts[0] == texts[1]


def test_the_page_of_a_person_stays_within_eight_statements(client, cast, phone, statements):
    client.sign_in(cast.ana).page(f"people/{cast.eve.employee_id}")
    statements.clear()
    client.page(f"people/{cast.eve.employee_id}")
    assert len(statements) <= 8, statements


def test_my_profile_shows_my_data_my_roles_and_whom_to_ask(client, cast, phone, statements):
    client.sign_in(cast.eve).page("profile")
    statements.clear()
    page = client.page("profile")
    assert len(statements) <= 8
    assert NUMBER in page and "Employee" in page and "ana@acme.example" in page

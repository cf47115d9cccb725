"""Everybody sees who read their protected values, when, and under which role; nobody sees another's."""

from __future__ import annotations

import re

import pytest
from flask import render_template
from sqlalchemy import select

from portal.blueprints.sessions.looks import line
from portal.domain.permissions import Permission, Reach
from portal.models import AuditEvent, Employee, Role, RoleGrant, RolePermission
from portal.services import people, sealed_reads

NUMBER = "+420602123456"


@pytest.fixture
def phone(cast, as_):
    """HR keeps numbers of Eve and of Ana."""
    with as_(cast.ana) as uow:
        for member in (cast.eve, cast.ana):
            employee = uow.session.get_one(Employee, (cast.acme.id, member.employee_id))
            people.seal_phone(uow, employee, NUMBER)


def look(client, member, target) -> None:
    client.sign_in(member).send(f"people/{target.employee_id}/phone-views")


def rows(page: str) -> list[str]:
    """The table of looks as texts of its rows."""
    table = page.split('id="looks-heading"')[1].split("</section>", maxsplit=1)[0]
    return [re.sub(r"<[^>]+>|\s+", " ", one) for one in table.split("<tr>")[2:]]


def test_until_somebody_looks_it_says_that_nobody_did(client, cast, phone):
    assert "read by nobody but you" in client.sign_in(cast.eve).page("sessions")
    assert "Nobody has looked" in client.page("sessions/looks")


def test_a_look_says_who_when_what_and_under_which_role(client, cast, phone):
    look(client, cast.ana, cast.eve)
    client.sign_in(cast.eve)
    for path in ("sessions", "sessions/looks"):
        [row] = rows(client.page(path))
        assert cast.ana.name in row and cast.ana.email in row
        assert "Mobile phone" in row and "HR" in row
        assert "Admin" not in row, "that role does not allow it"
    assert NUMBER not in client.page("sessions/looks")


def test_the_form_of_a_record_shows_the_number_and_is_a_look_too(client, cast, phone):
    client.sign_in(cast.ana).page(f"people/{cast.eve.employee_id}/edit")
    assert len(rows(client.sign_in(cast.eve).page("sessions"))) == 1


def test_ones_own_number_is_no_look(client, cast, phone):
    client.sign_in(cast.ana).page(f"people/{cast.ana.employee_id}")
    assert "read by nobody but you" in client.page("sessions")


def test_nobody_sees_who_looked_at_another(client, cast, phone):
    look(client, cast.ana, cast.eve)
    for member in (cast.ana, cast.otto, cast.zoe):
        assert "Nobody has looked" in client.sign_in(member).page("sessions/looks")


def test_a_role_of_the_companys_own_is_named(client, cast, as_, phone):
    """Only the role that reaches this far counts, not every role that the reader holds."""
    with as_(cast.ana) as uow:
        role = Role(key="records", name="Records <office>")
        uow.session.add(role)
        uow.session.flush()
        uow.session.add(
            RolePermission(role_id=role.id, permission=Permission.EMPLOYEE_VIEW.value, reach=Reach.TEAM.value)
        )
        uow.session.add(RoleGrant(employee_id=cast.mats.employee_id, role_id=role.id))
    look(client, cast.mats, cast.eve)
    [row] = rows(client.sign_in(cast.eve).page("sessions"))
    assert "Records &lt;office&gt;" in row and "Manager" not in row and "Employee" not in row


def test_a_reader_whose_data_was_erased_stays_a_reader(app, clock):
    """P16: the fact stays, the name goes."""
    with app.test_request_context():
        page = render_template("sessions/_looks.html", looks=[line(sealed_reads._look(7, clock.now(), None))])
    assert "erased" in page and "None" not in page


def test_long_lists_have_pages(client, cast, as_, phone):
    with as_(cast.ana) as uow:
        eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        for _ in range(53):
            sealed_reads.note(uow, eve, "phone")
    page = client.sign_in(cast.eve).page("sessions")
    assert len(rows(page)) == 5 and "sessions/looks" in page
    first = client.page("sessions/looks")
    assert len(rows(first)) == 50
    older = re.search(r'href="/c/acme/(sessions/looks\?before=\d+)"', first)
    assert len(rows(client.page(older.group(1)))) == 3
    assert len(rows(client.page("sessions/looks?before=99999999999999"))) == 50


def test_many_readings_ask_for_the_roles_once(cast, as_, phone, statements):
    with as_(cast.ana) as uow:
        eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        statements.clear()
        for _ in range(20):
            sealed_reads.note(uow, eve, "phone")
        assert len(statements) == 1


def test_the_log_finds_reading_alone(client, cast, as_, phone):
    look(client, cast.ana, cast.eve)
    page = client.sign_in(cast.ana).page("audit?action=reading")
    body = page.split("<tbody>")[1]
    assert "Protected value looked at" in body and "Mobile phone" in body and "Under the role" in body
    assert "Company created" not in body
    with as_(cast.ana) as uow:
        kept = uow.session.scalars(
            select(AuditEvent.payload).where(AuditEvent.action == "employee.viewed-sealed")
        ).one()
    assert '"roles": ["hr"]' in kept

"""Nobody reaches another person's sign-in by way of their record."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from portal.models import Employee, Role, RoleGrant
from tests.web.people.test_edit import record_of


@pytest.fixture
def hr(client, cast, as_):
    """Otto of HR, who is no admin, signed in."""
    with as_(cast.ana) as uow:
        role = uow.session.scalars(select(Role.id).where(Role.key == "hr")).one()
        uow.session.add(RoleGrant(employee_id=cast.otto.employee_id, role_id=role))
    return client.sign_in(cast.otto)


def email_of(as_, cast, member) -> str:
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(Employee.email).where(Employee.id == member.employee_id)).one()


def test_hr_does_not_move_an_admins_sign_in_to_another_mailbox(hr, cast, as_):
    """T90: whoever receives an admin's mail can set the admin's password."""
    record = record_of(as_, cast, cast.ana.employee_id)
    answer = hr.send(f"people/{cast.ana.employee_id}", {**record, "email": "otto.two@acme.example"})
    assert answer.status_code == 422
    assert "may do more than you may" in answer.text
    assert email_of(as_, cast, cast.ana) == cast.ana.email
    answer = hr.send(f"people/{cast.ana.employee_id}", {**record, "job_title": "Head"})
    assert answer.status_code == 303, "the rest of the record is HR's"


def test_nor_by_a_file(hr, cast, as_):
    """T90: found by the employee number, an address in a file is the same change."""
    with as_(cast.ana) as uow:
        uow.session.get(Employee, (cast.acme.id, cast.ana.employee_id)).employee_number = "1"
    rows = "email,first_name,last_name,employee_number,start_date,weekly_hours\n"
    rows += f"otto.two@acme.example,Ana,{cast.ana.name.split()[-1]},1,2020-01-01,40\n"
    answer = hr.send("people/import-previews", {"file": (io.BytesIO(rows.encode()), "people.csv")})
    assert answer.status_code == 422
    assert "may do more than you may" in answer.text


def test_hr_moves_the_sign_in_of_everybody_else(hr, cast, as_):
    record = record_of(as_, cast, cast.mats.employee_id)
    answer = hr.send(f"people/{cast.mats.employee_id}", {**record, "email": "mats.two@acme.example"})
    assert answer.status_code == 303
    assert email_of(as_, cast, cast.mats) == "mats.two@acme.example"

"""Letting people go: out at once, back when they return, and never the last admin."""

from __future__ import annotations

from sqlalchemy import select

from portal.models import Employee, Employment
from tests.fixtures.portal import NOW


def path(member, what: str) -> str:
    return f"people/{member.employee_id}/{what}"


def test_whoever_left_is_out_at_the_next_click(client, app, cast, as_):
    """T79: the open session is dead at once, also for reading; the employment ends today."""
    eve = app.test_client()
    eve.staffroom = client.staffroom
    eve.sign_in(cast.eve).page("people")
    assert client.sign_in(cast.ana).send(path(cast.eve, "deactivation")).status_code == 303
    assert eve.get(eve.url("people")).status_code == 303
    with as_(cast.ana) as uow:
        terms = uow.session.scalars(
            select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        ).one()
        assert terms.end_date == NOW.date()


def test_whoever_comes_back_works_on_the_last_terms(client, cast, as_):
    client.sign_in(cast.ana)
    client.send(path(cast.eve, "deactivation"))
    assert client.send(path(cast.eve, "reactivation")).status_code == 303
    with as_(cast.ana) as uow:
        terms = uow.session.scalars(
            select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        ).one()
        assert terms.end_date is None
        assert uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id)).active
    assert "Care" in client.page(f"people/{cast.eve.employee_id}")


def test_nobody_lets_themselves_go_nor_somebody_of_another_company(client, cast):
    """T99: Zoe's id is nobody's here."""
    client.sign_in(cast.ana)
    assert client.send(path(cast.ana, "deactivation")).status_code == 403
    assert client.send(path(cast.zoe, "deactivation")).status_code == 404
    assert client.sign_in(cast.mats).send(path(cast.eve, "deactivation")).status_code == 403

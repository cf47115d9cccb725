"""Helping people in and out: invitations, second factor, open sessions."""

from __future__ import annotations

from sqlalchemy import select

from portal.models import OutboxMessage


def test_hr_invites_and_the_letter_waits_in_the_outbox(client, cast, as_):
    client.sign_in(cast.ana)
    assert "Invite again" in client.page(f"people/{cast.eve.employee_id}")
    assert client.send(f"people/{cast.eve.employee_id}/invitation").status_code == 303
    with as_(cast.ana) as uow:
        query = select(OutboxMessage.template).where(OutboxMessage.employee_id == cast.eve.employee_id)
        assert uow.session.scalars(query).all() == ["invitation"]
    assert "The invitation works until" in client.page(f"people/{cast.eve.employee_id}")


def test_an_admin_ends_the_sessions_of_somebody(client, app, cast):
    """T84: all browsers of the person are out at once."""
    eve = app.test_client()
    eve.staffroom = client.staffroom
    eve.sign_in(cast.eve).page("people")
    assert client.sign_in(cast.ana).send(f"people/{cast.eve.employee_id}/session-ends").status_code == 303
    assert eve.get(eve.url("people")).status_code == 303


def test_others_may_do_none_of_it_and_foreign_people_are_unknown(client, cast):
    """T99: Zoe is not found; Mats may not even for his report."""
    for action in ("invitation", "second-factor-reset", "session-ends"):
        assert client.sign_in(cast.mats).send(f"people/{cast.eve.employee_id}/{action}").status_code == 403
        assert client.sign_in(cast.ana).send(f"people/{cast.zoe.employee_id}/{action}").status_code == 404

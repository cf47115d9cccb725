"""Whoever tries what they may not do is on record; what they tried leaves no other trace."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.models import Absence, OutboxMessage, Role
from portal.services import audit_log
from portal.services.audit_filter import LogFilter
from tests.factories.absences import ask, grant


def denials(as_, cast) -> list[tuple[str, dict]]:
    with as_(cast.ana) as uow:
        return [
            (one.email, one.facts)
            for one in audit_log.list_events(uow, LogFilter(actions=("access.denied",))).events
        ]


def test_a_refused_permission_is_on_record(client, cast, as_):
    client.sign_in(cast.eve).get(client.url("settings"))
    [(who, facts)] = denials(as_, cast)
    assert who == cast.eve.email
    assert facts == {"path": "/c/acme/settings", "permission": "company:edit"}


def test_a_role_above_ones_own_is_on_record(client, cast, as_):
    """T90, ASVS 16.3.2."""
    with as_(cast.ana) as uow:
        roles = {role.key: role.id for role in uow.session.scalars(select(Role))}
    client.sign_in(cast.ana).send(f"people/{cast.otto.employee_id}/roles/{roles['hr']}/grant")
    path = f"people/{cast.eve.employee_id}/roles/{roles['admin']}/grant"
    assert client.sign_in(cast.otto).send(path).status_code == 403
    assert denials(as_, cast) == [(cast.otto.email, {"path": f"/c/acme/{path}", "reason": "grant-above-own"})]


def test_ones_own_approval_is_on_record_and_nothing_else(client, cast, as_):
    """T88: also what was queued and changed on the way is undone before the record is written."""
    with as_(cast.ana) as uow:
        grant(uow, cast.mats.employee_id)
    with as_(cast.mats) as uow:
        absence = ask(uow, date(2026, 7, 13))
    with as_(cast.ana) as uow:
        before = len(uow.session.scalars(select(OutboxMessage.id)).all())
    client.sign_in(cast.mats)
    answer = client.send(f"absences/{absence.id}/approval", {"version": "1"})
    assert answer.status_code == 403
    assert [facts["reason"] for _, facts in denials(as_, cast)] == ["own-request"]
    with as_(cast.ana) as uow:
        assert uow.session.get_one(Absence, (cast.acme.id, absence.id)).version == 1
        assert len(uow.session.scalars(select(OutboxMessage.id)).all()) == before

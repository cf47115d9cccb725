"""Whoever tries what they may not do is on record; what they tried leaves no other trace."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, text

from portal.app import create_app
from portal.db import db
from portal.models import Absence, OutboxMessage, Role, SignInSession
from portal.services import audit_log, sessions
from portal.services import denials as denials_noted
from portal.services.audit_filter import LogFilter
from portal.web.session_cookies import ACCESS_COOKIE, SESSION_COOKIE
from tests.factories.absences import ask, grant
from tests.factories.companies import make_company, work
from tests.factories.people import identity_of, make_employee
from tests.fixtures.client import PortalClient
from tests.fixtures.portal import make_settings


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


def test_nobody_fills_the_log_by_trying_doors(client, cast, as_, clock):
    """T88: thirty of an hour are on record, with every further one refused; the next hour says how many came."""
    client.sign_in(cast.eve)
    for _ in range(2):
        for _ in range(denials_noted.NOTED_PER_WINDOW):
            assert client.get(client.url("settings")).status_code == 403
        clock.advance(timedelta(minutes=29))
    assert len(denials(as_, cast)) == denials_noted.NOTED_PER_WINDOW
    assert client.get(client.url("settings")).status_code == 403
    clock.advance(timedelta(minutes=2))
    assert client.get(client.url("settings")).status_code == 403
    found = denials(as_, cast)
    assert len(found) == denials_noted.NOTED_PER_WINDOW + 1
    newest = {"path": "/c/acme/settings", "permission": "company:edit"}
    assert [facts for _, facts in found if "left_out" in facts] == [
        {**newest, "left_out": denials_noted.NOTED_PER_WINDOW + 1}
    ]


def test_what_a_service_refuses_counts_too_and_each_session_by_itself(client, cast, as_, monkeypatch):
    """T90: another person's tries take nobody's place in the log."""
    monkeypatch.setattr(denials_noted, "NOTED_PER_WINDOW", 2)
    with as_(cast.ana) as uow:
        roles = {role.key: role.id for role in uow.session.scalars(select(Role))}
    client.sign_in(cast.ana).send(f"people/{cast.otto.employee_id}/roles/{roles['hr']}/grant")
    path = f"people/{cast.eve.employee_id}/roles/{roles['admin']}/grant"
    client.sign_in(cast.otto)
    for _ in range(4):
        assert client.send(path).status_code == 403
    client.sign_in(cast.eve).get(client.url("settings"))
    who = [email for email, _ in denials(as_, cast)]
    assert sorted(who) == sorted([cast.otto.email, cast.otto.email, cast.eve.email])


def test_of_many_tries_at_once_none_is_counted_twice(served_denials):
    """T88: forty at the same moment; exactly thirty are on record."""
    statuses, noted, counted = served_denials
    assert statuses == [403] * 40
    assert (noted, counted) == (denials_noted.NOTED_PER_WINDOW, 40)


@pytest.fixture
def served_denials(fresh_database, tmp_path):
    """Forty refused requests of one session by eight threads, on a database of their own."""
    app = create_app(make_settings(fresh_database, tmp_path))
    app.test_client_class = PortalClient
    staffroom = app.extensions["staffroom"]
    with app.app_context():
        company = make_company(staffroom, "acme", "Acme")
        with work(staffroom, company) as uow:
            eve = make_employee(uow, "eve@acme.example", "Eve", "Malá")
            session, token = sessions.start(uow, identity_of(uow, eve.id), browser="tests", complete=True)
            session.second_factor_at = uow.clock.now()

    first = app.test_client()
    first.set_cookie(SESSION_COOKIE, token, domain="localhost", secure=True)
    first.get("/c/acme/")
    access = first.get_cookie(
        ACCESS_COOKIE, domain="localhost"
    ).value  # its renewal would lock the row already

    def ask(_number: int) -> int:
        client = app.test_client()
        client.set_cookie(SESSION_COOKIE, token, domain="localhost", secure=True)
        client.set_cookie(ACCESS_COOKIE, access, domain="localhost", secure=True)
        return client.get("/c/acme/settings").status_code

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _pause_before_counting)
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(ask, range(40)))
    with app.app_context(), work(staffroom, company) as uow:
        noted = "SELECT count(*) FROM audit.event WHERE action = 'access.denied'"
        counted = uow.session.scalars(select(SignInSession.denied_count)).one()
        yield statuses, uow.session.scalar(text(noted)), counted
    with app.app_context():
        db.engine.dispose()


def _pause_before_counting(_connection, cursor, statement, *_rest) -> None:
    """Whoever read without a lock has read too early."""
    if statement.startswith("UPDATE sign_in_session SET denied"):
        cursor.connection.execute("SELECT pg_sleep(0.02)")

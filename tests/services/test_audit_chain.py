"""Somebody with all rights over the database rewrites the log; the chain says where (T130 to T133, T136)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import current_app

from portal.app import create_app
from portal.database_url import libpq
from portal.db import db
from portal.domain.audit_actions import Action
from portal.services import audit, audit_log
from portal.services.audit_filter import LogFilter
from tests.factories.companies import make_company, work
from tests.fixtures.portal import make_settings

#: Changes event 4, and computes everything behind it anew.
ANEW = """
UPDATE audit.event SET payload = replace(payload, '192.0.2.1', '192.0.2.9') WHERE seq = 4;
UPDATE audit.event SET commitment = sha256(salt || convert_to(payload, 'UTF8')) WHERE seq = 4;
DO $$
DECLARE
    one audit.event;
    last bytea;
BEGIN
    FOR one IN SELECT * FROM audit.event ORDER BY seq LOOP
        last := sha256(coalesce(last, sha256(convert_to(one.company_id::text, 'UTF8'))) || convert_to(
            concat_ws(E'\\n', one.seq::text, one.company_id::text,
                to_char(one.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                coalesce(one.actor_id::text, '-'), one.action, one.version,
                coalesce(nullif(one.subject_type, ''), '-'), coalesce(one.subject_id::text, '-'),
                encode(one.commitment, 'hex')), 'UTF8'));
        UPDATE audit.event SET hash = last WHERE company_id = one.company_id AND id = one.id;
    END LOOP;
    UPDATE audit.head SET hash = last;
END
$$
"""


@pytest.fixture
def company(fresh_database, tmp_path):
    """A company of its own with a few events; yields what the tests need to look at it and to break it."""
    app = create_app(make_settings(fresh_database, tmp_path))
    with app.app_context():
        staffroom = app.extensions["staffroom"]
        company = make_company(staffroom, "acme", "Acme")
        with work(staffroom, company) as uow:
            for number in range(9):
                audit.record(uow, Action.EMPLOYEE_CHANGED, number=number)

        def verdict():
            with work(staffroom, company) as uow:
                return audit_log.verify(uow)

        def break_with(sql):
            with psycopg.connect(libpq(fresh_database.admin_url)) as connection:
                connection.execute(sql)

        yield staffroom, company, verdict, break_with
        db.engine.dispose()


def test_an_untouched_chain_is_intact(company):
    _, _, verdict, _ = company
    assert verdict().intact
    assert verdict().checked == 10


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("UPDATE audit.event SET payload = replace(payload, '192.0.2.1', '192.0.2.9') WHERE seq = 4", 4),
        ("UPDATE audit.event SET payload = payload || ' ' WHERE seq = 5", 5),
        ("UPDATE audit.event SET at = at + interval '1 second' WHERE seq = 6", 6),
        ("UPDATE audit.event SET action = 'employee.created' WHERE seq = 7", 7),
        ("UPDATE audit.event SET actor_id = gen_random_uuid() WHERE seq = 3", 3),
        ("UPDATE audit.event SET version = 'other' WHERE seq = 2", 2),
        ("DELETE FROM audit.event WHERE seq = 5", 5),
        ("DELETE FROM audit.event WHERE seq > 7", 8),
        ("DELETE FROM audit.event", 1),
        ("DELETE FROM audit.head", 10),
        ("UPDATE audit.event SET seq = CASE seq WHEN 4 THEN 50 ELSE seq END", 4),
    ],
)
def test_every_rewriting_is_found_at_its_place(company, sql, where):
    """T130, T131, T132."""
    _, _, verdict, break_with = company
    break_with(sql)
    assert verdict().broken_at == where


def test_erasing_a_person_keeps_the_chain_green(company):
    """T136: the payload goes with its salt, the commitment stays."""
    _, _, verdict, break_with = company
    break_with("UPDATE audit.event SET payload = NULL, salt = NULL WHERE seq IN (3, 4)")
    assert verdict().intact


def test_what_was_erased_is_no_longer_found(company):
    """P16: the address and the person that the log is searched by go with the payload they came from."""
    staffroom, facts, _, break_with = company
    someone = str(uuid4())
    with work(staffroom, facts) as uow:
        audit.record(uow, Action.SESSIONS_ENDED, employee=someone)

    def found() -> tuple[int, int]:
        with work(staffroom, facts) as uow:
            by_address = audit_log.list_events(uow, LogFilter(ip="192.0.2.1")).events
            return len(by_address), len(audit_log.list_events(uow, LogFilter(people=(UUID(someone),))).events)

    assert found() == (11, 1)
    break_with("UPDATE audit.event SET payload = NULL, salt = NULL WHERE seq > 9")
    assert found() == (9, 0)


def test_events_of_many_at_once_have_no_gap(company):
    """T136: a thousand by eight at once; the head row is locked, so numbers neither repeat nor miss, nor deadlock."""
    staffroom, facts, verdict, _ = company
    app = current_app._get_current_object()

    def record_some(_number):
        with app.app_context():
            for _ in range(25):
                with work(staffroom, facts) as uow:
                    for _ in range(5):
                        audit.record(uow, Action.EMPLOYEE_CHANGED)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(record_some, range(8)))
    assert verdict().intact
    assert verdict().checked == 10 + 1000


def test_a_chain_that_was_computed_anew_has_another_head(company):
    """T133: it agrees with itself, so what was noted of it elsewhere is what gives it away."""
    _, _, verdict, break_with = company
    noted = verdict().head
    break_with(ANEW)
    assert verdict().intact, "the chain alone cannot know"
    assert verdict().head != noted

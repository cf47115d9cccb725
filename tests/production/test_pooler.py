"""The portal behind PgBouncer in transaction mode: several companies on the same few connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from portal.app import create_app
from portal.db import db
from portal.jobs.runner import job_app
from portal.models import Employee, OutboxMessage
from portal.models.outbox_message import MessageStatus
from portal.services import outbox
from tests.factories.companies import work
from tests.fixtures.cast import make_cast
from tests.fixtures.pooler import CONNECTIONS
from tests.fixtures.portal import make_settings


@pytest.fixture
def pooled(pooled_database, tmp_path):
    app = create_app(make_settings(pooled_database, tmp_path, pooled=True))
    with app.app_context():
        yield app, make_cast(app.extensions["staffroom"])
        db.engine.dispose()


def test_connections_that_are_lent_in_turn_show_each_company_its_own(pooled):
    """T105 behind a pooler: what a transaction set for its company does not reach the next one."""
    app, cast = pooled

    def look(turn: int) -> tuple[str, set[str], int]:
        company = (cast.acme, cast.beta)[turn % 2]
        with app.app_context(), work(app.extensions["staffroom"], company) as uow:
            by_orm = set(uow.session.scalars(select(Employee.email)))
            raw = uow.session.execute(text("SELECT email, pg_backend_pid() FROM employee")).all()
            assert {email for email, _ in raw} == by_orm
            return company.slug, {email.split("@")[1] for email in by_orm}, raw[0][1]

    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(look, range(200)))
    assert {(slug, *domains) for slug, domains, _ in seen} == {
        ("acme", "acme.example"),
        ("beta", "beta.example"),
    }
    lent = {(slug, backend) for slug, _, backend in seen}
    assert len({backend for _, backend in lent}) <= CONNECTIONS
    assert any((other, backend) in lent for slug, backend in lent for other in {"acme", "beta"} - {slug})


def test_raw_sql_after_a_transaction_of_a_company_sees_nothing(pooled):
    """T107 behind a pooler: the connection comes back as it was lent."""
    app, cast = pooled
    with work(app.extensions["staffroom"], cast.acme) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM employee")) > 0
    with db.engine.connect() as connection:
        for _ in range(2 * CONNECTIONS):
            assert connection.scalar(text("SELECT count(*) FROM employee")) == 0
            connection.rollback()


def test_jobs_run_without_a_connection_to_listen_on(pooled):
    app, cast = pooled
    with work(app.extensions["staffroom"], cast.acme) as uow:
        eve = uow.session.get(Employee, (cast.acme.id, cast.eve.employee_id))
        outbox.queue_mail(uow, eve, "password_changed", changed_at="today", link="https://staff.example.com/")
    job_app(app).run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    with work(app.extensions["staffroom"], cast.acme) as uow:
        assert uow.session.scalars(select(OutboxMessage.status)).all() == [MessageStatus.KEPT]

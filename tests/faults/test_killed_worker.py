"""A worker is killed while a job runs: another takes the job up, once, and no letter is lost or sent twice."""

from __future__ import annotations

from contextlib import suppress

import pytest
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy import select, text

from portal.app import create_app
from portal.db import db
from portal.jobs import stalled
from portal.jobs.runner import job_app
from portal.models import Employee, OutboxMessage
from portal.models.outbox_message import MessageStatus
from portal.services import outbox
from tests.factories.companies import make_company, work
from tests.factories.people import make_employee
from tests.fixtures.killed import killed_after
from tests.fixtures.portal import make_settings

#: A worker whose mail server takes for ever: it says when it has begun, and is killed then.
WORKER = """
import sys, time
from pathlib import Path
from portal.app import create_app
from portal.jobs.runner import job_app
from tests.fixtures.database_server import Database
from tests.fixtures.portal import make_settings

class Never:
    def send(self, mail):
        Path(sys.argv[4]).touch()
        time.sleep(600)

app = create_app(make_settings(Database("", sys.argv[1], sys.argv[2], "", ""), Path(sys.argv[3])))
object.__setattr__(app.extensions["staffroom"].outside, "mail", Never())
job_app(app).run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
"""


class Post:
    """A mail server that takes everything."""

    def __init__(self) -> None:
        self.sent = []

    def send(self, mail) -> str:
        self.sent.append(mail.to)
        return f"<{mail.outbox_id}@tests>"


@pytest.fixture
def portal(fresh_database, tmp_path):
    app = create_app(make_settings(fresh_database, tmp_path))
    post = Post()
    object.__setattr__(app.extensions["staffroom"].outside, "mail", post)
    with app.app_context():
        company = make_company(app.extensions["staffroom"], "acme", "Acme")
        with work(app.extensions["staffroom"], company) as uow:
            eve = make_employee(uow, "eve@acme.example", "Eve", "Malá")
        yield app, company, eve.id, post
        db.engine.dispose()


def run_worker(app) -> None:
    job_app(app).run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def resume(app) -> None:
    """What the worker does each minute."""
    jobs = job_app(app)
    with jobs.open(), suppress(AlreadyEnqueued):
        jobs.tasks[stalled.RESUME_TASK].defer(timestamp=0)
    run_worker(app)


def test_a_letter_whose_worker_was_killed_leaves_once(portal, fresh_database, tmp_path):
    """T150: the job neither stays begun for ever nor runs twice."""
    app, company, eve_id, post = portal
    with work(app.extensions["staffroom"], company) as uow:
        eve = uow.session.get(Employee, (company.id, eve_id))
        outbox.queue_mail(uow, eve, "password_changed", changed_at="today", link="https://x.example/")
    begun = tmp_path / "begun"
    arguments = [fresh_database.owner_url, fresh_database.app_url, tmp_path, begun]
    with killed_after(WORKER, begun, *arguments):
        pass
    resume(app)
    assert post.sent == [], "a worker that was heard of a moment ago may still be at it"
    with work(app.extensions["staffroom"], company) as uow:
        silence = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '2 minutes'"
        uow.session.execute(text(silence))
    resume(app)
    run_worker(app)
    assert post.sent == ["eve@acme.example"]
    with work(app.extensions["staffroom"], company) as uow:
        message = uow.session.scalars(select(OutboxMessage)).one()
        assert (message.status, message.attempts) == (MessageStatus.SENT, 1)
        left = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        assert uow.session.scalar(text(left)) == 0

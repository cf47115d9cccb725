"""While the fence stands the worker begins nothing that writes; afterwards everything that waited is done, once."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal.app import create_app
from portal.db import db
from portal.jobs import backups, trust_checks
from portal.jobs.fenced import KEEPERS, Fenced
from portal.jobs.runner import job_app
from portal.jobs.unit_of_work import company_job, in_every_company
from portal.models import Employee
from portal.services import outbox
from tests.factories.companies import work
from tests.fixtures.cast import make_cast
from tests.fixtures.portal import NOW, make_settings


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
        cast = make_cast(app.extensions["staffroom"])
        with work(app.extensions["staffroom"], cast.acme) as uow:
            eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
            outbox.queue_mail(uow, eve, "password_changed", changed_at="today", link="https://x.example/")
        yield app, cast, post, app.extensions["staffroom"].fence
        db.engine.dispose()


def run_worker(app) -> None:
    job_app(app).run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def queue(app) -> dict[str, tuple[str, int]]:
    with db.engine.connect() as connection:
        asked = text("SELECT task_name, status::text, attempts FROM procrastinate_jobs")
        return {name: (status, attempts) for name, status, attempts in connection.execute(asked)}


def test_a_letter_waits_behind_the_fence_and_a_look_for_damage_does_not(portal, monkeypatch):
    """T143: the letter's job is not begun, so nothing of it is written and no attempt is counted."""
    app, cast, post, fence = portal
    looked = []
    monkeypatch.setattr(backups, "command", lambda *words: looked.append(words))
    monkeypatch.setattr(backups, "wanted", lambda _app: True)
    fence.put_up("a broken page", at=NOW)
    with job_app(app).open() as jobs:
        jobs.tasks[backups.CHECK].defer(timestamp=0)
    run_worker(app)
    assert post.sent == [] and looked == [("integrity", "check")]
    assert queue(app)[outbox.SEND_TASK] == ("todo", 0)
    fence.take_down()
    run_worker(app)
    assert post.sent == [cast.eve.email]
    run_worker(app)
    assert post.sent == [cast.eve.email]


def test_a_job_that_the_fence_meets_halfway_stops_at_its_next_transaction(portal):
    """T143: what it had finished stays; it is tried again, and for no other company meanwhile."""
    app, _cast, _post, fence = portal
    served = []

    def step(uow):
        served.append(uow.company.slug)
        fence.put_up("a broken page", at=NOW)

    with pytest.raises(Fenced):
        in_every_company(step, job="a-night")
    assert len(served) == 1
    with job_app(app).open() as jobs:
        letter = jobs.tasks[outbox.SEND_TASK]
        (waiting,) = jobs.job_manager.list_jobs(task=outbox.SEND_TASK)
        assert letter.get_retry_exception(Fenced("send_message"), waiting) is not None


def test_no_transaction_of_a_job_begins_behind_the_fence(portal):
    """T143."""
    _app, cast, _post, fence = portal
    fence.put_up("a broken page", at=NOW)
    with pytest.raises(Fenced), company_job(str(cast.acme.id), job="any"):
        raise AssertionError("it has begun")


def test_only_what_looks_after_the_data_goes_on(app):
    """T143: a job that is added later waits, unless somebody lists it here."""
    going_on = {name for name, task in job_app(app).tasks.items() if task.queue == KEEPERS}
    assert going_on == {
        backups.NIGHTLY,
        backups.WATCH,
        backups.CHECK,
        backups.DRILL,
        trust_checks.CHECK_TRUST,
        trust_checks.VERIFY_LOGS,
    }

"""Messages leave after the commit, by a real worker, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.app import create_app
from portal.db import db
from portal.integrations.mail import MailFailed
from portal.jobs.runner import job_app
from portal.jobs.unit_of_work import CompanyGone, company_job
from portal.models import Employee, OutboxMessage
from portal.models.outbox_message import MessageStatus
from portal.services import outbox
from tests.factories.companies import work
from tests.fixtures.cast import SENTINEL, make_cast
from tests.fixtures.portal import make_settings


class Post:
    """A mail sender that keeps what it was given, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.sent, self.failures = [], []

    def send(self, mail) -> str | None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(mail)
        return f"<{mail.outbox_id}@tests>"


@pytest.fixture
def post_office(fresh_database, tmp_path):
    """The portal with its worker, and the sender that the worker uses."""
    app = create_app(make_settings(fresh_database, tmp_path))
    post = Post()
    object.__setattr__(app.extensions["staffroom"].outside, "mail", post)
    with app.app_context():
        cast = make_cast(app.extensions["staffroom"])
        yield app, cast, post
        db.engine.dispose()


def write_to_eve(app, cast, *, fail=False):
    with work(app.extensions["staffroom"], cast.acme) as uow:
        eve = uow.session.get(Employee, (cast.acme.id, cast.eve.employee_id))
        outbox.queue_mail(uow, eve, "password_changed", changed_at="today", link="https://staff.example.com/")
        if fail:
            raise RuntimeError


def run_worker(app):
    jobs = job_app(app)
    jobs.periodic_registry.periodic_tasks.clear()  # what comes by the clock would keep the worker until a later try
    jobs.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def statuses(app, cast):
    with work(app.extensions["staffroom"], cast.acme) as uow:
        return [(row.status, row.attempts) for row in uow.session.scalars(select(OutboxMessage))]


def test_a_letter_leaves_after_the_commit(post_office):
    app, cast, post = post_office
    write_to_eve(app, cast)
    assert post.sent == []
    run_worker(app)
    assert [mail.to for mail in post.sent] == [cast.eve.email]
    assert statuses(app, cast) == [(MessageStatus.SENT, 1)]


def test_what_was_undone_is_never_sent(post_office):
    app, cast, post = post_office
    with pytest.raises(RuntimeError):
        write_to_eve(app, cast, fail=True)
    run_worker(app)
    assert post.sent == []


def test_a_passing_fault_is_tried_again_and_a_lasting_one_is_not(post_office):
    app, cast, post = post_office
    post.failures = [MailFailed(permanent=False, code="451")]
    write_to_eve(app, cast)
    run_worker(app)
    assert statuses(app, cast) == [(MessageStatus.QUEUED, 1)]
    post.failures = [MailFailed(permanent=True, code="550")]
    write_to_eve(app, cast)
    run_worker(app)
    assert sorted(statuses(app, cast)) == [(MessageStatus.FAILED, 1), (MessageStatus.QUEUED, 1)]
    assert post.sent == []


def test_one_worker_writes_for_several_companies_and_mixes_nothing(post_office):
    """T111: Acme, Beta, Acme again through the same worker and connection."""
    app, cast, post = post_office
    for member in (cast.eve, cast.bea, cast.mats):
        with work(app.extensions["staffroom"], member.company, member.actor) as uow:
            employee = uow.session.get_one(Employee, (member.company.id, member.employee_id))
            outbox.queue_mail(
                uow, employee, "password_changed", changed_at="today", link="https://x.example/"
            )
    run_worker(app)
    letters = {mail.to: f"{mail.subject} {mail.text} {mail.html}" for mail in post.sent}
    assert set(letters) == {cast.eve.email, cast.bea.email, cast.mats.email}
    assert SENTINEL in letters[cast.eve.email]
    assert SENTINEL not in letters[cast.bea.email]
    assert cast.bea.name not in letters[cast.mats.email]


@pytest.mark.usefixtures("post_office")
def test_a_job_for_a_company_that_is_gone_does_nothing():
    """T103: a job never falls back to another company."""
    with (
        pytest.raises(CompanyGone),
        company_job("00000000-0000-0000-0000-000000000000", job="tests"),
    ):
        pass

"""A worker is killed while it tells companies of a processor: each of them hears of it, and none of them twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.app import create_app
from portal.db import db, open_support_session
from portal.domain.clock import FrozenClock
from portal.jobs import processors as telling
from portal.models import OutboxMessage, ProcessorNotice
from portal.services import audit_log, processors
from portal.services.operator_work import OperatorWork, Staff
from portal.services.processors import Described
from tests.factories.companies import make_company, work
from tests.factories.people import make_employee
from tests.fixtures.killed import killed_after
from tests.fixtures.portal import NOW, make_settings

SLUGS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")

#: A worker that stands still inside the transaction of the company it is told, with the letters written.
WORKER = """
import sys, time
from pathlib import Path
from portal.app import create_app
from portal.domain.clock import FrozenClock
from portal.jobs import processors as telling
from portal.services import processor_notices
from tests.fixtures.database_server import Database
from tests.fixtures.portal import NOW, make_settings

owner, app_url, folder, begun, slug = sys.argv[1:]
app = create_app(make_settings(Database("", owner, app_url, "", ""), Path(folder)), clock=FrozenClock(NOW))
real = processor_notices.tell

def slowly(uow):
    heard = real(uow)
    uow.settle()
    if uow.company.slug == slug:
        Path(begun).touch()
        time.sleep(600)
    return heard

processor_notices.tell = slowly
with app.app_context():
    telling.run(app)
"""


@pytest.fixture
def portal(fresh_database, tmp_path):
    """Six companies, each with two admins, and a processor that is on the register since a moment ago."""
    app = create_app(make_settings(fresh_database, tmp_path), clock=FrozenClock(NOW))
    staffroom = app.extensions["staffroom"]
    with app.app_context():
        companies = [make_company(staffroom, slug, slug.capitalize()) for slug in SLUGS]
        for company in companies:
            with work(staffroom, company) as uow:
                for name in ("ana", "bob"):
                    make_employee(uow, f"{name}@{company.slug}.example", name, "Malá", roles=("admin",))
        with open_support_session() as session:
            staff = Staff(
                company_slug="",
                opening=None,
                session_id=companies[0].id,
                id=companies[0].id,
                name="Sam",
                email="sam@operator.example",
            )
            since = (NOW + timedelta(days=30)).date()
            entered = Described("Post", "Sends letters", "Addresses", "Austria", "Article 28", since)
            processors.add(OperatorWork(session, staffroom.clock, "", staffroom.outside), staff, entered)
            session.commit()
        yield app, companies
        for engine in db.engines.values():
            engine.dispose()


def told(app, company) -> tuple[int, int, int]:
    """How often the company was told: rows, letters, events of its log."""
    with work(app.extensions["staffroom"], company) as uow:
        notices = uow.session.scalar(select(func.count()).select_from(ProcessorNotice))
        letters = uow.session.scalar(
            select(func.count()).where(OutboxMessage.template == "processor_announced")
        )
        events = [one for one in audit_log.list_events(uow).events if one.action == "processor.announced"]
        assert audit_log.verify(uow).intact
        return notices, letters, len(events)


@pytest.mark.parametrize("slug", ["alpha", "epsilon"])
def test_every_company_is_told_once_by_whoever_comes_next(portal, fresh_database, tmp_path, slug):
    """T201: killed in the first company or with half of them told, inside a transaction that has its letters."""
    app, companies = portal
    begun = tmp_path / "begun"
    arguments = [fresh_database.owner_url, fresh_database.app_url, tmp_path, begun, slug]
    with killed_after(WORKER, begun, *arguments):
        pass
    done = {one.slug for one in companies if told(app, one) == (1, 2, 1)}
    assert done == {one for one in SLUGS if one < slug}
    assert {told(app, one) for one in companies if one.slug not in done} <= {(0, 0, 0)}
    assert register(app) == (True, None), "not all have heard"
    telling.run(app)
    telling.run(app)
    assert {told(app, one) for one in companies} == {(1, 2, 1)}
    assert register(app) == (True, NOW.date())


def register(app) -> tuple[bool, object]:
    [line] = processors.register(NOW.date())
    return line.planned, line.told_on

"""A worker is killed in the middle of an erasure: the next one goes on where it was, and nothing is done twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, text, update

from portal.app import create_app
from portal.db import db
from portal.domain.clock import FrozenClock
from portal.jobs import erasures
from portal.models import Absence, AuditEvent, Employee, Employment, ErasureRequest, ErasureStep, LedgerEntry
from portal.services import audit_log
from portal.services.forgetting import requests
from tests.factories.belongings import give_acme_everything
from tests.factories.companies import work
from tests.fixtures.cast import make_cast
from tests.fixtures.killed import killed_after
from tests.fixtures.portal import NOW, make_settings

#: A worker that erases for real and then stands still inside the transaction of the table it is told.
WORKER = """
import sys, time
from pathlib import Path
from uuid import UUID
from portal.app import create_app
from portal.domain.clock import FrozenClock
from portal.jobs import erasures
from portal.services.forgetting import carrying_out
from tests.fixtures.database_server import Database
from tests.fixtures.portal import NOW, make_settings

owner, app_url, folder, begun, company, request, table = sys.argv[1:]
app = create_app(make_settings(Database("", owner, app_url, "", ""), Path(folder)), clock=FrozenClock(NOW))
real = carrying_out.erasers.erase

def slowly(uow, employee_id, of_table, waits_for):
    rows = real(uow, employee_id, of_table, waits_for)
    if of_table == table:
        Path(begun).touch()
        time.sleep(600)
    return rows

carrying_out.erasers.erase = slowly
with app.app_context():
    erasures.run(company, UUID(request))
"""


@pytest.fixture
def approved(fresh_database, tmp_path):
    """The portal with an approved request of Eve, who has left."""
    app = create_app(make_settings(fresh_database, tmp_path), clock=FrozenClock(NOW))
    staffroom = app.extensions["staffroom"]
    with app.app_context():
        cast = make_cast(staffroom)
        with work(staffroom, cast.acme, cast.ana.actor) as uow:
            give_acme_everything(uow, cast)
            uow.session.execute(text("DELETE FROM erasure_request"))
            eve = cast.eve.employee_id
            later = Employment.start_date >= uow.today()
            uow.session.execute(delete(Employment).where(Employment.employee_id == eve, later))
            uow.session.execute(
                update(Employment).where(Employment.employee_id == eve).values(end_date=uow.today())
            )
            uow.session.execute(update(Employee).where(Employee.id == eve).values(active=False))
        with work(staffroom, cast.acme, cast.ana.actor) as uow:
            request_id = requests.enter(uow, email="eve@acme.example", received_on=uow.today())
        with work(staffroom, cast.acme, cast.ana.actor) as uow:
            requests.plan(uow, request_id, version=1)
        with work(staffroom, cast.acme, replace(cast.mats, roles=("employee", "hr")).actor) as uow:
            requests.approve(uow, request_id, version=2)
            uow.session.flush()
            uow.session.execute(text("UPDATE outbox_message SET status = 'kept'"))
        yield app, cast, request_id
        db.engine.dispose()


@pytest.mark.parametrize("table", ["event", "sign_in_session", "ledger_entry", "employee"])
def test_an_erasure_whose_worker_was_killed_goes_on_where_it_was(approved, fresh_database, tmp_path, table):
    """T150: what was committed stays done, what was not is done once, the log's chain holds."""
    app, cast, request_id = approved
    begun = tmp_path / "begun"
    urls = [fresh_database.owner_url, fresh_database.app_url]
    told = [tmp_path, begun, cast.acme.id, request_id, table]
    with killed_after(WORKER, begun, *urls, *told, patience=120):
        pass
    before = done(app, cast)
    assert table not in before
    assert state(app, cast, request_id) == "erasing"
    erasures.run(str(cast.acme.id), request_id)
    after = done(app, cast)
    assert after | before == after, "what was done is not done again"
    assert state(app, cast, request_id) == "partly"
    assert app.extensions["staffroom"].outside.erasures.check() == 1
    with work(app.extensions["staffroom"], cast.acme, cast.ana.actor) as uow:
        assert audit_log.verify(uow).intact
        eve = cast.eve.employee_id
        assert set(uow.session.scalars(select(LedgerEntry.reason))) == {""}
        assert set(uow.session.scalars(select(Absence.note))) == {None}
        told_of_her = select(func.count()).where(AuditEvent.actor_id == eve, AuditEvent.payload.is_not(None))
        assert uow.session.scalar(told_of_her) == 0


def done(app, cast) -> dict[str, object]:
    """The steps that are done, with when."""
    with work(app.extensions["staffroom"], cast.acme, cast.ana.actor) as uow:
        rows = uow.session.execute(
            select(ErasureStep.table_name, ErasureStep.done_at).where(ErasureStep.done_at.is_not(None))
        )
        return dict(rows.all())


def state(app, cast, request_id) -> str:
    with work(app.extensions["staffroom"], cast.acme, cast.ana.actor) as uow:
        return uow.session.scalar(select(ErasureRequest.status).where(ErasureRequest.id == request_id))

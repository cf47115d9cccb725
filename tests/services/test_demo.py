"""The demonstration: both companies whole or not at all, once, and with something to do for everybody in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.app import Staffroom, create_app
from portal.db import db, open_session, open_support_session
from portal.demo import load
from portal.demo.companies import ACME, BETA, COMPANIES, PASSWORD, DemoCompany
from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import StepStatus
from portal.domain.ledger import EntryKind
from portal.integrations.storage import StorageFull
from portal.models import (
    Absence,
    AbsencePart,
    AgreedEntitlement,
    ApprovalStep,
    CompanyIncident,
    Confirmation,
    Employee,
    Identity,
    Incident,
    LedgerEntry,
    LineManagement,
    Processor,
    ProcessorAnswer,
    PublishedShift,
    Roster,
    Shift,
)
from portal.services import companies
from tests.fixtures.database_server import DatabaseServer
from tests.fixtures.portal import make_settings


class FullStore:
    """A disk without room, met late in the story."""

    def put(self, *_arguments: object) -> None:
        raise StorageFull

    def delete(self, *_arguments: object) -> None:
        """Nothing was kept."""


@pytest.fixture(scope="module")
def app(
    database_server: DatabaseServer, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A portal that nobody has used yet; what is loaded stays until the module's end."""
    database = database_server.clone(f"staffroom_demo_{worker_id}")
    app = create_app(make_settings(database, tmp_path_factory.mktemp("demo")))
    with app.app_context():
        yield app
        for engine in db.engines.values():
            engine.dispose()


def tell(app: Flask, demo: DemoCompany, **changes: Any) -> None:
    staffroom: Staffroom = app.extensions["staffroom"]
    outside = replace(staffroom.outside, **changes)
    load.load(demo, clock=staffroom.clock, outside=outside, version="test")


def count(app: Flask, demo: DemoCompany, query: Any) -> int:
    company = next(one for one in companies.all_companies() if one.slug == demo.slug)
    with open_session(company_id=company.id) as session:
        return session.scalar(query) or 0


def test_a_load_that_breaks_leaves_nothing(app):
    with pytest.raises(StorageFull):
        tell(app, BETA, files=FullStore())
    assert companies.all_companies() == []
    assert load.missing() == list(COMPANIES)


def test_each_company_is_loaded_once(app):
    tell(app, BETA)
    assert load.missing() == [ACME]
    tell(app, ACME)
    assert load.missing() == []


def test_the_operator_has_something_on_record(app):
    """Once, however many companies there are: processors, an incident that is over, and one that is not."""
    with open_support_session() as session:
        assert session.scalar(select(func.count()).select_from(Processor)) == 5
        closed = session.execute(select(Incident.closed_at.is_not(None)).order_by(Incident.noticed_at)).all()
    assert [one for (one,) in closed] == [True, False]
    read = select(func.count(CompanyIncident.acknowledged_at))
    answers = select(func.count(ProcessorAnswer.id))
    assert (count(app, ACME, read), count(app, ACME, answers)) == (1, 1)
    assert (count(app, BETA, read), count(app, BETA, answers)) == (0, 0)


def test_the_cast_can_sign_in(app):
    for demo in COMPANIES:
        company = next(one for one in companies.all_companies() if one.slug == demo.slug)
        emails = {player.email for player in demo.players}
        query = select(Identity.password_hash).join(Employee, Employee.id == Identity.employee_id)
        with open_session(company_id=company.id) as session:
            hashes = session.scalars(query.where(Employee.email.in_(emails))).all()
        assert len(hashes) == len(emails)
        verify = app.extensions["staffroom"].outside.passwords.verify
        assert all(verify(one, PASSWORD) for one in hashes)


@pytest.mark.parametrize("demo", COMPANIES, ids=lambda demo: demo.slug)
def test_there_is_something_to_do(app, demo):
    manager = select(Employee.id).where(Employee.email == demo.players[1].email).scalar_subquery()
    waiting = (
        select(func.count())
        .select_from(Absence)
        .join(LineManagement, LineManagement.employee_id == Absence.employee_id)
        .where(Absence.status == AbsenceStatus.REQUESTED, LineManagement.manager_id == manager)
    )
    drafts = select(func.count()).select_from(Roster).where(Roster.version == 0)
    assert count(app, demo, waiting) >= 3
    assert count(app, demo, drafts) == 1
    assert count(app, demo, select(func.count()).select_from(PublishedShift)) > 100
    assert count(app, demo, select(func.count()).select_from(Confirmation)) > 0


@pytest.mark.parametrize("demo", COMPANIES, ids=lambda demo: demo.slug)
def test_nobody_works_on_a_day_off(app, demo):
    query = (
        select(func.count())
        .select_from(Shift)
        .join(AbsencePart, (AbsencePart.employee_id == Shift.employee_id) & (AbsencePart.date == Shift.date))
        .where(AbsencePart.live)
    )
    assert count(app, demo, query) == 0


@pytest.mark.parametrize("demo", COMPANIES, ids=lambda demo: demo.slug)
def test_a_plan_a_chain_and_days_that_will_lapse_are_there_to_see(app, demo):
    """Carried over from last year, usable through a day to come; one long vacation has passed its first step."""
    today = app.extensions["staffroom"].clock.now().date()
    carried = (
        select(func.count())
        .select_from(LedgerEntry)
        .where(LedgerEntry.kind == EntryKind.CARRY_IN, LedgerEntry.usable_through >= today)
    )
    agreed = select(func.count()).select_from(AgreedEntitlement)
    assert count(app, demo, carried) > 5
    assert count(app, demo, agreed) == 1
    for status, least in ((StepStatus.APPROVED, 1), (StepStatus.OPEN, 2)):
        steps = select(func.count()).select_from(ApprovalStep).where(ApprovalStep.status == status)
        assert count(app, demo, steps) >= least

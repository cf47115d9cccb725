"""Eve has left and is to be forgotten: two people of HR, everything she has left behind, and what the worker does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, select, text, update

from portal.jobs import erasures
from portal.models import Confirmation, DistributionRecipient, Employee, Employment, SignInAttempt
from portal.models.base import Base, CompanyScoped
from portal.services import people
from portal.services.forgetting import requests
from tests.factories.belongings import give_acme_everything
from tests.fixtures.cast import SENTINEL

PHONE = "+420601123456"
#: Words that say who it was, wherever they stand.
NAME = f"Malá{SENTINEL}"
TRACES = ("eve@acme.example", NAME, "Wedding", "192.0.2.77")


@pytest.fixture
def hr(cast):
    """A second person of HR: Mats has the role too."""
    return replace(cast.mats, roles=("employee", "hr"))


@pytest.fixture
def eve_left(cast, as_):
    """Eve with rows in many tables, who left years ago; confirmed a document, tried to sign in."""
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
        uow.session.execute(text("DELETE FROM erasure_request"))
        eve = uow.session.get(Employee, (cast.acme.id, cast.eve.employee_id))
        people.seal_phone(uow, eve, PHONE)
        recipient = uow.session.scalars(select(DistributionRecipient)).first()
        uow.session.add_all(
            [
                Confirmation(
                    distribution_recipient_id=recipient.id,
                    employee_id=eve.id,
                    statement="I have read it",
                    language="en",
                    sha256=b"x",
                    confirmed_at=uow.clock.now(),
                    ip="192.0.2.77",
                ),
                SignInAttempt(
                    subject_hash=b"x",
                    employee_id=eve.id,
                    ip="192.0.2.77",
                    step="password",
                    succeeded=True,
                    attempted_at=uow.clock.now(),
                ),
            ]
        )
    with as_(cast.eve) as uow:
        people.audit.record(uow, people.audit.Action.SIGN_IN_SUCCEEDED)
    leave(as_, cast, date(2026, 6, 1))
    return cast.eve.employee_id


def leave(as_, cast, last_day: date) -> None:
    """As `people.deactivate` does, on a day of choice."""
    with as_(cast.ana) as uow:
        theirs = Employment.employee_id == cast.eve.employee_id
        uow.session.execute(delete(Employment).where(theirs, Employment.start_date > last_day))
        uow.session.execute(update(Employment).where(theirs).values(end_date=last_day))
        uow.session.execute(update(Employee).where(Employee.id == cast.eve.employee_id).values(active=False))


@pytest.fixture
def approved(eve_left, cast, as_, hr):
    """Asked for, planned by Ana, approved by Mats; not carried out yet."""
    return approve(cast, as_, hr)


def approve(cast, as_, hr):
    with as_(cast.ana) as uow:
        request_id = requests.enter(uow, email="eve@acme.example", received_on=uow.today())
    with as_(cast.ana) as uow:
        requests.plan(uow, request_id, version=1)
    with as_(hr) as uow:
        requests.approve(uow, request_id, version=2)
        uow.session.flush()
        # The worker hands over the letters first.
        uow.session.execute(text("UPDATE outbox_message SET status = 'kept'"))
    return request_id


@pytest.fixture
def carry_out(app, cast):
    """What the worker does with an approved request."""

    def done(request_id):
        with app.app_context():
            erasures.run(str(cast.acme.id), request_id)

    return done


def where(as_, cast, words=TRACES) -> set[str]:
    """Every table of the company in which one of the words stands, the log among them."""
    found = set()
    with as_(cast.ana) as uow:
        for mapper in Base.registry.mappers:
            if not issubclass(mapper.class_, CompanyScoped):
                continue
            table = mapper.local_table
            rows = uow.session.execute(text(f"SELECT t::text FROM {table.fullname} AS t")).scalars()  # noqa: S608
            if any(word in row for row in rows for word in words):
                found.add(table.fullname)
    return found

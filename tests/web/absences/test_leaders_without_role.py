"""A line manager whose roles decide nothing is not asked to: HR finds the request instead."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import delete

from portal.domain.absence_types import TypeRules
from portal.models import RoleGrant
from portal.services import absence_cancellations, absence_types, absences, data_health, outbox, overtime
from portal.services.data_health import Problem
from portal.services.overtime import Worked
from tests.factories.absences import ask, grant, vacation
from tests.web.overtime.test_overtime import WORKED, lieu  # noqa: F401

AUGUST = date(2026, 8, 3)


@pytest.fixture
def powerless(as_, cast):
    """Mats, who leads Eve, has no role any more."""

    def take():
        with as_(cast.ana) as uow:
            uow.session.execute(delete(RoleGrant).where(RoleGrant.employee_id == cast.mats.employee_id))

    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    return take


@pytest.fixture
def told(as_, cast):
    """How many letters Mats has."""

    def _told():
        with as_(cast.ana) as uow:
            return len([one for one in outbox.list_latest(uow) if one.to == cast.mats.email])

    return _told


@pytest.fixture
def lost(as_, cast):
    """Whose requests are nobody's turn."""

    def _lost(problem=Problem.NO_APPROVER):
        with as_(cast.ana) as uow:
            return [one.name for one in data_health.check(uow).findings.get(problem, [])]

    return _lost


def test_a_request_is_not_sent_to_who_cannot_decide(client, as_, cast, powerless, told, lost):
    powerless()
    with as_(cast.eve) as uow:
        ask(uow, AUGUST)
    assert told() == 0
    assert lost() == [cast.eve.name]
    assert "has no role that approves absences" in client.sign_in(cast.eve).page("absences")


def test_nor_is_a_wish_to_give_up_what_is_approved(as_, cast, powerless, told):
    with as_(cast.ana) as uow:
        rules = TypeRules(yearly_entitlement=25_000, cancel_needs_approval=True)
        absence_types.change_rules(uow, vacation(uow).id, rules, valid_from=uow.today())
    with as_(cast.eve) as uow:
        absence_id = ask(uow, AUGUST).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    powerless()
    before = told()
    assert before == 1
    with as_(cast.eve) as uow:
        absence_cancellations.ask(uow, absence_id, version=2, note="The trip is off")
    assert told() == before


def test_nor_are_hours_worked_longer(as_, cast, powerless, told, lost, lieu):  # noqa: F811
    powerless()
    with as_(cast.eve) as uow:
        overtime.propose(uow, uuid4(), Worked(lieu, WORKED, 60))
    assert told() == 0
    assert lost(Problem.OVERTIME_WITHOUT_APPROVER) == [cast.eve.name]

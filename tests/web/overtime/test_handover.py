"""Waiting overtime whose approver has left is found, and handed over to somebody else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import select

from portal.domain.approvals import ApproverKind, StepRule, SubjectKind
from portal.domain.overtime import OvertimeStatus
from portal.models import AuditEvent, Employee, OvertimeCredit
from portal.services import data_health, outbox, overtime
from portal.services.approvals import rules
from portal.services.data_health import Problem
from portal.services.overtime import Worked
from tests.web.overtime.test_overtime import WORKED, lieu  # noqa: F401


@pytest.fixture
def proposed(as_, cast, lieu):  # noqa: F811
    """Eve's overtime waits for Otto, by a step."""
    with as_(cast.ana) as uow:
        step = StepRule(ApproverKind.PERSON, named_id=cast.otto.employee_id)
        rules.change(uow, lieu, [step], valid_from=uow.today(), kind=SubjectKind.OVERTIME)
    with as_(cast.eve) as uow:
        return overtime.propose(uow, uuid4(), Worked(lieu, WORKED, 60)).id


def without_approver(as_, cast):
    with as_(cast.ana) as uow:
        found = data_health.check(uow).findings.get(Problem.OVERTIME_WITHOUT_APPROVER, [])
        return [one.request_id for one in found]


def test_whose_approver_has_left_is_found_and_handed_over(client, as_, cast, proposed):
    assert without_approver(as_, cast) == []
    with as_(cast.ana) as uow:
        uow.session.get_one(Employee, (uow.company.id, cast.otto.employee_id)).active = False
    assert without_approver(as_, cast) == [proposed]
    client.sign_in(cast.ana)
    assert f"overtime/{proposed}/handover" in client.page("data-health")
    assert f"overtime/{proposed}/handover" in client.page("overtime")
    page = client.page(f"overtime/{proposed}/handover")
    assert "Hand over the overtime of" in page
    marked = html.fromstring(page).xpath('//nav//a[@aria-current="page"]/@href')
    assert marked == ["/c/acme/absences"], "the entry under which overtime is"
    form = {"version": "1", "approver": cast.mats.email, "reason": "Otto has left"}
    own = client.send(f"overtime/{proposed}/handover", form | {"approver": cast.eve.email})
    assert own.status_code == 422
    assert client.send(f"overtime/{proposed}/handover", form).status_code == 303
    assert without_approver(as_, cast) == []
    with as_(cast.ana) as uow:
        event = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "overtime.handed-over"))
        assert "Otto has left" in event.one().payload
        sent = [one for one in outbox.list_latest(uow) if one.to == cast.mats.email]
    assert f"{cast.ana.name} has handed the request over to you: Otto has left" in sent[0].text
    assert "has handed the request over to you" not in sent[-1].text or len(sent) == 1
    client.sign_in(cast.mats)
    assert client.send(f"overtime/{proposed}/approval", {"version": "2"}).status_code == 303
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(OvertimeCredit)).one()
        assert row.status is OvertimeStatus.BOOKED


def test_who_was_asked_before_is_told_and_decides_no_more(client, as_, cast, proposed):
    client.sign_in(cast.ana)
    form = {"version": "1", "approver": cast.mats.email, "reason": "Otto is in hospital"}
    assert client.send(f"overtime/{proposed}/handover", form).status_code == 303
    assert client.send(f"overtime/{proposed}/handover", form).status_code == 409, "changed meanwhile"
    with as_(cast.ana) as uow:
        told = [one for one in outbox.list_latest(uow) if one.to == cast.otto.email]
    said = f"{cast.mats.name} decides instead: overtime of {cast.eve.name}"
    assert [one for one in told if one.subject.startswith(said)]
    client.sign_in(cast.otto)
    assert client.send(f"overtime/{proposed}/approval", {"version": "2"}).status_code == 404
    assert client.get(f"/c/acme/overtime/{proposed}/handover").status_code == 403

"""The page of approvals leads to overtime that waits, and costs no statement more for it."""

from datetime import date
from uuid import uuid4

from portal.services import overtime
from portal.services.overtime import Worked
from tests.factories.absences import ask, grant
from tests.web.overtime.test_overtime import WORKED, lieu  # noqa: F401


def test_approvers_are_led_to_what_waits(client, as_, cast, statements, lieu):  # noqa: F811
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        overtime.propose(uow, uuid4(), Worked(lieu, WORKED, 60))
        overtime.propose(uow, uuid4(), Worked(lieu, WORKED, 90))
    client.sign_in(cast.mats)
    assert "2 proposals of overtime" in client.page("absences/approvals")  # nothing else waits
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 8, 3))
    client.sign_in(cast.mats)
    statements.clear()
    assert "2 proposals of overtime" in client.page("absences/approvals")
    assert len(statements) <= 8
    client.sign_in(cast.otto)
    assert "of overtime" not in client.page("absences/approvals")

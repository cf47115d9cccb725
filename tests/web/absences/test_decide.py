"""Approving and rejecting from the list of what waits, with htmx and without."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.models import Absence, Role, RolePermission
from portal.services import absences
from tests.factories.absences import ask, grant
from tests.fixtures.page_checks import without_tokens


@pytest.fixture
def waiting(as_, cast):
    """Eve's request for 3 August."""
    with as_(cast.ana) as uow:
        grant(uow, *[member.employee_id for member in (cast.eve, cast.mats, cast.ana)])
    with as_(cast.eve) as uow:
        return ask(uow, date(2026, 8, 3), note="Sea").id


def status_of(as_, cast, absence_id):
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(Absence.status).where(Absence.id == absence_id)).one()


def test_the_list_shows_what_one_needs_to_know(client, cast, waiting):
    page = client.sign_in(cast.mats).page("absences/approvals")
    for text in (cast.eve.name, "3 Aug 2026", "1 day", "24 days left in 2026 afterwards", "Sea"):
        assert text in page


@pytest.mark.parametrize(
    ("noun", "status"), [("approval", AbsenceStatus.APPROVED), ("rejection", AbsenceStatus.REJECTED)]
)
def test_a_manager_decides(client, cast, as_, waiting, noun, status):
    answer = client.sign_in(cast.mats).send(
        f"absences/{waiting}/{noun}", {"version": "1", "note": "So be it"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/c/acme/absences/approvals")
    assert status_of(as_, cast, waiting) is status
    assert "So be it" in client.sign_in(cast.eve).page(f"absences/{waiting}")


def test_htmx_gets_the_list_as_it_now_is(client, cast, waiting):
    answer = client.sign_in(cast.mats).send(f"absences/{waiting}/approval", {"version": "1"}, htmx=True)
    assert answer.status_code == 200
    assert 'id="waiting"' in answer.text
    assert "<html" not in answer.text
    assert "Nothing waits for you" in answer.text
    assert "The request is approved." in answer.text


@pytest.mark.parametrize("htmx", [True, False])
def test_the_second_decision_is_told_that_it_came_late(client, cast, as_, waiting, htmx):
    """T151: the slower of two managers reads what happened, and nothing is overwritten."""
    client.sign_in(cast.mats).send(f"absences/{waiting}/approval", {"version": "1"})
    answer = client.sign_in(cast.ana).send(f"absences/{waiting}/rejection", {"version": "1"}, htmx=htmx)
    assert answer.status_code == 409
    assert f"Already decided by {cast.mats.name}" in answer.text
    assert status_of(as_, cast, waiting) is AbsenceStatus.APPROVED


def test_a_decision_over_a_withdrawn_request_is_refused(client, cast, as_, waiting):
    """T152: withdrawn before the approver pressed the button stays withdrawn."""
    assert (
        client.sign_in(cast.eve).send(f"absences/{waiting}/withdrawal", {"version": "1"}).status_code == 303
    )
    assert client.sign_in(cast.mats).send(f"absences/{waiting}/approval", {"version": "1"}).status_code == 409
    assert status_of(as_, cast, waiting) is AbsenceStatus.WITHDRAWN


@pytest.mark.parametrize("version", ["", "0", "2", "one", "99999999999999999999"])
def test_a_form_without_the_right_version_changes_nothing(client, cast, as_, waiting, version):
    """T158: a stale or forged version is a conflict."""
    answer = client.sign_in(cast.mats).send(f"absences/{waiting}/approval", {"version": version})
    assert answer.status_code == 409
    assert status_of(as_, cast, waiting) is AbsenceStatus.REQUESTED


@pytest.mark.parametrize("noun", ["approval", "rejection"])
@pytest.mark.parametrize(
    ("member", "status"), [("eve", 403), ("pia", 404), ("otto", 404), ("zoe", 404), ("bo", 404)]
)
def test_who_may_not_decide_is_turned_away(client, cast, as_, waiting, noun, member, status):
    """T88: the owner, a colleague, and managers of another company."""
    answer = client.sign_in(getattr(cast, member)).send(f"absences/{waiting}/{noun}", {"version": "1"})
    assert answer.status_code == status
    assert status_of(as_, cast, waiting) is AbsenceStatus.REQUESTED


@pytest.mark.parametrize("member", ["mats", "ana"])
def test_an_approver_does_not_decide_their_own_request(client, cast, as_, waiting, member):
    """T88: nor does the page offer it."""
    person = getattr(cast, member)
    with as_(person) as uow:
        own = ask(uow, date(2026, 9, 1)).id
    page = client.sign_in(person).page("absences/approvals")
    assert "Your own request: somebody else decides." in page
    assert f"{own}/approval" not in page
    answer = client.send(f"absences/{own}/approval", {"version": "1"})
    assert answer.status_code == 403
    assert status_of(as_, cast, own) is AbsenceStatus.REQUESTED


def test_owners_withdraw_and_cancel_from_their_list(client, cast, as_, waiting):
    with as_(cast.eve) as uow:
        second = ask(uow, date(2026, 8, 10)).id
    with as_(cast.mats) as uow:
        absences.approve(uow, second, version=1)
    client.sign_in(cast.eve)
    answer = client.send(f"absences/{waiting}/withdrawal", {"version": "1"}, htmx=True)
    assert 'id="my-absences"' in answer.text
    assert "Your request is withdrawn." in answer.text
    answer = client.send(f"absences/{second}/cancellation", {"version": "2"}, htmx=True)
    assert "25 days left" in answer.text


def test_an_approver_cancels_from_the_absence_itself(client, cast, as_, waiting):
    client.sign_in(cast.mats).send(f"absences/{waiting}/approval", {"version": "1"})
    assert "Cancel time off" in client.page(f"absences/{waiting}")
    answer = client.send(f"absences/{waiting}/cancellation", {"version": "2", "note": "Fire drill"})
    assert answer.headers["Location"] == f"/c/acme/absences/{waiting}"
    assert status_of(as_, cast, waiting) is AbsenceStatus.CANCELLED


def test_whoever_may_not_read_reasons_never_receives_them(client, cast, as_, waiting):
    """T87: an approver whose role was stripped of reasons gets the list without a single note."""
    with as_(cast.ana) as uow:
        query = (
            select(RolePermission)
            .join(Role, Role.id == RolePermission.role_id)
            .where(Role.key == "manager", RolePermission.permission == "absence:view-reason")
        )
        uow.session.delete(uow.session.scalars(query).one())
    client.sign_in(cast.mats)
    for path in ("absences/approvals", f"absences/{waiting}", "calendar?month=2026-08"):
        assert "Sea" not in without_tokens(client.page(path))

"""Each event says to whom or what it was done, with a link where the reader may follow it, in words they read."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select

from portal.domain.audit_actions import Action
from portal.models import Document, DocumentVersion, Employee, Roster, Shift, Team, TeamMembership
from portal.services import absences, audit, roles
from tests.factories.absences import ask, grant
from tests.factories.belongings import give_acme_everything

MONDAY = date(2026, 7, 13)


def row(page: str, label: str) -> str:
    """The newest event with this label."""
    found = next(one for one in page.split("<tr id=") if f"<strong>{label}</strong>" in one)
    return found.split("</tr>")[0]


@pytest.fixture
def asked_for(cast, as_):
    """Eve asks for a vacation day."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        return ask(uow, MONDAY)


def make_admin_alone(as_, cast, uow_member) -> None:
    """An admin who is not in HR."""
    with as_(cast.ana) as uow:
        admin = next(role for role in roles.list_for(uow, uow_member.employee_id) if role.key == "admin")
        roles.grant(uow, uow_member.employee_id, admin.id)


def test_a_person_is_named_with_a_link_to_their_record(client, cast, as_):
    with as_(cast.ana) as uow:
        eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        eve.job_title = "Head nurse"
        audit.record(uow, Action.EMPLOYEE_CHANGED, subject=eve)
    event = row(client.sign_in(cast.ana).page("audit"), "Person changed")
    assert f'<a href="/c/acme/people/{cast.eve.employee_id}"><bdi>{cast.eve.name}</bdi></a>' in event
    assert "Job title" in event
    assert "<ins>Head nurse</ins>" in event


def test_an_absence_is_named_by_its_owner_and_its_days(client, cast, as_, asked_for):
    with as_(cast.mats) as uow:
        absences.approve(uow, asked_for.id, version=1, note="")
    event = row(client.sign_in(cast.ana).page("audit"), "Absence approved")
    assert cast.eve.name in event
    assert f'<a href="/c/acme/absences/{asked_for.id}"><bdi>13 Jul 2026</bdi></a>' in event
    assert "<del>Waiting</del>" in event and "<ins>Approved</ins>" in event
    assert f"<ins>{cast.mats.name}</ins>" in event


def test_an_admin_outside_hr_learns_no_type_of_absence_and_gets_no_link(client, cast, as_, asked_for):
    """T87, pain 10: the log must not be the way around the rights over absences."""
    assert "Vacation" in row(client.sign_in(cast.ana).page("audit"), "Absence requested")
    make_admin_alone(as_, cast, cast.otto)
    event = row(client.sign_in(cast.otto).page("audit"), "Absence requested")
    assert cast.eve.name in event
    assert f"/absences/{asked_for.id}" not in event
    assert "Vacation" not in event and "hidden: only those who may see absences read it" in event


def test_a_thing_that_is_gone_is_told_by_what_it_was(client, cast, as_):
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
    with as_(cast.ana) as uow:
        shift = uow.session.scalars(select(Shift)).one()
        uow.session.delete(shift)
        audit.record(uow, Action.SHIFT_REMOVED, subject=shift)
    event = row(client.sign_in(cast.ana).page("audit"), "Shift removed")
    assert f"<bdi>{cast.eve.name}</bdi>" in event
    assert "16 Jun 2026" in event


def test_a_person_who_is_gone_still_reads_sensibly(client, cast, as_):
    with as_(cast.ana) as uow:
        someone = Employee(email="gone@acme.example", first_name="Gone", last_name="Person")
        uow.session.add(someone)
        uow.session.flush()
        audit.record(uow, Action.PHONE_REMOVED, subject=someone)
        uow.settle()
        uow.session.execute(delete(Employee).where(Employee.id == someone.id))
    event = row(client.sign_in(cast.ana).page("audit"), "Mobile number removed")
    assert "a person who is no longer in the portal" in event


def test_documents_rosters_teams_and_roles_have_their_names(client, cast, as_):
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
        document = uow.session.scalars(select(Document)).one()
        audit.record(
            uow, Action.DOCUMENT_DOWNLOADED, subject=uow.session.scalars(select(DocumentVersion)).one()
        )
        audit.record(
            uow,
            Action.ROSTER_PRINTED,
            subject=(roster := uow.session.scalars(select(Roster)).one()),
            draft=False,
        )
        membership = uow.session.scalars(
            select(TeamMembership).where(TeamMembership.employee_id == cast.otto.employee_id)
        ).one()
        audit.record(uow, Action.TEAM_MEMBERSHIP_CHANGED, subject=membership)
        kitchen = uow.session.scalar(select(Team.name).where(Team.id == membership.team_id))
    make_admin_alone(as_, cast, cast.pia)
    page = client.sign_in(cast.ana).page("audit")
    assert f"<bdi>{document.title}, version 1</bdi>" in row(page, "Document downloaded")
    assert f"/documents/all/{document.id}" in row(page, "Document downloaded")
    assert "June 2026</bdi>" in row(page, "Roster printed")
    assert f"/rosters/{roster.id}/" in row(page, "Roster printed")
    assert kitchen in row(page, "Team membership changed") and cast.otto.name in row(
        page, "Team membership changed"
    )
    assert cast.pia.name in row(page, "Role granted") and "<bdi>Admin</bdi>" in row(page, "Role granted")


def test_facts_and_values_are_in_the_readers_language(client, cast, as_):
    with as_(cast.ana) as uow:
        ana = uow.session.get_one(Employee, (cast.acme.id, cast.ana.employee_id))
        ana.language = "cs"
        eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        eve.language = "de"
        audit.record(uow, Action.EMPLOYEE_DEACTIVATED, subject=eve, last_day="2026-06-15")
        audit.record(uow, Action.SIGN_IN_FAILED, subject=eve, reason="wrong-password")
        audit.record(uow, Action.ACCESS_DENIED, path="/c/acme/settings", permission="company:edit")
    page = client.sign_in(cast.ana).page("audit")
    assert "Chybné heslo" in page and "wrong-password" not in page
    assert "Měnit nastavení firmy" in page and "company:edit" not in page
    assert "15. 6. 2026" in page and "2026-06-15" not in page
    assert "<del>English</del>" in page and "<ins>Deutsch</ins>" in page


def test_sealed_values_only_changed(client, cast, as_):
    with as_(cast.ana) as uow:
        eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        eve.phone_sealed = b"sealed bytes"
        audit.record(uow, Action.EMPLOYEE_CHANGED, subject=eve)
    event = row(client.sign_in(cast.ana).page("audit"), "Person changed")
    assert "Mobile phone</span> <em>changed</em>" in event
    assert b"sealed bytes".hex() not in event


@pytest.mark.parametrize("people", [10, 300, 3000])
def test_the_page_takes_the_same_few_statements_however_many_people(client, cast, as_, statements, people):
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
        ids = [uuid4() for _ in range(people)]
        values = [
            {
                "company_id": cast.acme.id,
                "id": one,
                "email": f"p{place}@acme.example",
                "first_name": "P",
                "last_name": str(place),
            }
            for place, one in enumerate(ids)
        ]
        uow.session.connection().execute(insert(Employee.__table__), values)
        things = [
            uow.session.scalars(select(model)).first()
            for model in (Shift, Roster, Document, DocumentVersion, TeamMembership)
        ]
        for one in ids[:60]:
            audit.record(uow, Action.SESSIONS_ENDED, employee=str(one), count=1)
        for thing in things:
            audit.record(uow, Action.EMPLOYEE_CHANGED, subject=thing)
    found = "audit?action=people&person=ana@acme.example"
    client.sign_in(cast.ana).page(found)
    statements.clear()
    page = client.page(found)
    assert page.count("<tr id=") >= 6  # with those of give_acme_everything
    assert len(statements) == 5, statements
    statements.clear()
    assert client.page("audit").count("<tr id=") >= min(50, people + 7)
    assert len(statements) == 4, statements

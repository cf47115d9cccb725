"""Importing people: all or nothing, safe to run again, dated changes, nothing above one's own rights."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.domain.people_import import Column, ImportProblem
from portal.domain.refusals import Reason, Refusal
from portal.models import (
    AuditEvent,
    Employee,
    Employment,
    Identity,
    LedgerEntry,
    OutboxMessage,
    RoleGrant,
    Site,
    Team,
)
from portal.models.team import TeamMembership
from portal.services import line_managers, people, people_import
from tests.factories.people import manager_of
from tests.fixtures.portal import NOW

HEAD = (
    "email,first_name,last_name,employee_number,job_title,team,site,line_manager_email,start_date,weekly_hours,"
    "phone,role"
)
TODAY = NOW.date()


def csv(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines]).encode()


NORA = "nora@acme.example,Nora,Nová,17,Nurse,Night,Ostrava,otto@acme.example,2026-07-01,37.5,+420 601 123 456,planner"
NED = "ned@acme.example,Ned,Nový,18,,Night,,nora@acme.example,1.7.2026,,,"


@pytest.fixture
def ana(as_, cast):
    """A unit of work by Ana, who may import."""
    with as_(cast.ana) as uow:
        yield uow


def employee(uow, email: str) -> Employee:
    return uow.session.scalars(select(Employee).where(Employee.email == email)).one()


def actions(uow) -> list[str]:
    return list(uow.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_new_people_come_with_everything_the_file_says(ana):
    outcome = people_import.carry_out(ana, csv(NED, NORA))
    assert [one.row.email for one in outcome.new] == ["ned@acme.example", "nora@acme.example"]
    assert outcome.new_teams == ("Night",) and outcome.new_sites == ("Ostrava",)
    nora, ned = employee(ana, "nora@acme.example"), employee(ana, "ned@acme.example")
    assert manager_of(ana, ned.id) == nora.id, "a manager from the same file, further down"
    assert people.open_phone(ana, nora) == "+420601123456"
    terms = ana.session.scalars(select(Employment).where(Employment.employee_id == nora.id)).one()
    assert (terms.start_date, terms.weekly_minutes, terms.pattern) == (
        date(2026, 7, 1),
        2250,
        [450] * 5 + [0, 0],
    )
    held = select(func.count()).where(RoleGrant.employee_id == nora.id)
    assert ana.session.scalar(held) == 2


def test_the_second_run_finds_nothing_to_do(ana):
    people_import.carry_out(ana, csv(NORA, NED))
    again = people_import.carry_out(ana, csv(NORA, NED))
    assert (len(again.new), len(again.changed), again.unchanged) == (0, 0, 2)
    assert again.changes_nothing


def test_one_bad_row_keeps_everybody_out(ana):
    """T168: nothing is half imported; the error says row, column and value."""
    before = ana.session.scalar(select(func.count()).select_from(Employee))
    data = csv(NORA, "ned@acme,Ned,Nový,,,,,,2026-07-01,,,")
    (error,) = people_import.preview(ana, data).errors
    assert (error.row, error.column, error.problem, error.value) == (
        3,
        Column.EMAIL,
        ImportProblem.INVALID_EMAIL,
        "ned@acme",
    )
    with pytest.raises(Refusal) as refused:
        people_import.carry_out(ana, data)
    assert refused.value.reason is Reason.IMPORT_HAS_ERRORS
    assert ana.session.scalar(select(func.count()).select_from(Employee)) == before
    assert ana.session.scalar(select(func.count()).select_from(Team).where(Team.name == "Night")) == 0


def test_changes_are_shown_from_and_to_and_dated_today(ana, cast):
    line = "EVE@acme.example,Eva,MaláAcmeonly,7,Head,Night,,,2020-01-01,30,,"
    outcome = people_import.carry_out(ana, csv(line))
    (changed,) = outcome.changed
    shown = {change.column: (change.before, change.after) for change in changed.changes}
    assert shown == {
        Column.FIRST_NAME: ("Eve", "Eva"),
        Column.EMPLOYEE_NUMBER: ("", "7"),
        Column.JOB_TITLE: ("", "Head"),
        Column.TEAM: ("Care Acmeonly", "Night"),
        Column.WEEKLY_HOURS: ("40:00", "30:00"),
    }
    eve = cast.eve.employee_id
    segments = ana.session.scalars(
        select(Employment).where(Employment.employee_id == eve).order_by(Employment.start_date)
    ).all()
    assert [(one.end_date, one.weekly_minutes) for one in segments] == [
        (TODAY - timedelta(days=1), 2400),
        (None, 1800),
    ]
    assert segments[1].site_id == segments[0].site_id, "the site was not in the file"
    teams = ana.session.execute(
        select(TeamMembership.team_id, TeamMembership.end_date)
        .where(TeamMembership.employee_id == eve)
        .order_by(TeamMembership.start_date)
    ).all()
    assert [(row.team_id == cast.teams["care"], row.end_date) for row in teams] == [
        (True, TODAY - timedelta(days=1)),
        (False, None),
    ]
    assert people_import.preview(ana, csv(line)).unchanged == 1


def test_an_empty_cell_says_nothing_and_who_is_missing_stays(ana, cast):
    outcome = people_import.carry_out(ana, csv("eve@acme.example,Eve,MaláAcmeonly,,,,,,2020-01-01,,,"))
    assert outcome.unchanged == 1
    assert employee(ana, cast.otto.email).active


def test_a_known_number_with_a_new_address_renames_and_moves_the_sign_in(ana, cast):
    people_import.carry_out(ana, csv("eve@acme.example,Eve,MaláAcmeonly,7,,,,,2020-01-01,,,"))
    people_import.carry_out(ana, csv("eve.new@acme.example,Eve,MaláAcmeonly,7,,,,,2020-01-01,,,"))
    assert employee(ana, "eve.new@acme.example").id == cast.eve.employee_id
    subject = select(Identity.subject).where(Identity.employee_id == cast.eve.employee_id)
    assert ana.session.scalar(subject) == "eve.new@acme.example"


def test_a_number_of_somebody_else_is_an_error(ana):
    people_import.carry_out(ana, csv("eve@acme.example,Eve,MaláAcmeonly,7,,,,,2020-01-01,,,"))
    both = csv(
        "eve@acme.example,Eve,MaláAcmeonly,,,,,,2020-01-01,,,", "new@acme.example,New,One,7,,,,,2026-07-01,,,"
    )
    (error,) = people_import.preview(ana, both).errors
    assert (error.row, error.problem) == (3, ImportProblem.EMPLOYEE_NUMBER_TAKEN)


def test_a_circle_through_a_changed_address_is_found(ana):
    """Eve gets a new address and Mats as before; making Mats hers under the old one would close a circle."""
    people_import.carry_out(ana, csv("eve@acme.example,Eve,MaláAcmeonly,7,,,,,2020-01-01,,,"))
    lines = (
        "eve2@acme.example,Eve,MaláAcmeonly,7,,,,mats@acme.example,2020-01-01,,,",
        "mats@acme.example,Mats,LindAcmeonly,,,,,eve@acme.example,2020-01-01,,,",
    )
    errors = people_import.preview(ana, csv(*lines)).errors
    assert {error.problem for error in errors} == {ImportProblem.MANAGER_CYCLE}


def test_a_circle_that_a_planned_change_closes_is_named_before_anything_is_written(ana, cast):
    """Otto leads Mats from next month on: that Eve, whom Mats leads, leads Otto from today is a circle only then."""
    month = TODAY + timedelta(days=30)
    line_managers.change_from(ana, cast.mats.employee_id, cast.otto.employee_id, month)
    otto = "otto@acme.example,Otto,KuchařAcmeonly,,,,,{},2020-01-01,,,"
    (error,) = people_import.preview(ana, csv(otto.format(cast.eve.email))).errors
    assert (error.row, error.column, error.problem, error.value) == (
        2, Column.LINE_MANAGER_EMAIL, ImportProblem.MANAGER_CYCLE_PLANNED, cast.eve.email
    )  # fmt: skip
    assert people_import.preview(ana, csv(otto.format(cast.ana.email))).is_sound
    new = "nora@acme.example,Nora,Nová,,,,,eve@acme.example,2026-07-01,,,"
    through_nora = people_import.preview(ana, csv(new, otto.format("nora@acme.example"))).errors
    assert [(one.row, one.problem) for one in through_nora] == [(3, ImportProblem.MANAGER_CYCLE_PLANNED)]


def test_a_circle_of_today_is_named_once(ana, cast):
    line = "mats@acme.example,Mats,LindAcmeonly,,,,,eve@acme.example,2020-01-01,,,"
    (error,) = people_import.preview(ana, csv(line)).errors
    assert error.problem is ImportProblem.MANAGER_CYCLE


def test_a_file_gives_no_role_above_the_importers_own(as_, cast):
    """T90: HR without admin rights cannot make an admin by CSV."""
    hr_only = replace(cast.ana, roles=("employee", "hr"))
    data = csv("eve@acme.example,Eve,MaláAcmeonly,,,,,,2020-01-01,,,admin")
    with as_(hr_only) as uow:
        (error,) = people_import.preview(uow, data).errors
        assert (error.column, error.problem) == (Column.ROLE, ImportProblem.ROLE_ABOVE_OWN)
    with as_(cast.ana) as uow:
        assert people_import.preview(uow, data).is_sound


def test_only_holders_of_the_permission_import(as_, cast):
    with as_(cast.mats) as uow, pytest.raises(Refusal) as refused:
        people_import.preview(uow, csv(NORA))
    assert refused.value.reason is Reason.NOT_PERMITTED


def test_the_address_of_somebody_in_another_company_is_free_and_their_team_is_not_found(ana, cast):
    """T100, T101: Beta's Zoe and Beta's Crew are unknown here; an own Zoe and an own Crew are made."""
    line = "zoe@beta.example,Zoe,Two,,,Crew,Berlin,,2026-07-01,,,"
    outcome = people_import.carry_out(ana, csv(line))
    assert outcome.new_teams == ("Crew",) and outcome.new_sites == ("Berlin",)
    own = select(Team.id).where(Team.name == "Crew")
    assert ana.session.scalars(own).one() != cast.teams["crew"]
    assert ana.session.scalars(select(Site.id).where(Site.name == "Berlin")).one() != cast.sites["berlin"]
    led_from_beta = people_import.preview(ana, csv("x@acme.example,X,Y,,,,,bo@beta.example,2026-07-01,,,"))
    assert [error.problem for error in led_from_beta.errors] == [ImportProblem.MANAGER_UNKNOWN]


def test_formulas_stay_text(ana):
    """T168: a name like a formula is stored as it stands."""
    people_import.carry_out(ana, csv('f@acme.example,"=HYPERLINK(""x"")",+1,,-1+1,,,,2026-07-01,,,'))
    person = employee(ana, "f@acme.example")
    assert (person.first_name, person.last_name, person.job_title) == ('=HYPERLINK("x")', "+1", "-1+1")


def test_each_person_and_the_import_itself_leave_an_event(ana, as_, cast):
    people_import.carry_out(ana, csv(NORA, "eve@acme.example,Eva,MaláAcmeonly,,,,,,2020-01-01,,,"))
    ana.commit()
    written = actions(ana)[-6:]
    assert sorted(written) == [
        "employee.changed",
        "employee.created",
        "entitlement.granted",
        "people.imported",
        "site.created",
        "team.created",
    ]


def test_new_people_have_their_entitlement_from_the_first_day(ana):
    people_import.carry_out(ana, csv(NORA))
    ana.session.flush()
    nora = employee(ana, "nora@acme.example")
    granted = ana.session.scalars(select(LedgerEntry).where(LedgerEntry.employee_id == nora.id)).all()
    assert [(one.kind, one.origin_year) for one in granted] == [("grant", 2026)]


def test_invitations_go_to_new_people_only(ana):
    people_import.carry_out(
        ana, csv(NORA, "eve@acme.example,Eva,MaláAcmeonly,,,,,,2020-01-01,,,"), invite=True
    )
    ana.session.flush()
    about = ana.session.scalars(select(OutboxMessage.employee_id)).all()
    assert about == [employee(ana, "nora@acme.example").id]


def test_a_preview_that_no_longer_holds_is_refused(ana):
    """What was shown is what is done: somebody else's change in between stops the import."""
    data = csv("eve@acme.example,Eva,MaláAcmeonly,,,,,,2020-01-01,,,")
    shown = people_import.preview(ana, data)
    employee(ana, "eve@acme.example").first_name = "Evelyn"
    with pytest.raises(Refusal) as refused:
        people_import.carry_out(ana, data, digest=shown.digest)
    assert refused.value.reason is Reason.CHANGED_MEANWHILE


def test_a_kept_file_opens_for_its_uploader_within_the_hour_only(ana, as_, cast, clock):
    """The file comes back through the browser sealed: altered, another's or old, it is refused."""
    token = people_import.seal_file(ana, b"data", "digest")
    assert people_import.open_file(ana, token) == people_import.KeptFile(b"data", "digest")
    altered = token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:]
    for uploader, given in ((cast.ana, altered), (cast.ana, "é?"), (cast.mats, token), (cast.zoe, token)):
        with as_(uploader) as uow, pytest.raises(Refusal) as refused:
            people_import.open_file(uow, given)
        assert refused.value.reason is Reason.FORM_EXPIRED
    clock.advance(timedelta(hours=1, seconds=1))
    with pytest.raises(Refusal):
        people_import.open_file(ana, token)

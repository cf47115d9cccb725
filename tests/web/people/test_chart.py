"""The org chart: line managers and teams of a day, a branch at a time, light with three thousand people."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from portal.models import Employee, Employment, LineManagement, TeamMembership
from portal.services import line_managers
from tests.factories.people import lead
from tests.fixtures.cast import SENTINEL
from tests.fixtures.portal import NOW

TODAY = NOW.date()


def add_people(uow, number: int, manager_id=None) -> None:
    people = [
        Employee(email=f"c{number}x{at}@acme.example", first_name="Jan", last_name=f"Člen{at:04}")
        for at in range(number)
    ]
    uow.session.add_all(people)
    uow.session.flush()
    uow.session.add_all(
        Employment(
            employee_id=one.id, start_date=date(2020, 1, 1), weekly_minutes=2400, pattern=[480] * 5 + [0, 0]
        )
        for one in people
    )
    if manager_id:
        uow.session.add_all(
            LineManagement(employee_id=one.id, manager_id=manager_id, start_date=date(2020, 1, 1))
            for one in people
        )


def test_the_only_leader_is_open_from_the_start(client, cast):
    client.sign_in(cast.otto)
    assert f"Eve Malá{SENTINEL}" in client.page("people/chart")


def test_the_top_is_whoever_nobody_leads_and_a_branch_opens_below(client, cast, as_):
    with as_(cast.ana) as uow:
        lead(uow, cast.otto.employee_id, cast.ana.employee_id)
    client.sign_in(cast.otto)
    page = client.page("people/chart")
    assert f"Mats Lind{SENTINEL}" in page and "1 report" in page
    assert f"Eve Malá{SENTINEL}" not in page, "a branch is loaded when it is opened"
    below = f"people/chart/people/{cast.mats.employee_id}"
    assert f"Eve Malá{SENTINEL}" in client.page(below), "a page of its own without JavaScript"
    fragment = client.get(client.url(below), headers={"HX-Request": "true"})
    assert f"Eve Malá{SENTINEL}" in fragment.text and "<html" not in fragment.text


def test_teams_are_those_of_the_day(client, cast, as_):
    with as_(cast.ana) as uow:
        membership = uow.session.scalars(
            select(TeamMembership).where(TeamMembership.employee_id == cast.eve.employee_id)
        ).one()
        membership.end_date = TODAY
    client.sign_in(cast.otto)
    team = f"people/chart/teams/{cast.teams['care']}"
    assert f"Eve Malá{SENTINEL}" in client.page(team)
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert f"Eve Malá{SENTINEL}" not in client.page(f"{team}?on={tomorrow}")
    assert "3 people" in client.page("people/chart?by=teams") and "2 people" in client.page(
        f"people/chart?by=teams&on={tomorrow}"
    )
    assert "Nobody on this day" in client.page("people/chart?on=1999-01-01")
    assert client.page("people/chart?on=nonsense&by=nonsense")


def test_everybody_stands_on_the_page_for_print_below_who_leads_them(client, cast):
    page = client.sign_in(cast.otto).page("people/chart/print")
    mats, eve = page.index(f"Mats Lind{SENTINEL}"), page.index(f"Eve Malá{SENTINEL}")
    assert mats < eve and "<ul>" in page[mats:eve] and "beta.example" not in page
    assert page[page.index("chart-print") :].count("<strong>") == 5


def test_people_who_left_are_in_no_past_day_but_for_hr(client, cast, as_):
    with as_(cast.ana) as uow:
        uow.session.get_one(Employee, (cast.acme.id, cast.mats.employee_id)).active = False
    page = client.sign_in(cast.otto).page("people/chart?on=2024-01-01")
    assert "Mats Lind" not in page and f"Eve Malá{SENTINEL}" in page, (
        "whom nobody here leads stands at the top"
    )
    assert client.get(client.url(f"people/chart/people/{cast.mats.employee_id}")).status_code == 404
    assert "Mats Lind" in client.sign_in(cast.ana).page("people/chart?on=2024-01-01")


def test_line_managers_are_those_of_the_day(client, cast, as_):
    with as_(cast.ana) as uow:
        line_managers.change_from(uow, cast.eve.employee_id, cast.ana.employee_id, TODAY + timedelta(days=1))
    client.sign_in(cast.otto)
    eve, mats, ana = f"Eve Malá{SENTINEL}", cast.mats.employee_id, cast.ana.employee_id
    tomorrow = f"?on={(TODAY + timedelta(days=1)).isoformat()}"
    assert eve in client.page(f"people/chart/people/{mats}")
    assert eve not in client.page(f"people/chart/people/{mats}{tomorrow}")
    assert eve in client.page(f"people/chart/people/{ana}{tomorrow}")
    assert eve not in client.page(f"people/chart/people/{ana}")


def test_another_companys_team_and_people_are_not_found(client, cast):
    """T99."""
    client.sign_in(cast.otto)
    assert client.get(client.url(f"people/chart/teams/{cast.teams['crew']}")).status_code == 404
    assert client.get(client.url(f"people/chart/people/{cast.zoe.employee_id}")).status_code == 404


def test_three_thousand_people_stay_light(client, cast, as_, statements):
    client.sign_in(cast.otto).page("people/chart")
    statements.clear()
    client.page("people/chart")
    before = len(statements)
    with as_(cast.ana) as uow:
        add_people(uow, 2000)
        add_people(uow, 1000, manager_id=cast.mats.employee_id)
    statements.clear()
    page = client.page("people/chart")
    assert len(statements) == before <= 5 and len(page) < 200_000
    assert "more people are not shown here" in page and "1001 reports" in page
    assert page.index("Mats Lind") < page.index("Člen0000"), "who leads somebody comes first"
    branch = client.page(f"people/chart/people/{cast.mats.employee_id}")
    assert len(branch) < 200_000 and "801 more people" in branch

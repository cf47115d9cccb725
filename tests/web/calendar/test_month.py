"""The team's month: what is drawn, for whom, in how many statements and bytes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import Range

from portal.domain.absences import AbsenceStatus
from portal.domain.periods import DayPart, Part
from portal.models import Absence, AbsencePart, Employee, Team, TeamMembership
from portal.services import absences
from tests.factories.absences import AFTERNOON, ask, grant, vacation
from tests.factories.people import HIRED


@pytest.fixture
def away(as_, cast):
    """Eve is away from 3 to 5 August, approved, and asks for the afternoon of the 10th."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)
    with as_(cast.eve) as uow:
        approved = ask(uow, date(2026, 8, 3), date(2026, 8, 5), note="Hip operation").id
        ask(uow, date(2026, 8, 10), first_part=AFTERNOON)
    with as_(cast.mats) as uow:
        absences.approve(uow, approved, version=1)


def row_of(page: str, name: str) -> str:
    return page.split(f'<th scope="row">{name}')[1].split("</tr>", maxsplit=1)[0]


def test_a_manager_sees_type_status_and_half(client, cast, away):
    row = row_of(client.sign_in(cast.mats).page("calendar?month=2026-08"), cast.eve.name)
    assert '<b class="c-green j" title="Vacation">V</b>' in row
    assert '<b class="c-green j k" title="Vacation">V</b>' in row
    assert '<b class="c-green k" title="Vacation">V</b>' in row
    assert (
        '<b class="c-green q pm" title="Vacation, afternoon, requested">V<i>, afternoon, requested</i></b>'
        in row
    )


@pytest.mark.parametrize("member", ["pia", "otto"])
def test_a_colleague_is_told_only_away(client, cast, as_, away, member):
    """T87: neither type, code, colour nor reason of a colleague's absence is anywhere in the page."""
    if member == "otto":
        member_page = client.sign_in(cast.otto).get(
            client.url(f"calendar?month=2026-08&team={cast.teams['care']}")
        )
        assert member_page.status_code == 404
        return
    page = client.sign_in(cast.pia).page("calendar?month=2026-08")
    row = row_of(page, cast.eve.name)
    assert '<b class="c-grey j" title="Away">×</b>' in row
    for leak in ("Vacation", "vacation", "c-green", "Hip operation", ">V<"):
        assert leak not in page


def test_days_wear_weekend_holiday_and_today(client, cast):
    page = client.sign_in(cast.mats).page("calendar?month=2026-07")
    row = row_of(page, cast.eve.name)
    cells = row.split("<td")[1:]
    assert len(cells) == 31
    assert cells[3].startswith(" class=w>")  # Saturday 4 July
    assert cells[5].startswith(" class=h>")  # Monday 6 July, Jan Hus Day
    assert "Jan Hus" in page
    june = row_of(client.page("calendar?month=2026-06"), cast.eve.name)
    assert june.split("<td")[15].startswith(" class=t>")


def test_weeks_are_numbered(client, cast):
    page = client.sign_in(cast.mats).page("calendar?month=2026-08")
    assert "Week 32" in page


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=x", "month=1999-01", "month=2100-01", "team=1", "team=../x"]
)
def test_an_address_that_means_nothing_is_not_found(client, cast, query):
    client.sign_in(cast.mats)
    assert client.get(client.url(f"calendar?{query}")).status_code == 404


def test_another_companys_team_does_not_exist(client, cast):
    client.sign_in(cast.zoe)
    assert client.get(client.url(f"calendar?team={cast.teams['care']}")).status_code == 404


def fill(uow, team_id, people: range) -> None:
    """Members of the team, each away for two days of August."""
    members = [
        Employee(email=f"p{number}@acme.example", first_name="P", last_name=f"Number {number}")
        for number in people
    ]
    uow.session.add_all(members)
    uow.session.flush()
    kind = vacation(uow)
    for number, member in enumerate(members):
        day = date(2026, 8, 3 + number % 20)
        uow.session.add(TeamMembership(employee_id=member.id, team_id=team_id, start_date=HIRED))
        absence = Absence(
            employee_id=member.id,
            absence_type_id=kind.id,
            status=AbsenceStatus.APPROVED,
            start_date=day,
            end_date=day + timedelta(days=1),
            charge=0,
            requested_by_id=member.id,
            requested_at=uow.clock.now(),
        )
        uow.session.add(absence)
        uow.session.flush()
        for one in (day, day + timedelta(days=1)):
            starts_at, ends_at = DayPart(one).local_interval
            during = Range(starts_at, ends_at, bounds="[)")
            uow.session.add(
                AbsencePart(
                    absence_id=absence.id,
                    employee_id=member.id,
                    date=one,
                    part=Part.FULL,
                    during=during,
                    charge=0,
                )
            )


def test_three_hundred_people_cost_the_statements_of_ten_and_little_more_bytes(client, cast, as_, statements):
    client.sign_in(cast.mats)
    counts, sizes = [], []
    for people in (range(7), range(7, 297)):
        with as_(cast.ana) as uow:
            fill(uow, cast.teams["care"], people)
        client.page("calendar?month=2026-08")
        statements.clear()
        sizes.append(len(client.page("calendar?month=2026-08").encode()))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
    assert sizes[1] < 200 * 1024


@pytest.mark.parametrize("path", ["calendar", "rosters"])
def test_without_any_team_hr_is_led_to_the_first_and_others_to_hr(client, cast, as_, path):
    with as_(cast.ana) as uow:
        uow.session.execute(delete(TeamMembership))
        uow.session.execute(delete(Team))
    assert "/c/acme/teams/new" in client.sign_in(cast.ana).page(path)
    page = client.sign_in(cast.eve).page(path)
    assert "HR can add you to one" in page and "teams/new" not in page

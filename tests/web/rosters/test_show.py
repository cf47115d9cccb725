"""The grid: planners see the draft, everybody else the published copy, in a page that stays small and asks little."""

from __future__ import annotations

import re
from datetime import date

import pytest

from portal.domain.absences import AbsenceStatus
from portal.domain.periods import Part
from portal.models import Employee, TeamMembership
from portal.services import shifts
from portal.services.shifts import Cell
from portal.web import cells
from tests.factories.people import HIRED
from tests.factories.rosters import draft, plan, publish, take_off

MONDAY, TUESDAY = date(2026, 6, 15), date(2026, 6, 16)


@pytest.fixture
def care(as_, cast):
    """Published with E on Monday; since then drafted as N, with L on Wednesday."""
    eve = cast.eve.employee_id
    with as_(cast.pia) as uow:
        roster_id = draft(uow, cast.teams["care"], (eve, MONDAY, "E"))
        publish(uow, roster_id)
        shifts.fill(uow, roster_id, Cell(eve, MONDAY), "N", seen=["E"])
        plan(uow, roster_id, eve, date(2026, 6, 17), "L")
    return roster_id


def row_of(page: str, name: str) -> str:
    return next(row for row in page.split("<tr>") if f">{name}" in row and "scope=row" in row)


def test_a_planner_sees_the_draft_and_what_is_not_published(client, cast, care):
    page = client.sign_in(cast.pia).page(f"rosters/{care}/")
    eve = row_of(page, "Eve")
    assert re.findall(r'<b class="c-\w+ q" title="not published">(\w)<i>, not published</i>', eve) == [
        "N",
        "L",
    ]
    assert "2 unpublished changes" in page
    assert "16:00" in eve


@pytest.mark.parametrize("who", ["eve", "mats"])
def test_others_see_what_was_published_and_no_trace_of_the_draft(client, cast, care, who):
    page = client.sign_in(cast.people[who]).page(f"rosters/{care}/")
    eve = row_of(page, "Eve")
    assert re.findall(r"<b class=c-\w+>(\w)</b>", eve) == ["E"]
    assert "8:00" in eve and "unpublished" not in page and "not published" not in page
    assert "fill-form" not in page and "roster.js" not in page
    assert "people/" not in eve


@pytest.mark.parametrize("who", ["eve", "mats", "otto", "zoe"])
def test_a_draft_leaks_in_no_answer(client, as_, cast, who):
    """Every address below the roster answers who does not plan it as if there were none."""
    eve = cast.eve.employee_id
    with as_(cast.pia) as uow:
        roster_id = draft(uow, cast.teams["care"], (eve, MONDAY, "N"))
    client.sign_in(cast.people[who])
    for path in (
        "/",
        "/print.pdf",
        "/print.pdf?draft=1",
        f"/people/{eve}",
        f"/people/{eve}/{MONDAY}",
        "/publication",
    ):
        assert client.get(client.url(f"rosters/{roster_id}{path}")).status_code in {403, 404}, path
    for page in ("rosters", "shifts", "calendar"):
        text = client.get(client.url(page) + "?month=2026-06").text
        assert str(roster_id) not in text
        assert not re.search(r">N</b>", text)


def test_an_unpublished_roster_says_so_as_a_whole(client, as_, cast):
    with as_(cast.pia) as uow:
        roster_id = draft(uow, cast.teams["care"], (cast.eve.employee_id, MONDAY, "E"))
    page = client.sign_in(cast.pia).page(f"rosters/{roster_id}/")
    assert '<tbody class="drafted">' in page and "Draft, not published" in page
    assert "<b class=c-blue>E</b>" in page


def test_a_roster_of_another_site_does_not_exist(client, as_, cast):
    """T99: within one company too."""
    with as_(cast.ana) as uow:
        roster_id = draft(uow, cast.teams["kitchen"], (cast.otto.employee_id, MONDAY, "E"))
        publish(uow, roster_id)
    client.sign_in(cast.pia)
    assert client.get(client.url(f"rosters/{roster_id}/")).status_code == 404


def test_time_off_is_only_a_sign_for_who_may_not_know_more(client, as_, cast, care):
    """T87: a colleague and a planner learn that she is away, her manager learns why."""
    eve = cast.eve.employee_id
    with as_(cast.ana) as uow:
        take_off(uow, eve, TUESDAY)
        take_off(uow, eve, date(2026, 6, 18), Part.AM, AbsenceStatus.REQUESTED)
    for who, sign, word in (("pia", "×", "Away"), ("mats", "V", "Vacation"), ("ana", "V", "Vacation")):
        page = client.sign_in(cast.people[who]).page(f"rosters/{care}/")
        away = re.findall(r'<b class="c-\w+ a[^"]*" title="([^"]+)">(.)', row_of(page, "Eve"))
        assert away == [(word, sign), (f"{word}, morning, requested", sign)]
        assert ("Vacation" in page) is (word == "Vacation")


def test_a_shift_on_a_day_off_asks_for_a_look(client, as_, cast, care):
    """Approved after it was planned."""
    with as_(cast.ana) as uow:
        take_off(uow, cast.eve.employee_id, MONDAY)
    eve = row_of(client.sign_in(cast.pia).page(f"rosters/{care}/"), "Eve")
    assert '<b class="c-purple q n" title="not published, on a day off">N' in eve


def test_totals_count_people_by_shift_and_day(client, as_, cast, care):
    with as_(cast.pia) as uow:
        plan(uow, care, cast.mats.employee_id, MONDAY, "N")
    page = client.sign_in(cast.pia).page(f"rosters/{care}/")
    foot = page[page.index("<tfoot") : page.index("</tfoot>")]
    night = next(row for row in foot.split("<tr>") if "Night" in row)
    assert re.findall(r"<td>([^<]*)", night)[14] == "2"
    assert '<td class="sum">2</td>' in night
    assert "24:00" in foot


def test_hostile_names_are_text(client, as_, cast, care):
    """T122: in a name and a job title."""
    attack = '"><img src=x onerror=alert(1)>{{7*7}}'
    with as_(cast.pia) as uow:
        eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        eve.last_name, eve.job_title = attack, attack
    page = client.sign_in(cast.pia).page(f"rosters/{care}/")
    assert "<img src=x" not in page and "&lt;img src=x" in page and "{{7*7}}" in page


def join_care(uow, cast, names):
    for name in names:
        person = Employee(email=f"{name}@acme.example", first_name="Ada", last_name=f"Byron {name}")
        uow.session.add(person)
        uow.session.flush()
        uow.session.add(TeamMembership(employee_id=person.id, team_id=cast.teams["care"], start_date=HIRED))


@pytest.mark.parametrize("who", ["pia", "eve"])
def test_the_number_of_statements_does_not_grow_with_the_team(client, as_, cast, care, statements, who):
    client.sign_in(cast.people[who]).page("rosters")
    counted = []
    for start, end in ((0, 10), (10, 300)):
        with as_(cast.ana) as uow:
            join_care(uow, cast, [f"p{number}" for number in range(start, end)])
        statements.clear()
        page = client.page(f"rosters/{care}/")
        counted.append(len(statements))
        assert page.count("Byron") == end
    assert counted[0] == counted[1] <= 7


def test_a_page_of_300_people_stays_small(as_, cast):
    """300 rows of 31 days with a shift in seven of ten cells and a link to each person: below 240 KiB."""
    month = [(day, cells.chip("E", "c-blue")) for day in range(31) if day % 10 < 7]
    row = f"<tr><th scope=row><a href=people/{cast.eve.employee_id}>Kateřina Procházková</a><small>Nurse</small>"
    assert 300 * len((row + cells.row(31, month) + "<td class=sum>176:00\n").encode()) < 240 * 1024

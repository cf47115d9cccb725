"""HR and planners keep rules of staffing; people see them while they ask and while they decide."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import html
from sqlalchemy import select

from portal.domain.staffing import Effect
from portal.models import Absence, AbsenceType, StaffingRule
from portal.services import absences
from tests.factories.absences import ask, grant
from tests.factories.staffing import make_rule

MONDAY = date(2026, 8, 3)
FORM = {
    "key": "00000000-0000-4000-8000-000000000001",
    "name": "Two of Care",
    "site": "",
    "qualification": "",
    "metric": "least-present",
    "amount": "2",
    "measure": "people",
    "weekdays": ["1", "2", "3", "4", "5"],
    "valid_from": "2026-07-01",
    "valid_through": "",
    "effect": "block",
    "override": "right",
}


@pytest.fixture
def granted(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, *(cast.people[name].employee_id for name in ("mats", "eve", "pia")))


def test_a_rule_is_looked_at_made_changed_and_removed(client, as_, cast, granted):
    """Before it is saved the page says which days break it; pressed twice it is made once."""
    with as_(cast.eve) as uow:
        absence_id = ask(uow, MONDAY).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    client.sign_in(cast.pia)
    form = FORM | {"team": str(cast.teams["care"])}
    assert "No day breaks the rule" in client.send("staffing-rules/preview", form).text
    shown = client.send("staffing-rules/preview", form | {"amount": "3"}).text
    assert "1 day breaks the rule" in shown and "2 of 3 there, 1 away" in shown
    assert client.send("staffing-rules", form).status_code == 303
    assert client.send("staffing-rules", form).status_code == 303
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(StaffingRule)).one()
        assert (row.name, row.amount, row.effect, row.author_id) == (
            "Two of Care",
            2,
            Effect.BLOCK,
            cast.pia.employee_id,
        )
        rule_id = row.id
    listed = client.get(client.url("staffing-rules")).text
    assert "at least 2 people there" in listed and "Monday to Friday" in listed
    changed = client.send(f"staffing-rules/{rule_id}", form | {"amount": "3"})
    assert changed.status_code == 303
    assert "1 day breaks the rule" in client.get(client.url(f"staffing-rules/{rule_id}")).text
    assert client.send(f"staffing-rules/{rule_id}/removal").status_code == 303
    assert "No rule yet" in client.get(client.url("staffing-rules")).text


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("amount", "0"), ("amount", "x"), ("weekdays", []), ("valid_through", "2026-06-01")],
)
def test_what_makes_no_sense_is_said_at_its_field_and_changes_nothing(client, as_, cast, field, value):
    client.sign_in(cast.ana)
    answer = client.send("staffing-rules", FORM | {"team": "", field: value})
    assert answer.status_code == 422
    wrong = html.fromstring(answer.text).xpath("//*[contains(@class, 'error-summary')]//a/@href")
    assert set(wrong) == {f"#{field}"}
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(StaffingRule)).all() == []


def test_the_approver_sees_the_days_ticks_and_says_why(client, as_, cast, granted):
    """On the list and on the request; without the tick nothing is approved, and the list says why."""
    with as_(cast.ana) as uow:
        make_rule(uow, effect=Effect.REASON, team_id=cast.teams["care"])
    with as_(cast.eve) as uow:
        absence_id = ask(uow, MONDAY, note="Moving house").id
    client.sign_in(cast.mats)
    listed = client.get(client.url("absences/approvals")).text
    assert "Enough of us" in listed and "2 of 3 there, 1 away" in listed
    assert "Enough of us" in client.get(client.url(f"absences/{absence_id}")).text
    path = f"absences/{absence_id}/approval"
    answer = client.send(path, {"version": "1", "note": "Fine"}, htmx=True)
    assert answer.status_code == 422 and "tick that you have seen them" in answer.text
    answer = client.send(path, {"version": "1", "breaches_seen": "y"}, htmx=True)
    assert answer.status_code == 422 and "Write in the note why" in answer.text
    assert client.send(path, {"version": "1", "note": "Fine", "breaches_seen": "y"}).status_code == 303
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(Absence.status)).one() == "approved"


def test_types_that_count_as_work_are_chosen_by_hr_alone(client, as_, cast):
    with as_(cast.ana) as uow:
        kind = uow.session.scalars(select(AbsenceType.id)).one()
    client.sign_in(cast.pia)
    assert "count as work" not in client.get(client.url("staffing-rules")).text
    assert client.send("staffing-rules/work-types", {"types": [str(kind)]}).status_code == 403
    client.sign_in(cast.ana)
    assert client.send("staffing-rules/work-types", {"types": [str(kind)]}).status_code == 303
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(AbsenceType.at_work)).one()


MORE = {
    "metric": "not-all-away",
    "counted": "EVE@acme.example, mats@acme.example",
    "excepted": "pia@acme.example",
    "season_from": "1.12.",
    "season_through": "12-24",
    "starts_at": "08:00",
    "ends_at": "00:00",
    "override": "named",
    "overrides": "mats@acme.example",
}


def test_a_rule_by_name_with_hours_and_a_part_of_the_year(client, as_, cast):
    """As it was typed it is kept, and the form shows it again; the list says it in words."""
    with as_(cast.ana) as uow:
        kind = uow.session.scalars(select(AbsenceType.id)).one()
    client.sign_in(cast.ana)
    assert client.send("staffing-rules", FORM | MORE | {"team": "", "types": [str(kind)]}).status_code == 303
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(StaffingRule)).one()
        assert (row.season_from, row.season_through, row.starts_minute, row.ends_minute) == (
            *(1201, 1224),
            *(480, 1440),
        )
        path = f"staffing-rules/{row.id}"
    listed = " ".join(client.get(client.url("staffing-rules")).text.split())
    for said in ("not all away at once", "8:00–24:00", "every year Dec 1 to Dec 24", "only Vacation"):
        assert said in listed
    page = html.fromstring(client.get(client.url(path)).text)
    assert page.xpath("//textarea[@name='counted']")[0].text.split() == [cast.eve.email, cast.mats.email]
    assert page.xpath("//input[@name='season_through']/@value") == ["24.12."]
    assert len(page.xpath("//details[@open]//textarea")) == 3


@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("counted", "eve@acme.example", "counted"),
        ("counted", "eve@acme.example nobody@acme.example", "counted"),
        ("season_from", "", "season_through"),
        ("season_from", "30.2.", "season_from"),
        ("season_from", "soon", "season_from"),
        ("ends_at", "", "starts_at"),
        ("starts_at", "", "ends_at"),
        ("ends_at", "07:00", "ends_at"),
        ("overrides", "", "overrides"),
    ],
)
def test_what_is_wrong_in_a_folded_part_is_said_and_the_part_stands_open(client, as_, cast, field, value, at):
    client.sign_in(cast.ana)
    answer = client.send("staffing-rules", FORM | MORE | {"team": "", field: value})
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.xpath("//*[contains(@class, 'error-summary')]//a/@href")[0] == f"#{at}"
    assert page.xpath(f"//details[@open]//*[@id='{at}']")
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(StaffingRule)).all() == []

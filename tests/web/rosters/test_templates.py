"""Shift templates: new ones, and what may change in one that shifts were made from."""

from __future__ import annotations

from datetime import date

import pytest

from portal.services import shift_templates
from tests.factories.rosters import draft, template_id

DAY = {
    "code": "D",
    "name": "Day",
    "colour": "teal",
    "starts": "08:00",
    "ends": "16:30",
    "break_minutes": "30",
}


@pytest.fixture
def planner(client, cast):
    return client.sign_in(cast.pia)


@pytest.fixture
def templates(as_, cast):
    def read():
        with as_(cast.pia) as uow:
            return {one.code: one for one in shift_templates.list_templates(uow)}

    return read


def test_a_planner_creates_one(planner, templates):
    planner.page("shift-templates/new")
    assert planner.send("shift-templates", DAY).status_code == 303
    assert (templates()["D"].clock, templates()["D"].paid_minutes) == ("08:00–16:30", 480)
    assert "Day" in planner.page("shift-templates")


def test_an_end_before_the_start_is_the_next_day(planner, templates):
    planner.send("shift-templates", {**DAY, "starts": "20:00", "ends": "06:00"})
    assert templates()["D"].times.crosses_midnight
    assert "next day" in planner.page("shift-templates")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "e"}, "Another shift template has this code"),
        ({"code": "A B"}, "One to three letters or digits"),
        ({"code": "<b>"}, "One to three letters or digits"),
        ({"code": "LONG"}, "One to three letters or digits"),
        ({"code": ""}, "Please fill this in"),
        ({"name": " "}, "Please fill this in"),
        ({"ends": "08:00"}, "begins and ends at the same time"),
        ({"break_minutes": "510"}, "The break is as long as the shift"),
        ({"break_minutes": "-5"}, "must be between"),
        ({"colour": "red; background: url(//evil)"}, "Not a valid choice"),
        ({"starts": "25:00"}, "Not a valid time"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(planner, templates, wrong, said):
    answer = planner.send("shift-templates", {**DAY, **wrong})
    assert answer.status_code == 422 and said in answer.text
    assert set(templates()) == {"E", "L", "N"}


def test_an_unused_one_changes_freely(planner, templates):
    early = templates()["E"]
    fields = {**DAY, "code": "E"}
    assert planner.send(f"shift-templates/{early.id}", fields).status_code == 303
    assert templates()["E"].clock == "08:00–16:30"


def test_the_times_of_a_used_one_stay_and_its_name_may_change(planner, templates, as_, cast):
    with as_(cast.pia) as uow:
        draft(uow, cast.teams["care"], (cast.eve.employee_id, date(2026, 6, 15), "E"))
        early = template_id(uow, "E")
    assert "times and break stay as they are" in planner.page(f"shift-templates/{early}")
    same = {
        "code": "E",
        "name": "Morning",
        "colour": "pink",
        "starts": "06:00",
        "ends": "14:30",
        "break_minutes": "30",
    }
    assert planner.send(f"shift-templates/{early}", same).status_code == 303
    answer = planner.send(f"shift-templates/{early}", {**same, "ends": "15:00"})
    assert answer.status_code == 422 and "Create a new template" in answer.text
    assert (templates()["E"].name, templates()["E"].clock) == ("Morning", "06:00–14:30")


@pytest.mark.parametrize("who", ["eve", "mats"])
def test_nobody_else_keeps_templates(client, cast, templates, who):
    """T88."""
    client.sign_in(cast.people[who])
    assert client.get(client.url("shift-templates")).status_code == 403
    assert client.send("shift-templates", DAY).status_code == 403
    assert "D" not in templates()


def test_templates_of_another_company_do_not_exist(client, cast, as_, templates):
    """T99."""
    early = templates()["E"].id
    client.sign_in(cast.bruno)
    assert client.get(client.url(f"shift-templates/{early}")).status_code == 404
    assert client.send(f"shift-templates/{early}", DAY).status_code == 404

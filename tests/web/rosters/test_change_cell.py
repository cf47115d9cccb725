"""A cell is filled, emptied, added to and moved out of, by htmx and by plain forms; refusals are said in place."""

from __future__ import annotations

import re
from datetime import date

import pytest

from portal.models import ShiftTemplate
from tests.factories.rosters import draft, drafted, plan, take_off, template_id

MONDAY, TUESDAY = date(2026, 6, 15), date(2026, 6, 16)


@pytest.fixture
def eve(cast):
    return cast.eve.employee_id


@pytest.fixture
def care(as_, cast, eve):
    with as_(cast.pia) as uow:
        return draft(uow, cast.teams["care"], (eve, MONDAY, "E"))


@pytest.fixture
def planner(client, cast):
    return client.sign_in(cast.pia)


@pytest.fixture
def shifts_now(as_, cast, care):
    """(person, day, code) of the whole draft."""

    def read():
        with as_(cast.pia) as uow:
            codes = {one.id: one.code for one in uow.session.query(ShiftTemplate)}
            return [
                (one.employee_id, one.date.day, codes[one.shift_template_id]) for one in drafted(uow, care)
            ]

    return read


@pytest.fixture
def shift_id(as_, cast, care):
    with as_(cast.pia) as uow:
        return drafted(uow, care)[0].id


def test_a_key_plans_a_shift_and_answers_with_row_and_totals(planner, care, eve, shifts_now):
    answer = planner.send(
        f"rosters/{care}/cells", {"employee_id": eve, "date": TUESDAY, "code": "L", "seen": ""}, htmx=True
    )
    assert answer.status_code == 200
    assert f"tr:has(> th > a[href$='{eve}'])" in answer.text
    assert answer.text.count("<tr>") == 4, "the row, a total for E, one for L, one for the hours"
    assert 'hx-target="#roster-totals"' in answer.text and 'hx-target="#roster-status"' in answer.text
    assert shifts_now() == [(eve, 15, "E"), (eve, 16, "L")]


def test_delete_empties_the_cell(planner, care, eve, shifts_now):
    fields = {"employee_id": eve, "date": MONDAY, "code": "", "seen": "E"}
    assert planner.send(f"rosters/{care}/cells", fields, htmx=True).status_code == 200
    assert shifts_now() == []


def test_a_stale_cell_is_shown_anew_and_not_overwritten(planner, care, eve, shifts_now):
    """T158."""
    fields = {"employee_id": eve, "date": MONDAY, "code": "N", "seen": ""}
    answer = planner.send(f"rosters/{care}/cells", fields, htmx=True)
    assert answer.status_code == 409
    assert "nothing was overwritten" in answer.text and ">E</b>" in answer.text
    assert shifts_now() == [(eve, 15, "E")]


def test_an_overlap_names_the_other_shift(planner, care, eve, shifts_now, as_, cast):
    """T154: N on Monday ends at 6:30 on Tuesday, E begins at 6:00."""
    with as_(cast.pia) as uow:
        plan(uow, care, eve, MONDAY, "N")
    fields = {"employee_id": eve, "date": TUESDAY, "code": "E", "seen": ""}
    answer = planner.send(f"rosters/{care}/cells", fields, htmx=True)
    assert answer.status_code == 409
    said = re.sub(r"\s+", " ", answer.text)
    assert (
        "Eve MaláAcmeonly already works at that time: N on 15 Jun 2026, 22:00–06:30, Care Acmeonly." in said
    )
    assert len(shifts_now()) == 2


def test_a_day_off_refuses_the_shift(planner, care, eve, shifts_now, as_, cast):
    with as_(cast.ana) as uow:
        take_off(uow, eve, TUESDAY)
    fields = {"employee_id": eve, "date": TUESDAY, "code": "E", "seen": ""}
    answer = planner.send(f"rosters/{care}/cells", fields, htmx=True)
    assert answer.status_code == 422 and "has approved time off" in answer.text
    assert len(shifts_now()) == 1


class TestWithoutJavaScript:
    def test_the_person_leads_to_the_day_and_the_day_has_the_forms(self, planner, care, eve):
        person = planner.page(f"rosters/{care}/people/{eve}")
        address = f"/c/acme/rosters/{care}/people/{eve}/2026-06-15"
        assert address in person
        cell = planner.page(address)
        assert cell.count('method="post"') >= 3 and "hx-post" not in cell

    def test_a_button_adds_a_shift(self, planner, care, eve, shifts_now, as_, cast):
        with as_(cast.pia) as uow:
            late = template_id(uow, "L")
        fields = {"employee_id": eve, "date": TUESDAY, "template_id": late}
        answer = planner.send(f"rosters/{care}/shifts", fields)
        assert (answer.status_code, answer.location) == (303, f"/c/acme/rosters/{care}/people/{eve}")
        assert shifts_now() == [(eve, 15, "E"), (eve, 16, "L")]

    def test_a_refusal_comes_back_on_the_page_of_the_day(self, planner, care, eve, shifts_now, as_, cast):
        with as_(cast.pia) as uow:
            late = template_id(uow, "L")
        answer = planner.send(
            f"rosters/{care}/shifts", {"employee_id": eve, "date": MONDAY, "template_id": late}
        )
        assert answer.status_code == 409 and "already works at that time" in answer.text
        assert len(shifts_now()) == 1

    def test_a_shift_is_removed(self, planner, care, eve, shift_id, shifts_now):
        planner.send(f"rosters/{care}/shifts/{shift_id}/removal", {"employee_id": eve, "date": MONDAY})
        assert shifts_now() == []

    def test_a_shift_is_moved(self, planner, care, eve, shift_id, shifts_now, cast):
        mats = cast.mats.employee_id
        fields = {"employee_id": eve, "date": MONDAY, "to_employee_id": mats, "to_date": TUESDAY}
        assert planner.send(f"rosters/{care}/shifts/{shift_id}/place", fields).status_code == 303
        assert shifts_now() == [(mats, 16, "E")]


def test_a_move_by_htmx_renews_both_rows(planner, care, eve, shift_id, cast):
    fields = {"employee_id": eve, "date": MONDAY, "to_employee_id": cast.mats.employee_id, "to_date": MONDAY}
    answer = planner.send(f"rosters/{care}/shifts/{shift_id}/place", {**fields, "in": "dialog"}, htmx=True)
    assert answer.text.count("tr:has(") == 2


def test_the_dialog_hears_its_own_refusals(planner, care, eve, as_, cast):
    with as_(cast.pia) as uow:
        late = template_id(uow, "L")
    fields = {"employee_id": eve, "date": MONDAY, "template_id": late, "in": "dialog"}
    answer = planner.send(f"rosters/{care}/shifts", fields, htmx=True)
    assert answer.status_code == 409
    assert 'id="cell-problem" hx-swap-oob="true"' in answer.text and 'id="flashes"' not in answer.text


@pytest.mark.parametrize("who", ["eve", "mats", "otto"])
def test_nobody_else_changes_a_cell(client, care, eve, shifts_now, cast, who):
    """T88."""
    client.sign_in(cast.people[who])
    fields = {"employee_id": eve, "date": MONDAY, "code": "N", "seen": "E"}
    assert client.send(f"rosters/{care}/cells", fields).status_code == 403
    assert shifts_now() == [(eve, 15, "E")]


def test_fields_that_no_form_has_change_nothing(planner, care, eve, shifts_now, cast):
    """T89: another company, another roster, minutes of one's own."""
    extra = {"company_id": cast.beta.id, "roster_id": cast.beta.id, "paid_minutes": 9999, "id": cast.beta.id}
    fields = {"employee_id": eve, "date": TUESDAY, "code": "L", "seen": "", **extra}
    planner.send(f"rosters/{care}/cells", fields, htmx=True)
    assert shifts_now() == [(eve, 15, "E"), (eve, 16, "L")]


@pytest.mark.parametrize(
    "wrong", [{"employee_id": "eve"}, {"date": "soon"}, {"date": ""}, {"employee_id": ""}, {"code": "LONG"}]
)
def test_a_form_that_no_page_of_ours_sent_is_not_found(planner, care, eve, wrong):
    fields = {"employee_id": eve, "date": TUESDAY, "code": "L", "seen": "", **wrong}
    assert planner.send(f"rosters/{care}/cells", fields).status_code == 404


def test_a_day_outside_the_month_or_calendar_has_no_page(planner, care, eve):
    for day in ("2026-07-01", "2026-06-31", "monday"):
        assert planner.get(planner.url(f"rosters/{care}/people/{eve}/{day}")).status_code == 404

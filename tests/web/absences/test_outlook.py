"""While dates are chosen one bar shows the price, what would lapse, who is there, and better dates nearby."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from lxml import html

from portal.domain.staffing import Effect, Standing
from portal.services import absence_requests, absences, wish_outlook
from tests.factories.absences import ask, grant, vacation, wish
from tests.factories.staffing import make_rule

MONDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 7)


@pytest.fixture
def away(as_, cast):
    """Pia is away on the Monday; at most one of Care may be."""
    with as_(cast.ana) as uow:
        grant(uow, *(cast.people[name].employee_id for name in ("mats", "eve", "pia")))
        make_rule(uow, amount=1, effect=Effect.BLOCK, team_id=cast.teams["care"])
        kind_id = vacation(uow).id
    with as_(cast.pia) as uow:
        absence_id = ask(uow, MONDAY).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    return str(kind_id)


def form(kind_id, first="2026-08-03", last="2026-08-07", **more):
    return {
        "key": str(uuid4()),
        "absence_type_id": kind_id,
        "start_date": first,
        "end_date": last,
        "first_part": "full",
        "last_part": "full",
        "note": "",
    } | more


def test_each_day_says_how_it_is_staffed_and_nearby_dates_are_offered(client, cast, away):
    client.sign_in(cast.eve)
    page = client.send("absences/preview", form(away)).text
    assert "too few people" in page and "1 of 3 there, 2 away" in page and "tight" in page
    assert "the request cannot be sent" in page
    assert "Lapses after" in page and "20 days after this" in page
    buttons = html.fromstring(page).xpath("//button[@name='shift']")
    assert 0 < len(buttons) <= 3
    assert all("enough people" in one.text_content() for one in buttons)


def test_the_button_of_better_dates_moves_the_whole_form_without_script(client, cast, away):
    client.sign_in(cast.eve)
    page = client.send("absences/preview", form(away, note="Sea", shift="7"))
    read = html.fromstring(page.text)
    assert read.xpath("//input[@name='start_date']/@value") == ["2026-08-10"]
    assert read.xpath("//input[@name='end_date']/@value") == ["2026-08-14"]
    assert "Sea" in read.xpath("//textarea")[0].text_content()
    assert "too few people" not in page.text
    for nonsense in ("x", "400", "--7", "７7"):
        moved = html.fromstring(client.send("absences/preview", form(away, shift=nonsense)).text)
        assert moved.xpath("//input[@name='start_date']/@value") == ["2026-08-03"]


def test_what_is_offered_can_be_sent_and_costs_what_it_says(as_, cast, away):
    """Every date on offer is free of the person's own absences, and no rule blocks it."""
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 8, 17))
        priced = absence_requests.preview(uow, wish(uow, MONDAY, FRIDAY))
        found = wish_outlook.outlook(uow, priced, movable=True)
        assert found.standing is Standing.BROKEN and found.blocked
        assert found.better
        for one in found.better:
            again = absence_requests.preview(uow, wish(uow, one.start_date, one.end_date))
            assert (again.problem, again.total) == (None, one.cost)

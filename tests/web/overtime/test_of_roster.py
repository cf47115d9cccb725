"""Hours that a roster planned beyond the contract: switched on, shown with how they come about, and decided."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.models import Employment, OvertimeCredit
from portal.services import absence_types, outbox, overtime, roster_overtime
from portal.services.absence_types import TypeLook
from tests.factories.rosters import draft, make_template, publish
from tests.services.test_roster_overtime import AFTER, BEFORE, HOLIDAYS, MAY, SATURDAY, WORKDAYS

SUM = "Roster of May 2026: 168:00 h planned, 152:00 h asked by the contract."


@pytest.fixture
def lieu(as_, cast):
    with as_(cast.ana) as uow:
        made = absence_types.create(
            uow,
            TypeLook("Time in lieu", "TL", "pink"),
            TypeRules(unit=Unit.HOUR),
            counting=CountingMethod.HOURS,
        )
        query = select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        uow.session.scalars(query).one().by_roster = True
        return made.id


@pytest.fixture
def proposed(as_, cast, clock, client, lieu):
    """HR lets the type take the hours in. Eve works a Saturday and a public holiday more than her contract asks."""
    form = {"takes_in": "y", "overtime_months": "6", "overtime_cap": "", "of_roster": "y"}
    client.sign_in(cast.ana)
    assert client.send(f"absence-types/{lieu}/overtime", form).status_code == 303
    clock.move_to(BEFORE)
    with as_(cast.ana) as uow:
        make_template(uow, "D", "08:00", "16:30", 30)
        days = [*WORKDAYS, SATURDAY, HOLIDAYS[0]]
        shifts = [(cast.eve.employee_id, day, "D") for day in days]
        publish(uow, draft(uow, cast.teams["care"], *shifts, month=MAY))
    clock.move_to(AFTER)
    with as_(cast.ana) as uow:
        assert roster_overtime.propose_months(uow) == 1
        return uow.session.scalars(select(OvertimeCredit.id)).one()


def test_everybody_reads_how_the_hours_come_about(client, as_, cast, proposed):
    own = client.sign_in(cast.eve).page("overtime")
    for said in (
        SUM,
        "8:00 h of the plan lie on public holidays",
        "Roster and contract",
        "16:00 h",
        "May 2026",
    ):
        assert said in own, said
    assert f"{proposed}/withdrawal" not in own
    assert client.send(f"overtime/{proposed}/withdrawal", {"version": "1"}).status_code == 404
    waiting = client.sign_in(cast.mats).page("overtime")
    assert SUM in waiting and f"{proposed}/approval" in waiting
    person = client.page(f"people/{cast.eve.employee_id}/overtime")
    assert SUM in person and f"people/{cast.eve.employee_id}/roster-hours" in person
    assert client.send(f"overtime/{proposed}/approval", {"version": "1"}).status_code == 303
    ledger = client.sign_in(cast.eve).page(f"people/{cast.eve.employee_id}/ledger")
    assert SUM in ledger and "Usable for 6 months after the month of that day." in ledger
    log = client.sign_in(cast.ana).page("audit")
    assert "Overtime proposed by a roster" in log and "Overtime booked" in log


def test_the_letter_and_its_link_say_it_too(client, as_, cast, proposed):
    with as_(cast.ana) as uow:
        (letter,) = [one for one in outbox.list_latest(uow) if one.to == cast.mats.email]
    assert "Overtime to decide" in letter.subject and "1–31 May 2026" in letter.subject
    assert "plans 168:00 h" in letter.text and "asks 152:00 h" in letter.text
    assert "worked longer" not in letter.text
    (link,) = [line for line in letter.text.splitlines() if f"{proposed}/decision/" in line]
    page = client.page(link.strip().removeprefix("http://localhost"))
    assert SUM in page and "May 2026" in page


def test_no_month_is_shown_where_nothing_is_proposed(client, as_, cast, lieu, proposed):
    form = {"takes_in": "y", "overtime_months": "6", "overtime_cap": ""}
    client.sign_in(cast.ana)
    assert client.send(f"absence-types/{lieu}/overtime", form).status_code == 303
    assert "proposed once the month is over" not in client.page(f"absence-types/{lieu}/overtime")
    with as_(cast.ana) as uow:
        roster_overtime.propose_months(uow)
    own = client.sign_in(cast.eve).page("overtime")
    assert "roster-hours" not in own and "No longer so" in own
    alone = client.page(f"people/{cast.eve.employee_id}/roster-hours")
    assert "16:00 h" in alone and "is proposed as overtime" not in alone


def test_the_months_are_shown_to_the_person_and_who_decides(client, as_, cast, proposed):
    address = f"people/{cast.eve.employee_id}/roster-hours"
    with as_(cast.mats) as uow:
        overtime.approve(uow, proposed, version=1)
    for reader in (cast.eve, cast.mats, cast.ana):
        page = client.sign_in(reader).page(address)
        for said in ("May 2026", "168:00 h", "152:00 h", "8:00 h", "is proposed as overtime"):
            assert said in page, said
        assert page.count("16:00 h") == 2, "the difference, and what was decided of it"
    for other in (cast.otto, cast.pia):
        assert client.sign_in(other).get(address).status_code == 404
    assert "No month to compare" in client.sign_in(cast.mats).page(
        f"people/{cast.mats.employee_id}/roster-hours"
    )


def test_one_type_takes_them_in(client, as_, cast, proposed):
    with as_(cast.ana) as uow:
        other = absence_types.create(
            uow, TypeLook("More time", "MT", "pink"), TypeRules(unit=Unit.HOUR), counting=CountingMethod.HOURS
        ).id
    form = {"takes_in": "y", "overtime_months": "6", "overtime_cap": "", "of_roster": "y"}
    refused = client.sign_in(cast.ana).send(f"absence-types/{other}/overtime", form)
    assert refused.status_code == 422 and "Another type takes the hours of the roster in" in refused.text


def test_the_pages_stay_within_their_statements(client, as_, cast, proposed, statements):
    counted = []
    for reader, page in (
        (cast.eve, "overtime"),
        (cast.mats, f"people/{cast.eve.employee_id}/overtime"),
        (cast.mats, f"people/{cast.eve.employee_id}/roster-hours"),
    ):
        client.sign_in(reader).page(page)
        statements.clear()
        client.page(page)
        counted.append(len(statements))
    assert max(counted) <= 8, counted

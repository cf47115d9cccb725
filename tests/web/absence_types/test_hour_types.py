"""Types that count hours: the ledger is in minutes, and every place says hours; types that may be overdrawn."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import select

from portal.blueprints.absence_types.forms import NewTypeForm
from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import WorkingPattern
from portal.models import AbsenceType, Employment, LedgerEntry
from portal.services import absence_requests, absence_types, absences, entitlements
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from tests.fixtures.letters import latest

MONDAY = date(2026, 8, 3)


@pytest.fixture
def lieu(as_, cast):
    """Time off in lieu, counted in hours: 100 a year; Eve works five short days of five hours."""
    with as_(cast.ana) as uow:
        row = absence_types.create(
            uow,
            TypeLook("In lieu", "L", "teal"),
            TypeRules(yearly_entitlement=6000, overdraft=60),
            counting=CountingMethod.HOURS,
        )
        for employment in uow.session.scalars(
            select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        ):
            employment.pattern = list(WorkingPattern.spread(25 * 60).minutes)
        uow.session.flush()
        entitlements.ensure_grants(uow, [cast.eve.employee_id], [2026])
        return row.id


def ask(uow, type_id, start, end=None):
    absence = absence_requests.request(uow, uuid4(), Wish(type_id, start, end or start))
    uow.session.flush()
    return absence


def test_an_hour_type_grants_by_hours_and_takes_the_hours_of_the_day(client, as_, cast, lieu):
    """25 of 40 hours earn 62:30, rounded up to a half hour; a day of five hours costs five."""
    with as_(cast.eve) as uow:
        absence = ask(uow, lieu, MONDAY)
        assert absence.charge == 300
    with as_(cast.mats) as uow:
        absences.approve(uow, absence.id, version=1)
    with as_(cast.ana) as uow:
        of_type = select(LedgerEntry.amount).where(LedgerEntry.absence_type_id == lieu)
        assert sorted(uow.session.scalars(of_type)) == [-300, 3750]


def test_every_page_and_letter_says_hours(client, as_, cast, lieu):
    with as_(cast.eve) as uow:
        absence = ask(uow, lieu, MONDAY)
    with as_(cast.ana) as uow:
        assert "5:00 h" in latest(uow).text
    assert "5:00 h" in client.sign_in(cast.mats).page("absences/approvals")
    page = client.sign_in(cast.eve).page("absences")
    assert "5:00 h" in page and "57:30 h left" in page
    assert "5:00 h" in client.page(f"absences/{absence.id}")
    ledger = client.page(f"people/{cast.eve.employee_id}/ledger")
    assert "+62:30 h" in ledger and "100:00 h for a full year." in ledger
    preview = {"absence_type_id": str(lieu), "start_date": "2026-08-04", "key": str(uuid4())}
    answer = client.send("absences/preview", {**preview, "first_part": "full", "last_part": "full"})
    assert "57:30 h now, 52:30 h afterwards" in answer.text
    log = client.sign_in(cast.ana).page("audit")
    assert "5:00" in log and "0.3 days" not in log
    assert "100:00 h a year" in client.page("absence-types")


def test_an_overdraft_lets_the_balance_go_so_far_below_zero(as_, cast, lieu):
    """62:30 and one hour more: twelve days are 60:00, the thirteenth would be 1:30 too much."""
    with as_(cast.eve) as uow:
        ask(uow, lieu, MONDAY, date(2026, 8, 18))
        with pytest.raises(Refusal) as refused:
            ask(uow, lieu, date(2026, 8, 19))
    assert refused.value.reason is Reason.BALANCE_TOO_LOW
    assert refused.value.details["missing"] == 90


def test_a_correction_is_in_hours(client, as_, cast, lieu):
    form = {
        "key": str(uuid4()),
        "absence_type_id": str(lieu),
        "year": "2026",
        "amount": "-1.5",
        "reason": "Overtime was paid",
    }
    client.sign_in(cast.ana)
    path = f"people/{cast.eve.employee_id}/ledger/adjustments"
    for wrong in ("0.01", "-1:60", "0"):
        assert client.send(path, {**form, "amount": wrong}).status_code == 422
    assert client.send(path, {**form, "amount": "-1:30"}).status_code == 303
    with as_(cast.ana) as uow:
        corrected = select(LedgerEntry.amount).where(LedgerEntry.reason == "Overtime was paid")
        assert uow.session.scalars(corrected).one() == -90
    assert "−1:30 h" in client.page(f"people/{cast.eve.employee_id}/ledger")


def test_the_form_of_an_hour_type_keeps_its_unit(client, as_, cast):
    client.sign_in(cast.ana)
    form = {"name": "Study", "code": "ST", "colour": "teal", "notice_days": "0", "unit": "hour"}
    for typed in ("7000", "0", "7:60", "0.001"):
        wrong = client.send("absence-types", {**form, "counting": "hours", "yearly_days": typed})
        assert wrong.status_code == 422, typed
        assert "Hours above 0 and up to 6000, such as 7:30 or 7.5, in whole minutes." in wrong.text
        # Nothing by the year is what a type for time off in lieu grants: the way there is said.
        assert ("make a type that counts hours and open its page Overtime" in wrong.text) == (typed == "0")
    shown = client.send("absence-types", {**form, "counting": "hours", "overdraft": "-1"})
    assert shown.status_code == 422 and "Hours from 0 to 6000" in shown.text
    answer = client.send(
        "absence-types",
        {**form, "counting": "hours", "yearly_days": "37:30", "proof_from_days": "4", "overdraft": "1:20"},
    )
    assert answer.status_code == 303
    with as_(cast.ana) as uow:
        made = uow.session.scalars(select(AbsenceType).where(AbsenceType.key != "vacation")).one()
        assert (made.yearly_entitlement, made.overdraft) == (2_250, 80)
        type_id = made.id
    rules = html.fromstring(client.page(f"absence-types/{type_id}"))
    typed = {name: rules.xpath(f"//input[@name='{name}']/@value") for name in ("yearly_days", "overdraft")}
    assert typed == {"yearly_days": ["37:30"], "overdraft": ["1:20"]}
    page = client.page("absence-types")
    assert "37:30 h a year" in page and "hours possible" in page and "proof from day 4 on" in page


def test_hours_typed_for_a_type_in_days_say_how_to_make_it_one_in_hours(app):
    days = "A number of days above 0 and up to 366, with at most three digits after the point."
    for counting, typed, said in (
        ("days", "187:30", f"{days} For hours, choose above that the type counts in hours."),
        ("hours", "many", "Hours above 0 and up to 6000, such as 7:30 or 7.5, in whole minutes."),
    ):
        with app.test_request_context(method="POST", data={"counting": counting, "yearly_days": typed}):
            form = NewTypeForm(meta={"csrf": False})
            form.validate()
            assert form.yearly_days.errors == [said]


@pytest.mark.parametrize(("counting", "unit"), [("hours", Unit.HOUR), ("days", Unit.HALF)])
def test_the_smallest_part_of_a_new_type_is_as_it_counts_unless_chosen(client, as_, cast, counting, unit):
    client.sign_in(cast.ana)
    offered = html.fromstring(client.page("absence-types/new")).xpath("//select[@name='unit']")[0]
    assert offered.value == ""
    form = {"name": "Study", "colour": "teal", "notice_days": "0", "counting": counting}
    for code, chosen in (("A", offered.value), ("B", "day")):
        assert client.send("absence-types", {**form, "code": code, "unit": chosen}).status_code == 303
    with as_(cast.ana) as uow:
        made = {row.code: row.unit for row in uow.session.scalars(select(AbsenceType))}
    assert (made["A"], made["B"]) == (unit, Unit.DAY)

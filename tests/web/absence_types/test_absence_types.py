"""HR makes types of absence and gives them new rules from a day on; people ask by the rules of their days."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.absence_types import TypeRules, Unit
from portal.domain.absences import AbsenceStatus
from portal.domain.months import Month
from portal.domain.periods import Part
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, AbsenceType, AbsenceTypeVersion, LedgerEntry
from portal.services import absence_requests, absence_types, absences, entitlements, team_calendar
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from tests.fixtures.letters import latest

TODAY = date(2026, 6, 15)
NEXT_WEEK = date(2026, 6, 22)
FORM = {"name": "Sickness", "code": "S", "colour": "orange", "notice_days": "0", "unit": "half"}


@pytest.fixture
def make(as_, cast):
    """A type by Ana with these rules, and its id."""

    def made(name="Sickness", code="S", **rules):
        with as_(cast.ana) as uow:
            row = absence_types.create(uow, TypeLook(name, code, "orange"), TypeRules(**rules))
            uow.session.flush()
            return row.id

    return made


def ask(uow, type_id, start, end=None, **more):
    wish = Wish(type_id, start, end or start, **more)
    absence = absence_requests.request(uow, uuid4(), wish)
    uow.session.flush()
    return absence


def reason_of(as_, member, type_id, start, end=None, **more):
    with pytest.raises(Refusal) as refused, as_(member) as uow:
        ask(uow, type_id, start, end, **more)
    return refused.value.reason


def test_hr_makes_a_type_and_people_can_ask_for_it(client, as_, cast):
    client.sign_in(cast.ana)
    assert client.send("absence-types", {**FORM, "needs_approval": "y"}).status_code == 303
    page = client.page("absence-types")
    assert "Sickness" in page and "no balance, with approval, half days possible" in page
    assert "Sickness" in client.sign_in(cast.eve).page("absences/new")
    assert "Type of absence made" in client.sign_in(cast.ana).page("audit")


@pytest.mark.parametrize("who", ["eve", "mats", "pia"])
def test_others_see_and_change_nothing(client, as_, cast, make, who):
    type_id = make()
    client.sign_in(cast.people[who])
    assert client.get(client.url("absence-types")).status_code == 403
    assert client.send(f"absence-types/{type_id}/rules", {"valid_from": "2026-07-01"}).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"code": "V"}, "Another type of absence has this code"),
        ({"code": "abcd"}, "One to three letters"),
        ({"notice_days": "-1"}, "too small or too large"),
        ({"longest_days": "400"}, "too small or too large"),
        ({"yearly_days": "0"}, "A number of days above 0 and up to 366"),
        ({"yearly_days": "1e999999"}, "A number of days above 0 and up to 366"),
        ({"yearly_days": "0.0001"}, "A number of days above 0 and up to 366"),
    ],
)
def test_a_bad_form_says_what_to_do_and_makes_nothing(client, as_, cast, wrong, said):
    client.sign_in(cast.ana)
    answer = client.send("absence-types", {**FORM, **wrong})
    assert answer.status_code == 422 and said in answer.text
    with as_(cast.ana) as uow:
        assert [row.key for row in uow.session.scalars(select(AbsenceType))] == ["vacation"]


def test_new_rules_hold_from_their_day_on(client, as_, cast, make):
    """The absence of the older days keeps the older rules, the later one gets the new."""
    type_id = make(unit=Unit.HALF)
    client.sign_in(cast.ana)
    answer = client.send(
        f"absence-types/{type_id}/rules",
        {"valid_from": "2026-07-01", "notice_days": "0", "needs_approval": "y", "unit": "day"},
    )
    assert answer.status_code == 303
    page = client.page(f"absence-types/{type_id}")
    assert "From 1 Jul 2026" in page and "Planned" in page and "Holds today" in page
    assert "Decided by" in page
    with as_(cast.eve) as uow:
        ask(uow, type_id, date(2026, 6, 30), first_part=Part.AM)
    assert (
        reason_of(as_, cast.eve, type_id, date(2026, 7, 1), first_part=Part.AM)
        is Reason.HALF_DAYS_NOT_POSSIBLE
    )


def test_rules_are_never_backdated(client, as_, cast, make):
    type_id = make()
    client.sign_in(cast.ana)
    answer = client.send(
        f"absence-types/{type_id}/rules", {"valid_from": "2026-06-14", "notice_days": "0", "unit": "half"}
    )
    assert answer.status_code == 422 and "what is over stays as it was" in answer.text
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(AbsenceTypeVersion)).all() == []


def test_planned_rules_can_be_dropped_and_others_not(client, as_, cast, make):
    type_id = make()
    with as_(cast.ana) as uow:
        absence_types.change_rules(uow, type_id, TypeRules(notice_days=1), valid_from=TODAY)
        absence_types.change_rules(uow, type_id, TypeRules(notice_days=7), valid_from=NEXT_WEEK)
        uow.session.flush()
        today, planned = uow.session.scalars(
            select(AbsenceTypeVersion.id).order_by(AbsenceTypeVersion.valid_from)
        ).all()
    client.sign_in(cast.ana)
    assert client.send(f"absence-types/{type_id}/rules/{today}/removal").status_code == 404
    assert client.send(f"absence-types/{type_id}/rules/{planned}/removal").status_code == 303
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(AbsenceTypeVersion.notice_days)).all() == [1]


def test_without_approval_it_counts_at_once_and_the_manager_is_told(as_, cast, make):
    type_id = make(needs_approval=False)
    with as_(cast.eve) as uow:
        absence = ask(uow, type_id, TODAY)
        assert (absence.status, absence.version) == (AbsenceStatus.APPROVED, 2)
        assert uow.session.scalars(select(LedgerEntry)).all() == []
    with as_(cast.ana) as uow:
        letter = latest(uow, cast.mats.email)
        assert "will be away" in letter.subject and "Sickness" in letter.text


def test_a_type_with_entitlement_grants_by_the_rules_of_new_years_day(as_, cast, make):
    type_id = make(yearly_entitlement=5_000)
    with as_(cast.ana) as uow:
        absence_types.change_rules(
            uow, type_id, TypeRules(yearly_entitlement=8_000), valid_from=date(2026, 9, 1)
        )
        uow.session.flush()
        entitlements.ensure_grants(uow, [cast.eve.employee_id], [2026, 2027])
        uow.session.flush()
        granted = select(LedgerEntry.amount).where(LedgerEntry.absence_type_id == type_id)
        assert uow.session.scalars(granted.order_by(LedgerEntry.origin_year)).all() == [5_000, 8_000]
    with as_(cast.eve) as uow:
        absence = ask(uow, type_id, date(2026, 7, 13), date(2026, 7, 17))
    with as_(cast.mats) as uow:
        absences.approve(uow, absence.id, version=1)
    assert reason_of(as_, cast.eve, type_id, date(2026, 7, 20)) is Reason.BALANCE_TOO_LOW


def test_notice_and_longest_stretch_bind_at_the_request(as_, cast, make):
    type_id = make(notice_days=7, longest_days=3)
    assert reason_of(as_, cast.eve, type_id, NEXT_WEEK - timedelta(days=1)) is Reason.NOTICE_TOO_SHORT
    late = NEXT_WEEK + timedelta(days=3)
    assert reason_of(as_, cast.eve, type_id, NEXT_WEEK, late) is Reason.PERIOD_TOO_LONG
    with as_(cast.eve) as uow:
        ask(uow, type_id, NEXT_WEEK, NEXT_WEEK + timedelta(days=2))


def test_a_retired_type_is_offered_until_its_day(client, as_, cast, make):
    type_id = make()
    client.sign_in(cast.ana)
    look = {"name": "Sickness", "code": "S", "colour": "orange", "retired_on": "2026-07-01"}
    assert client.send(f"absence-types/{type_id}", look).status_code == 303
    with as_(cast.eve) as uow:
        ask(uow, type_id, date(2026, 6, 30))
    assert reason_of(as_, cast.eve, type_id, date(2026, 7, 1)) is Reason.ABSENCE_TYPE_RETIRED
    with as_(cast.eve) as uow:
        assert "Sickness" in [one.name for one in absence_requests.list_types(uow)]
    client.send(f"absence-types/{type_id}", {**look, "retired_on": "2026-06-15"})
    with as_(cast.eve) as uow:
        assert "Sickness" not in [one.name for one in absence_requests.list_types(uow)]
        assert len(uow.session.scalars(select(Absence)).all()) == 1


def test_colleagues_see_the_type_where_the_rules_of_the_day_say_so(as_, cast, make):
    """T87: and of no other day; the calendar's page and its feed read the same."""
    type_id = make(needs_approval=False)
    with as_(cast.ana) as uow:
        absence_types.change_rules(
            uow, type_id, TypeRules(needs_approval=False, colleagues_see=True), valid_from=NEXT_WEEK
        )
    with as_(cast.eve) as uow:
        ask(uow, type_id, NEXT_WEEK - timedelta(days=3), NEXT_WEEK)
    with as_(cast.pia) as uow:
        month = team_calendar.team_month(uow, Month(2026, 6), cast.teams["care"])
        [eve] = [person for person in month.people if person.id == cast.eve.employee_id]
        shown = {day: parts[0].kind and parts[0].kind.name for day, parts in eve.away.items()}
    assert shown == {19: None, 20: None, 21: None, 22: "Sickness"}


def test_the_built_in_type_keeps_its_name(client, as_, cast):
    with as_(cast.ana) as uow:
        vacation = uow.session.scalars(select(AbsenceType)).one()
    client.sign_in(cast.ana)
    answer = client.send(f"absence-types/{vacation.id}", {"name": "Holiday", "code": "H", "colour": "teal"})
    assert answer.status_code == 303
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(AbsenceType)).one()
        assert (row.name, row.code, row.colour) == ("Vacation", "H", "teal")

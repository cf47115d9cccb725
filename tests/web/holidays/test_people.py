"""HR agrees with one person on other holidays; what changes is seen before, given back, and told to the person."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from lxml import html
from sqlalchemy import select

from portal.domain.holidays import HolidayPart
from portal.domain.ledger import EntryKind
from portal.domain.months import Month
from portal.models import (
    Absence,
    AuditEvent,
    Employment,
    LedgerEntry,
    OutboxMessage,
    PersonCalendar,
    PersonHoliday,
)
from portal.services import absence_requests, absences, balances, holidays, personal_holidays, rosters
from portal.services.group_entries import planning
from portal.services.holiday_days import OwnDay
from portal.services.personal_holidays import CalendarWish, DayWish
from portal.services.working_time import working_time
from tests.factories.absences import ask, grant, wish

#: A Monday to a Friday in which the Czech calendar has no holiday.
MONDAY, FRIDAY, WEDNESDAY = date(2026, 8, 3), date(2026, 8, 7), date(2026, 8, 5)
#: Epiphany: free in Slovakia and Austria, not in Czechia. A Wednesday in 2027.
EPIPHANY = date(2027, 1, 6)


def left(as_, cast):
    with as_(cast.eve) as uow:
        return [one.available for one in balances.balances_of(uow, cast.eve.employee_id)]


@pytest.fixture
def approved(as_, cast):
    """Eve has a week off that Mats has approved: five of her days of 2026."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)
    with as_(cast.eve) as uow:
        absence_id = ask(uow, MONDAY, FRIDAY).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    return absence_id


def confirmed(client, path, form):
    """Sends the form, reads what it would do, and says yes."""
    shown = client.send(path, form)
    assert shown.status_code == 200, shown.text
    (yes,) = [one for one in html.fromstring(shown.text).forms if "seen" in one.fields]
    kept = [(name, value or "") for name, value in yes.form_values() if name != "csrf_token"]
    again: dict[str, object] = {}
    for name, value in kept:
        again[name] = [*again[name], value] if isinstance(again.get(name), list) else value
    return shown.text, client.send(path, again)


def test_a_day_of_one_person_is_given_back_in_sight_and_told(client, as_, cast, approved):
    """Nobody else gets it, nothing is written before the yes, and taking it out charges nobody."""
    path = f"people/{cast.eve.employee_id}/holidays/day"
    form = {"date": "2026-08-05", "part": "full", "name": "Feast of the Saviour"}
    client.sign_in(cast.ana)
    shown = client.send(path, form)
    assert "5 days" in shown.text and "4 days" in shown.text
    assert left(as_, cast) == [20_000]
    _text, answer = confirmed(client, path, form)
    assert answer.status_code == 303
    assert left(as_, cast) == [21_000]
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(Absence.charge).where(Absence.id == approved)).one() == 4000
        released = uow.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.RELEASE)).all()
        assert [(one.amount, one.effective_date) for one in released] == [(1000, WEDNESDAY)]
        letters = uow.session.scalars(
            select(OutboxMessage.employee_id).where(OutboxMessage.template == "absence_cheaper")
        )
        assert list(letters) == [cast.eve.employee_id]
        assert {"holiday.agreed", "absence.recomputed"} <= set(uow.session.scalars(select(AuditEvent.action)))
        day_id = uow.session.scalars(select(PersonHoliday.id)).one()
        group = planning.plan(
            uow,
            [(cast.eve.employee_id, "Eve"), (cast.otto.employee_id, "Otto")],
            planning.GroupWish(
                wish(uow, WEDNESDAY).absence_type_id, WEDNESDAY, WEDNESDAY, beside_others=True
            ),
        )
    # Entered for many, it costs Eve nothing and Otto a day.
    assert [one.cost.total for one in group.lines] == [0, 1000]
    assert "Feast of the Saviour" in client.page(f"people/{cast.eve.employee_id}/holidays")
    assert client.send(f"holidays/agreed-days/{day_id}/removal").status_code == 303
    assert left(as_, cast) == [21_000]
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(PersonHoliday)).all() == []


def test_what_a_day_is_called_is_read_by_hr_and_the_person_alone(client, as_, cast):
    """T184: days of faith. Calendars and previews say that the day is free; the page is closed to everybody else."""
    with as_(cast.ana) as uow:
        days = [DayWish(WEDNESDAY, HolidayPart.FULL, "Feast of the Saviour")]
        personal_holidays.add_days(uow, cast.eve.employee_id, days)
    client.sign_in(cast.eve)
    assert "Feast of the Saviour" in client.page(f"people/{cast.eve.employee_id}/holidays")
    own = client.page("calendar/mine?span=month&month=2026-08")
    assert "Own free day" in own and "Feast" not in own
    for other in (cast.mats, cast.otto):
        client.sign_in(other)
        assert client.get(f"people/{cast.eve.employee_id}/holidays").status_code == 404
    client.sign_in(cast.mats)
    team = client.page(f"calendar?team={cast.teams['care']}&month=2026-08")
    assert "Own free day" in team and "Feast" not in team


def test_a_person_follows_another_country_from_a_day_on(client, as_, cast):
    """Eve works for the site in Prague from Bratislava: Epiphany is free for her, and Czech days are no more."""
    path = f"people/{cast.eve.employee_id}/holidays/calendar"
    client.sign_in(cast.ana)
    page = client.page(f"{path}?calendar=country:SK")
    assert "Slovakia" in page
    form = {
        "calendar": "country:SK",
        "subdivision": "",
        "valid_from": "2026-12-01",
        "reason": "Works from Bratislava",
    }
    _text, answer = confirmed(client, path, form)
    assert answer.status_code == 303
    with as_(cast.eve) as uow:
        time = working_time(uow, cast.eve.employee_id, date(2026, 11, 1), date(2027, 9, 30))
        # 17 November is still the Czech one; Statehood Day, 28 September 2027, is a day like any other.
        assert date(2026, 11, 17) in time.free and EPIPHANY in time.free
        assert date(2027, 9, 28) not in time.free
    shown = client.page(f"people/{cast.eve.employee_id}/holidays")
    assert "Slovakia" in shown and "Works from Bratislava" in shown
    # The same day is decided; another one with the same calendar says nothing new.
    assert client.send(path, form).status_code == 422
    assert client.send(path, {**form, "valid_from": "2026-12-24"}).status_code == 422
    with as_(cast.ana) as uow:
        calendar_id = uow.session.scalars(select(PersonCalendar.id)).one()
    assert "Works from Bratislava" in client.page(f"holidays/agreed-calendars/{calendar_id}/removal")
    assert client.send(f"holidays/agreed-calendars/{calendar_id}/removal").status_code == 303
    with as_(cast.eve) as uow:
        assert EPIPHANY not in working_time(uow, cast.eve.employee_id, EPIPHANY, EPIPHANY).free


def test_a_calendar_that_has_begun_is_ended_from_a_day_on_and_stays_before(client, as_, cast, clock):
    """What is over is not taken back: the page leads from the calendar that holds to the day on which it ends."""
    moved, ended, epiphanies = date(2026, 12, 1), date(2027, 3, 1), [EPIPHANY, date(2028, 1, 6)]
    page = f"people/{cast.eve.employee_id}/holidays"
    with as_(cast.ana) as uow:
        abroad = CalendarWish(moved, "Works from Bratislava", country="SK")
        personal_holidays.change_calendar(uow, cast.eve.employee_id, abroad, called="Slovakia")
    client.sign_in(cast.ana)
    assert "End it" not in client.page(page), "it is taken back as long as it has not begun"
    clock.move_to(datetime(2027, 2, 15, 8, tzinfo=UTC))
    client.sign_in(cast.ana)
    (link,) = html.fromstring(client.page(page)).xpath("//a[starts-with(., 'End it')]/@href")
    form = html.fromstring(client.get(link).text).xpath(
        "//form[@method='post' and .//input[@name='reason']]"
    )[0]
    offered = {name: value or "" for name, value in form.form_values() if name != "csrf_token"}
    assert (offered["calendar"], offered["valid_from"]) == ("own", "2027-02-15")
    sent = {**offered, "reason": "Works in Prague again"}
    path = f"{page}/calendar"
    assert client.send(path, {**sent, "valid_from": "2027-02-14"}).status_code == 422
    _text, answer = confirmed(client, path, {**sent, "valid_from": ended.isoformat()})
    assert answer.status_code == 303
    with as_(cast.eve) as uow:
        time = working_time(uow, cast.eve.employee_id, moved, date(2028, 1, 31))
        assert [day in time.free for day in epiphanies] == [True, False]
        assert date(2027, 9, 28) in time.free
    clock.move_to(datetime(2027, 3, 15, 8, tzinfo=UTC))
    client.sign_in(cast.ana)
    shown = client.page(page)
    assert "Works in Prague again" in shown and "End it" not in shown


def test_another_sites_calendar_brings_that_sites_own_days(as_, cast):
    """Person before site before company: all of the other site, also its own day, and none of the site left."""
    other = next(site_id for name, site_id in cast.sites.items() if name != "prague")
    with as_(cast.ana) as uow:
        site_id = uow.session.scalars(
            select(Employment.site_id).where(Employment.employee_id == cast.eve.employee_id)
        ).first()
        there, here = [other, cast.sites["prague"]] if site_id != other else [cast.sites["prague"], other]
        holidays.add_days(uow, [OwnDay(None, there, WEDNESDAY, HolidayPart.FULL, True, "Fair")])
        holidays.add_days(uow, [OwnDay(None, here, FRIDAY, HolidayPart.FULL, True, "Founders")])
        moved = CalendarWish(date(2026, 8, 1), "Works there", site_id=there)
        personal_holidays.change_calendar(uow, cast.eve.employee_id, moved, called="Brno")
    with as_(cast.eve) as uow:
        free = working_time(uow, cast.eve.employee_id, MONDAY, FRIDAY).free
    assert WEDNESDAY in free and FRIDAY not in free


def test_days_of_a_list_are_chosen_and_cost_nothing(client, as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)
    client.sign_in(cast.ana)
    path = f"people/{cast.eve.employee_id}/holidays/list"
    page = client.page(f"{path}?list=ME:orthodox&year=2027")
    assert "7 Jan 2027" in page
    nothing = client.send(path, {"origin": "ME:orthodox", "year": "2027"})
    assert nothing.status_code == 422
    form = {"origin": "ME:orthodox", "year": "2027", "chosen": "2027-01-07"}
    _text, answer = confirmed(client, path, form)
    assert answer.status_code == 303
    with as_(cast.eve) as uow:
        assert date(2027, 1, 7) in working_time(uow, cast.eve.employee_id, EPIPHANY, date(2027, 1, 8)).free
    assert client.get(f"{path}?list=ME:nonsense&year=2027").status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"date": "", "part": "full", "name": "Feast"}, "Please choose a date."),
        ({"date": "2026-08-05", "part": "full", "name": ""}, "Please fill this in."),
        ({"date": "2026-08-05", "part": "from-to", "name": "Feast"}, "Free from"),
        (
            {
                "date": "2026-08-05",
                "part": "from-to",
                "name": "Feast",
                "starts_minute": "14:00",
                "ends_minute": "13:00",
            },
            "Free until",
        ),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_changes_nothing(client, as_, cast, form, said):
    client.sign_in(cast.ana)
    answer = client.send(f"people/{cast.eve.employee_id}/holidays/day", form)
    assert answer.status_code == 422 and said in answer.text
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(PersonHoliday)).all() == []


def test_a_shortened_day_of_a_site_charges_the_rest(client, as_, cast, approved):
    """Free from 14:00: a quarter of the day comes back, and the rest of it can be asked for."""
    client.sign_in(cast.ana)
    form = {
        "site": "",
        "date": "2026-08-05",
        "part": "from-to",
        "starts_minute": "14:00",
        "ends_minute": "00:00",
        "free": "yes",
        "name": "Summer party",
    }
    text, answer = confirmed(client, "holidays", form)
    assert "14:00 to 24:00" in text and answer.status_code == 303
    assert left(as_, cast) == [20_250]
    assert "14:00 to 24:00" in client.page("holidays?year=2026")
    with as_(cast.mats) as uow:
        preview = absence_requests.preview(uow, wish(uow, WEDNESDAY))
    assert (preview.total, preview.problem) == (750, None)


def test_a_roster_shades_the_day_in_the_row_of_the_person_alone(client, as_, cast):
    with as_(cast.ana) as uow:
        path = f"rosters/{rosters.create(uow, cast.teams['care'], Month(2026, 8))}/"
    client.sign_in(cast.ana)
    assert shaded(client.page(path)) == {}
    with as_(cast.ana) as uow:
        days = [DayWish(WEDNESDAY, HolidayPart.FULL, "Feast of the Saviour")]
        personal_holidays.add_days(uow, cast.eve.employee_id, days)
    (own,) = shaded(client.page(path)).items()
    assert "Eve" in own[0] and own[1] == [5]


def shaded(page):
    """By row the days of its own that are free there."""
    found = {}
    for row in html.fromstring(page).xpath("//tr[td[contains(concat(' ', @class, ' '), ' h ')]]"):
        days = [n for n, cell in enumerate(row.xpath("td"), 1) if "h" in cell.get("class", "").split()]
        found[row.text_content()] = days
    return found

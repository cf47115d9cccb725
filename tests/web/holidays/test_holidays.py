"""HR keeps the public holidays of each site; absences that a holiday makes cheaper are recomputed in sight."""

from __future__ import annotations

import io
from datetime import date

import pytest
from lxml import html
from sqlalchemy import select

from portal.domain.ledger import EntryKind
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, AuditEvent, LedgerEntry, OutboxMessage, SiteHoliday
from portal.services import absence_requests, absences, balances, holidays, team_calendar
from portal.services.holiday_days import RegionFrom
from tests.factories.absences import ask, grant, wish

#: A Monday to a Friday in which the Czech calendar has no holiday.
MONDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 7)
WEDNESDAY = date(2026, 8, 5)
FORM = {"site": "", "date": "2026-08-05", "part": "full", "free": "yes", "name": "Founders' Day"}


@pytest.fixture
def approved(as_, cast):
    """Eve has a week off that Mats has approved: five of her days of 2026."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)
    with as_(cast.eve) as uow:
        absence = ask(uow, MONDAY, FRIDAY)
        absence_id = absence.id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    return absence_id


def add(client, form, path="holidays"):
    """Sends the form, reads what it would do, and says yes."""
    shown = client.send(path, form)
    assert shown.status_code == 200, shown.text
    (yes,) = [one for one in html.fromstring(shown.text).forms if "seen" in one.fields]
    kept = {name: value or "" for name, value in yes.fields.items() if name != "csrf_token"}
    return shown.text, client.send(yes.action.removeprefix("/c/acme/"), kept)


def left(as_, cast):
    with as_(cast.eve) as uow:
        return [one.available for one in balances.balances_of(uow, cast.eve.employee_id)]


def test_a_holiday_added_late_is_given_back_in_sight_and_told(client, as_, cast, approved):
    """Pain 18: one truth. The request, its ledger and the balance all say four days afterwards, and the letter why."""
    assert left(as_, cast) == [20_000]
    client.sign_in(cast.ana)
    text, answer = add(client, FORM)
    assert "1 absence is touched" in text and "5 days" in text and "4 days" in text
    assert answer.status_code == 303
    assert left(as_, cast) == [21_000]
    with as_(cast.ana) as uow:
        absence = uow.session.scalars(select(Absence).where(Absence.id == approved)).one()
        assert (absence.charge, absence.version) == (4000, 3)
        released = uow.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.RELEASE)).all()
        assert [(one.amount, one.effective_date, one.rule) for one in released] == [
            (1000, WEDNESDAY, "holiday-added")
        ]
        letter = uow.session.scalars(
            select(OutboxMessage).where(OutboxMessage.template == "absence_cheaper")
        ).one()
        assert letter.employee_id == cast.eve.employee_id
        told = set(uow.session.scalars(select(AuditEvent.action)))
        assert {"holiday.added", "absence.recomputed"} <= told
    # Cancelling afterwards releases the rest exactly.
    with as_(cast.eve) as uow:
        absences.cancel(uow, approved, version=3)
    assert left(as_, cast) == [25_000]


def test_nothing_is_written_before_the_yes(client, as_, cast, approved):
    client.sign_in(cast.ana)
    assert client.send("holidays", FORM).status_code == 200
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(SiteHoliday)).all() == []
    assert left(as_, cast) == [20_000]


def test_half_a_holiday_gives_back_half_a_day_and_new_requests_know_it(client, as_, cast, approved):
    client.sign_in(cast.ana)
    add(client, FORM | {"part": "pm"})
    assert left(as_, cast) == [20_500]
    with as_(cast.mats) as uow:
        preview = absence_requests.preview(uow, wish(uow, WEDNESDAY))
    assert (preview.total, preview.lines[0].holiday) == (500, "Founders' Day")


def test_a_holiday_removed_charges_nobody(client, as_, cast):
    """The absence was asked for when the day was free; it stays at four days, and the page says so."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)
    client.sign_in(cast.ana)
    add(client, FORM)
    with as_(cast.eve) as uow:
        absence_id = ask(uow, MONDAY, FRIDAY).id
    with as_(cast.ana) as uow:
        holiday_id = uow.session.scalars(select(SiteHoliday.id)).one()
    page = client.page(f"holidays/{holiday_id}/removal")
    assert "stays as it was decided" in page
    assert client.send(f"holidays/{holiday_id}/removal").status_code == 303
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(Absence.charge).where(Absence.id == absence_id)).one() == 4000
        assert uow.session.scalars(select(SiteHoliday)).all() == []


def test_a_day_of_one_site_is_not_free_at_another(client, as_, cast):
    client.sign_in(cast.ana)
    add(client, FORM | {"site": str(cast.sites["prague"])})
    with as_(cast.ana) as uow:
        found = team_calendar.team_month(uow, team_calendar.Month(2026, 8), cast.teams["care"])
        assert any(WEDNESDAY in days for days in found.holidays.values())
        other = next(site_id for name, site_id in cast.sites.items() if name != "prague")
        lines = holidays.site_year(uow, 2026, other).lines
    assert WEDNESDAY not in {line.date for line in lines}


def test_a_computed_holiday_can_be_a_working_day(client, as_, cast):
    """28 September is free by the calendar; at Acme people work on it this year."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    client.sign_in(cast.ana)
    add(client, FORM | {"date": "2026-09-28", "free": "no", "name": "Stocktaking"})
    assert "People work" in client.page("holidays?year=2026")
    with as_(cast.eve) as uow:
        assert absence_requests.preview(uow, wish(uow, date(2026, 9, 28))).total == 1000


def test_names_follow_the_language(client, as_, cast):
    client.sign_in(cast.ana)
    add(client, FORM | {"name_cs": "Den zakladatelů"})
    with as_(cast.ana) as uow:
        book = holidays.book_of(uow)
        region = holidays.sites(uow)[0].region
        names = {
            one: [line.name for line in book.lines(region, 2026, one) if line.own_id] for one in ("en", "cs")
        }
    assert names == {"en": ["Founders' Day"], "cs": ["Den zakladatelů"]}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("days.csv", "date;name;part\n2026-08-05;Founders' Day\n6.8.2026;Day of rest;am\n2026-09-28;Known\n"),
        (
            "days.ics",
            "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260805\n"
            "DTEND;VALUE=DATE:20260807\nSUMMARY:Founders' Day\nEND:VEVENT\nEND:VCALENDAR\n",
        ),
    ],
)
def test_a_file_is_shown_and_then_taken_in(client, as_, cast, name, content):
    client.sign_in(cast.ana)
    upload = {"site": "", "file": (io.BytesIO(content.encode()), name)}
    text, answer = add(client, upload, "holidays/import-previews")
    assert "Known" not in text
    assert answer.status_code == 303
    with as_(cast.ana) as uow:
        found = uow.session.scalars(select(SiteHoliday).order_by(SiteHoliday.date)).all()
    assert [(one.date.day, str(one.source)) for one in found] == [(5, "imported"), (6, "imported")]
    # The same file again changes nothing.
    upload = {"site": "", "file": (io.BytesIO(content.encode()), name)}
    again = client.send("holidays/import-previews", upload)
    assert again.status_code == 422
    assert "Nothing to change" in again.text


@pytest.mark.parametrize(
    "content", ["", "nonsense", "2026-02-30;Never", "2026-08-05;x;noon", "BEGIN:VCALENDAR\n"]
)
def test_a_file_that_is_none_is_refused(client, cast, content):
    client.sign_in(cast.ana)
    upload = {"site": "", "file": (io.BytesIO(content.encode()), "days.csv")}
    assert client.send("holidays/import-previews", upload).status_code == 422


def test_a_site_moves_from_a_day_on(as_, cast):
    """From August Prague's people have the holidays of Slovakia: 29 August, and no longer 28 October."""
    with as_(cast.ana) as uow:
        change = RegionFrom(None, cast.sites["prague"], date(2026, 8, 1), "SK", None)
        holidays.change_region(uow, change)
        days = {line.date for line in holidays.site_year(uow, 2026, cast.sites["prague"]).lines}
    assert date(2026, 7, 6) in days and date(2026, 8, 29) in days
    assert date(2026, 10, 28) not in days
    with as_(cast.ana) as uow, pytest.raises(Refusal) as refused:
        holidays.change_region(uow, RegionFrom(None, None, date(2026, 1, 1), "SK", None))
    assert refused.value.reason is Reason.RULES_NOT_BACKDATED


def test_the_same_day_twice_is_refused(client, cast):
    client.sign_in(cast.ana)
    add(client, FORM)
    answer = client.send("holidays", FORM)
    assert answer.status_code == 422
    assert "decided already" in answer.text


def test_only_who_may_keeps_holidays(client, cast):
    client.sign_in(cast.mats)
    assert client.get("/c/acme/holidays").status_code == 403
    assert client.send("holidays", FORM).status_code == 403

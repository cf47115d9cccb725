"""What a calendar program gets: days, halves and shifts in their place, and each change with its number."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from portal.domain.working_patterns import WorkingPattern
from portal.models import Employment, PublishedShift, Shift
from portal.services import absences, people, shifts
from portal.services.feeds import MOST_FETCHES, WINDOW
from tests.factories.absences import AFTERNOON, MORNING, ask, grant
from tests.factories.people import lead
from tests.factories.rosters import draft, publish, take_off
from tests.fixtures.calendars import read_calendar
from tests.fixtures.cast import SENTINEL

FRIDAY = date(2026, 7, 3)
MONDAY = date(2026, 7, 6)
EARLY = date(2026, 6, 16)


@pytest.fixture
def granted(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)


@pytest.fixture
def events(client):
    """All events in the order of their start."""

    def get(path):
        return sorted(read_calendar(client.get(path).data)["events"], key=lambda event: event["start"])

    return get


def approved(as_, cast, start, end=None):
    with as_(cast.eve) as uow:
        absence = ask(uow, start, end)
    with as_(cast.mats) as uow:
        absences.approve(uow, absence.id, version=absence.version)
    return absence.id


def test_whole_days_end_on_the_day_after(as_, cast, subscribe, fetch, granted):
    with as_(cast.eve) as uow:
        ask(uow, FRIDAY, MONDAY)
    event = fetch(subscribe(cast.eve))["Vacation (requested)"]
    assert (event["start"], event["end"]) == ("2026-07-03", "2026-07-07")
    assert (event["status"], event["transp"], event["sequence"]) == ("TENTATIVE", "OPAQUE", 0)


def test_half_days_meet_at_noon_by_the_clock_of_the_site(as_, cast, subscribe, events, granted):
    """Eve works eight hours a day in Prague, two hours ahead of UTC in summer."""
    with as_(cast.eve) as uow:
        ask(uow, FRIDAY, MONDAY, first_part=AFTERNOON, last_part=MORNING)
    found = events(subscribe(cast.eve))
    assert [(one["start"], one["end"], one["zone"]) for one in found] == [
        ("2026-07-03T10:00:00.000Z", "2026-07-03T14:00:00.000Z", "Europe/Prague"),
        ("2026-07-04", "2026-07-06", None),
        ("2026-07-06T06:00:00.000Z", "2026-07-06T10:00:00.000Z", "Europe/Prague"),
    ]
    assert len({one["uid"] for one in found}) == 3


def test_half_of_a_day_is_half_of_what_that_week_schedules(as_, cast, subscribe, events, granted):
    """Four hours on Fridays of the second week: two of them before noon."""
    long, short = (480, 480, 480, 480, 480, 0, 0), (480, 480, 480, 480, 240, 0, 0)
    with as_(cast.ana) as uow:
        query = select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        uow.session.scalars(query).one().working_pattern = WorkingPattern(long, (short,), date(2026, 6, 22))
    with as_(cast.eve) as uow:
        ask(uow, FRIDAY, first_part=AFTERNOON)
    (found,) = events(subscribe(cast.eve))
    assert (found["start"], found["end"]) == ("2026-07-03T10:00:00.000Z", "2026-07-03T12:00:00.000Z")


def test_an_absence_keeps_its_name_and_counts_its_changes(as_, cast, clock, subscribe, fetch, granted):
    """Requested, approved, cancelled: one UID, a growing SEQUENCE; forgotten a month after it was given up."""
    with as_(cast.eve) as uow:
        absence = ask(uow, FRIDAY)
    path = subscribe(cast.eve)
    asked = fetch(path)["Vacation (requested)"]
    with as_(cast.mats) as uow:
        absences.approve(uow, absence.id, version=1)
    agreed = fetch(path)["Vacation"]
    with as_(cast.eve) as uow:
        absences.cancel(uow, absence.id, version=2)
    given_up = fetch(path)["Vacation"]
    assert asked["uid"] == agreed["uid"] == given_up["uid"]
    assert [one["status"] for one in (asked, agreed, given_up)] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert [one["sequence"] for one in (asked, agreed, given_up)] == [0, 1, 2]
    clock.move_to(clock.now() + timedelta(days=32))
    assert fetch(path) == {}


def test_the_days_of_a_cancelled_absence_may_be_asked_for_again(as_, cast, subscribe, events, granted):
    absence_id = approved(as_, cast, FRIDAY)
    with as_(cast.eve) as uow:
        absences.cancel(uow, absence_id, version=2)
        ask(uow, FRIDAY)
    assert sorted(one["status"] for one in events(subscribe(cast.eve))) == ["CANCELLED", "TENTATIVE"]


def test_shifts_stand_at_their_hours_and_are_cancelled_when_taken_away(as_, cast, subscribe, fetch):
    with as_(cast.pia) as uow:
        roster_id = draft(uow, cast.teams["care"], (cast.eve.employee_id, EARLY, "E"))
    path = subscribe(cast.eve)
    assert fetch(path) == {}  # a draft is nobody's shift
    with as_(cast.pia) as uow:
        publish(uow, roster_id)
    [first] = fetch(path).values()
    assert (first["status"], first["sequence"], first["zone"]) == ("CONFIRMED", 0, "Europe/Prague")
    assert first["location"] == f"Prague {SENTINEL}"
    with as_(cast.pia) as uow:
        shift = uow.session.scalars(select(Shift)).one()
        assert first["start"][:16] == f"{shift.during.lower:%Y-%m-%dT%H:%M}"
        shifts.remove(uow, roster_id, shift.id, seen=shifts.Cell(cast.eve.employee_id, EARLY))
        uow.session.flush()
        publish(uow, roster_id)
    [gone] = fetch(path).values()
    assert (gone["uid"], gone["status"], gone["sequence"]) == (first["uid"], "CANCELLED", 1)


def test_a_shift_that_goes_to_somebody_else_is_cancelled_here_and_new_there(as_, cast, subscribe, fetch):
    with as_(cast.pia) as uow:
        roster_id = draft(uow, cast.teams["care"], (cast.eve.employee_id, EARLY, "E"))
        publish(uow, roster_id)
    with as_(cast.pia) as uow:
        shift = uow.session.scalars(select(Shift)).one()
        shift.employee_id = cast.mats.employee_id
        uow.session.flush()
        publish(uow, roster_id)
        assert uow.session.scalars(select(PublishedShift.shared_version)).one() == 2
    [hers] = fetch(subscribe(cast.eve)).values()
    [his] = fetch(subscribe(cast.mats)).values()
    assert (hers["status"], his["status"]) == ("CANCELLED", "CONFIRMED")
    assert hers["uid"] != his["uid"]
    with as_(cast.pia) as uow:  # and back
        shift = uow.session.scalars(select(Shift)).one()
        shift.employee_id = cast.eve.employee_id
        uow.session.flush()
        publish(uow, roster_id)
    [again] = fetch(subscribe(cast.eve)).values()
    assert (again["uid"], again["status"], again["sequence"]) == (hers["uid"], "CONFIRMED", 2)


def test_colleagues_see_that_somebody_is_away_and_managers_why(as_, cast, subscribe, fetch, granted):
    """The reason of an absence stays out of every calendar, the type out of those of colleagues."""
    with as_(cast.eve) as uow:
        ask(uow, FRIDAY, note="Wedding in Rome")
    team = cast.teams["care"]
    of_pia, of_mats = fetch(subscribe(cast.pia, team)), fetch(subscribe(cast.mats, team))
    assert list(of_pia) == [f"{cast.eve.name}: Away (requested)"]
    assert list(of_mats) == [f"{cast.eve.name}: Vacation (requested)"]
    assert of_mats[f"{cast.eve.name}: Vacation (requested)"]["transp"] == "TRANSPARENT"


@pytest.mark.parametrize("whose", ["own", "team"])
def test_busy_times_say_nothing_else(client, as_, cast, subscribe, granted, whose):
    with as_(cast.eve) as uow:
        ask(uow, FRIDAY, note="Wedding in Rome")
    with as_(cast.pia) as uow:
        publish(uow, draft(uow, cast.teams["care"], (cast.eve.employee_id, EARLY, "E")))
    reader, chosen = (cast.eve, "own") if whose == "own" else (cast.mats, cast.teams["care"])
    path = subscribe(reader, chosen, "absences", "shifts", "busy_only")
    answer = client.get(path)
    said = {event["summary"] for event in read_calendar(answer.data)["events"]}
    start = "" if whose == "own" else f"{cast.eve.name}: "
    assert said == {f"{start}Busy (requested)", f"{start}Busy"}
    assert not any(word in answer.text for word in ("Vacation", "Wedding", "Early", "Prague " + SENTINEL))


def test_what_a_colleague_asked_for_in_vain_is_not_kept(as_, cast, subscribe, fetch, granted):
    with as_(cast.eve) as uow:
        absence = ask(uow, FRIDAY)
        absences.withdraw(uow, absence.id, version=1)
    assert fetch(subscribe(cast.mats, cast.teams["care"])) == {}
    assert [one["status"] for one in fetch(subscribe(cast.eve)).values()] == ["CANCELLED"]


def test_public_holidays_are_those_of_the_site(cast, subscribe, events):
    path = subscribe(cast.eve, "own", "holidays")
    found = {event["start"]: event for event in events(path)}
    assert found["2026-12-24"]["end"] == "2026-12-25"
    assert found["2026-07-06"]["transp"] == "TRANSPARENT"
    assert "2026-10-03" not in found  # Germany's


def test_the_company_is_for_those_whose_calendar_reaches_it(client, as_, cast, subscribe, fetch, granted):
    with as_(cast.eve) as uow:
        ask(uow, FRIDAY)
    assert list(fetch(subscribe(cast.ana, "company", "absences"))) == [
        f"{cast.eve.name}: Vacation (requested)"
    ]
    client.sign_in(cast.mats)
    answer = client.send("feeds", {"name": "All", "whose": "company", "absences": "y"})
    assert answer.status_code == 422


def test_a_lost_right_bites_at_the_next_fetch(client, as_, cast, clock, subscribe, granted, connection):
    """T97: also for a program that has the calendar already, and asks by date or by mark."""
    with as_(cast.eve) as uow:
        ask(uow, FRIDAY)
    path = subscribe(cast.mats, cast.teams["care"])
    seen = client.get(path)
    assert b"Vacation" in seen.data
    with as_(cast.ana) as uow:
        uow.session.execute(
            text(
                "DELETE FROM role_grant WHERE employee_id = :id AND role_id IN"
                " (SELECT id FROM role WHERE key = 'manager')"
            ),
            {"id": cast.mats.employee_id},
        )
        lead(uow, cast.eve.employee_id, None)
    clock.move_to(clock.now() + timedelta(minutes=1))
    for header in (
        {"If-None-Match": seen.headers["ETag"]},
        {"If-Modified-Since": seen.headers["Last-Modified"]},
    ):
        answer = client.get(path, headers=header)
        assert answer.status_code == 200
        assert [event["summary"] for event in read_calendar(answer.data)["events"]] == [
            f"{cast.eve.name}: Away (requested)"
        ]
    with as_(cast.ana) as uow:
        uow.session.execute(
            text("DELETE FROM team_membership WHERE employee_id = :id"), {"id": cast.mats.employee_id}
        )
    assert read_calendar(client.get(path).data)["events"] == []


def test_who_has_the_calendar_gets_a_short_answer(client, as_, cast, clock, subscribe, granted):
    path = subscribe(cast.eve)
    first = client.get(path)
    clock.move_to(clock.now() + timedelta(minutes=10))
    by_mark = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (by_mark.status_code, by_mark.data) == (by_date.status_code, by_date.data) == (304, b"")
    assert by_mark.headers["ETag"] == first.headers["ETag"]
    assert first.data == client.get(path).data
    with as_(cast.eve) as uow:
        ask(uow, FRIDAY)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 200


def test_a_leaver_a_revoked_and_an_unknown_address_are_one(client, as_, cast, subscribe):
    """T79: nobody learns from the answer whether an address was ever one."""
    of_eve, of_pia = subscribe(cast.eve), subscribe(cast.pia)
    assert client.get(of_eve).status_code == 200
    with as_(cast.ana) as uow:
        people.deactivate(uow, cast.eve.employee_id)
    client.sign_in(cast.pia)
    feed = client.page("feeds").split("/feeds/")[-1].split("/revocation")[0]
    client.send(f"feeds/{feed}/revocation")
    client.sign_out()
    unknown = client.get("/c/acme/feeds/" + "x" * 43 + "/calendar.ics")
    assert unknown.status_code == 404
    assert {client.get(path).data for path in (of_eve, of_pia)} == {unknown.data}
    assert {client.get(path).status_code for path in (of_eve, of_pia)} == {404}
    with as_(cast.ana) as uow:
        people.reactivate(uow, cast.eve.employee_id)
    assert client.get(of_eve).status_code == 404


def test_one_companys_address_opens_nothing_in_another(client, cast, subscribe):
    """T110: the secret is good below its own company alone; one worker answers both, and mixes nothing (T111)."""
    of_acme, of_beta = subscribe(cast.eve), subscribe(cast.bea)
    assert client.get(of_acme.replace("/c/acme/", "/c/beta/")).status_code == 404
    assert SENTINEL not in client.get(of_beta).text
    assert SENTINEL in client.get(of_acme).text
    assert SENTINEL not in client.get(of_beta).text


def test_too_many_fetches_wait(client, cast, clock, subscribe):
    path = subscribe(cast.eve)
    assert [client.get(path).status_code for _ in range(MOST_FETCHES + 1)][-2:] == [200, 429]
    assert 0 < int(client.get(path).headers["Retry-After"]) <= WINDOW.total_seconds()
    clock.move_to(clock.now() + WINDOW)
    assert client.get(path).status_code == 200


def test_a_fetch_costs_a_few_statements_however_many_people(
    client, as_, cast, subscribe, statements, granted
):
    path = subscribe(cast.mats, cast.teams["care"], "absences", "shifts", "holidays")
    client.get(path)
    statements.clear()
    client.get(path)
    few = len(statements)
    with as_(cast.pia) as uow:
        for day in range(1, 20):
            for person in (cast.eve, cast.pia, cast.mats):
                take_off(uow, person.employee_id, date(2026, 7, day))
    client.get(path)
    statements.clear()
    assert client.get(path).text.count("BEGIN:VEVENT") > 50
    assert len(statements) == few <= 8


def test_text_stays_text(client, as_, cast, subscribe, granted):
    """T122: names that would end a line, or begin another property, are escaped."""
    hostile = "Eve\r\nATTENDEE:mailto:x@y.example\nEND:VEVENT;,\\ <script>\x07"
    with as_(cast.eve) as uow:
        ask(uow, FRIDAY)
        uow.session.execute(
            text("UPDATE employee SET first_name = :name WHERE id = :id"),
            {"name": hostile, "id": cast.eve.employee_id},
        )
    answer = client.get(subscribe(cast.mats, cast.teams["care"]))
    [event] = read_calendar(answer.data)["events"]
    assert event["summary"].startswith("Eve ATTENDEE:mailto:x@y.example END:VEVENT;,\\ <script> ")
    assert "\r\nATTENDEE" not in answer.text and "\x07" not in answer.text


def test_the_answer_is_nobodys_page(client, cast, subscribe):
    """Kept by no cache on the way, no page of ours, and its address goes nowhere else."""
    answer = client.get(subscribe(cast.eve))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert "Set-Cookie" not in answer.headers

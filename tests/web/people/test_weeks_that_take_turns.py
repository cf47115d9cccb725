"""HR agrees on weeks that take turns: in the record and for many people, and what asks for a day of work follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from lxml import html
from sqlalchemy import select

from portal.domain.people_import import ImportProblem
from portal.domain.working_patterns import WorkingPattern
from portal.models import Absence, Employee, Employment
from portal.services import absences, people_export, people_import
from portal.services.directory import DirectoryFilter
from portal.services.working_time import working_time
from tests.factories.absences import ask, grant
from tests.web.people.test_edit import filled, find, record_of
from tests.web.people.test_many import digest_in, preview, ticked

LONG, SHORT = (480, 480, 480, 480, 480, 0, 0), (480, 480, 240, 0, 0, 0, 0)
MONDAY = date(2026, 8, 31)
TURNS = WorkingPattern(LONG, (SHORT,), MONDAY)
#: Five days of eight hours, then two days and a half, from Tuesday 1 September on.
GIVEN = {
    "week_count": "2",
    "cycle_begins": MONDAY.isoformat(),
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "8"),
    **dict.fromkeys(("monday_2", "tuesday_2"), "8"),
    "wednesday_2": "4",
    "terms_from": "2026-09-01",
}


def text_of(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


def last_pattern(as_, cast, employee_id) -> WorkingPattern:
    with as_(cast.ana) as uow:
        query = select(Employment).where(Employment.employee_id == employee_id)
        return (
            uow.session.scalars(query.order_by(Employment.start_date.desc()).limit(1)).one().working_pattern
        )


def last_by_roster(as_, cast, employee_id) -> bool:
    with as_(cast.ana) as uow:
        query = select(Employment.by_roster).where(Employment.employee_id == employee_id)
        return bool(uow.session.scalars(query.order_by(Employment.start_date.desc()).limit(1)).one())


def set_turns(as_, cast, employee_id, pattern=TURNS) -> None:
    with as_(cast.ana) as uow:
        for row in uow.session.scalars(select(Employment).where(Employment.employee_id == employee_id)):
            row.working_pattern = pattern


def test_a_week_is_added_and_taken_away_without_a_script_and_saves_nothing(client, cast, as_):
    client.sign_in(cast.ana)
    page = client.page("people/new")
    assert 'name="change_weeks" value="add"' in page and "Week 2" not in page
    answer = client.send("people", filled(week_count="1", change_weeks="add"))
    assert answer.status_code == 200
    (form,) = [one for one in html.fromstring(answer.text).forms if "monday_2" in one.fields]
    assert form.fields["monday"] == form.fields["friday_2"] == "7:30" and form.fields["week_count"] == "2"
    assert form.fields["cycle_begins"] == "2026-06-29", "the Monday of the first day"
    assert form.fields["last_name"] == "Nová", "what was typed stays"
    fewer = client.send("people", filled(**{**GIVEN, "change_weeks": "remove"}))
    assert fewer.status_code == 200 and "monday_2" not in fewer.text
    assert find(as_, cast, "nora@acme.example") is None


def test_hr_takes_somebody_in_whose_weeks_take_turns(client, cast, as_):
    client.sign_in(cast.ana)
    answer = client.send("people", filled(**GIVEN, weekly_hours=""))
    assert answer.status_code == 303, answer.text
    nora = find(as_, cast, "nora@acme.example")
    assert last_pattern(as_, cast, nora.id) == TURNS
    shown = text_of(client.page(f"people/{nora.id}"))
    assert "30:00" in shown, "the average of 40 and 20 hours"
    assert "Week 1: 8:00 · 8:00 · 8:00 · 8:00 · 8:00 · – · –" in shown
    assert "Week 2: 8:00 · 8:00 · 4:00 · – · – · – · –" in shown
    assert "Week 1 begins on 31 Aug 2026." in shown
    edited = client.page(f"people/{nora.id}/edit")
    assert 'name="wednesday_2"' in edited and 'value="4"' in edited


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cycle_begins": ""}, "Choose a Monday on which the first of these weeks begins."),
        ({"cycle_begins": "2026-09-02"}, "begin on a Monday, such as 31 Aug 2026"),
        ({"wednesday_2": "many"}, "Not hours"),
        ({one: "" for one in GIVEN if "day" in one}, "Fill in at least one day."),
    ],
)
def test_what_cannot_take_turns_is_said_beside_the_field(client, cast, as_, changed, said):
    client.sign_in(cast.ana)
    answer = client.send("people", filled(**GIVEN | changed))
    assert answer.status_code == 422 and said in text_of(answer.text)
    assert find(as_, cast, "nora@acme.example") is None


def test_before_turns_are_saved_their_consequences_are_shown(client, cast, as_):
    """From September five days and two and a half take turns: Eve's week off falls into a short one."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        absence_id = ask(uow, date(2026, 9, 7), date(2026, 9, 11)).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    client.sign_in(cast.ana)
    record = record_of(as_, cast, cast.eve.employee_id) | GIVEN
    answer = client.send(f"people/{cast.eve.employee_id}", record)
    assert answer.status_code == 200 and "7–11 Sep 2026, Vacation: 5 days → 3 days" in text_of(answer.text)
    (form,) = [one for one in html.fromstring(answer.text).forms if "terms_seen" in one.fields]
    yes = record | {"terms_seen": form.fields["terms_seen"]}
    assert client.send(f"people/{cast.eve.employee_id}", yes).status_code == 303
    assert last_pattern(as_, cast, cast.eve.employee_id) == TURNS
    with as_(cast.ana) as uow:
        assert uow.session.get_one(Absence, (uow.company.id, absence_id)).charge == 5_000


def test_a_week_off_costs_the_days_of_that_week(cast, as_):
    set_turns(as_, cast, cast.eve.employee_id)
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        short = ask(uow, date(2026, 9, 7), date(2026, 9, 11))
        long = ask(uow, date(2026, 9, 14), date(2026, 9, 18))
        assert (short.charge, long.charge) == (3_000, 5_000)
        time = working_time(uow, cast.eve.employee_id, date(2026, 9, 7), date(2026, 9, 20))
        fortnight = [time.scheduled(date(2026, 9, 7) + timedelta(days=day)) for day in range(14)]
        assert fortnight == [*SHORT, *LONG]


def test_many_people_get_weeks_that_take_turns(client, cast, as_):
    client.sign_in(cast.ana)
    chosen = ticked(cast.eve, cast.mats)
    one_week = {"monday": "8", "tuesday": "8", "from_day": "2026-09-01"}
    added = preview(client, "pattern", {**chosen, **one_week, "change_weeks": "add"})
    assert 'name="monday_2"' in added and added.count('name="person"') == 2
    given = {**chosen, **GIVEN, "from_day": "2026-09-01"}
    shown = preview(client, "pattern", given)
    after = "8:00 · 8:00 · 8:00 · 8:00 · 8:00 · – · – / 8:00 · 8:00 · 4:00 · – · – · – · –"
    assert after in text_of(shown)
    (form,) = [one for one in html.fromstring(shown).forms if "digest" in one.fields]
    sent = dict(form.form_values()) | chosen | {"digest": digest_in(shown)}
    assert client.send("people/changes", sent).status_code == 303
    assert {last_pattern(as_, cast, one.employee_id) for one in (cast.eve, cast.mats)} == {TURNS}


def test_other_weekly_hours_for_many_keep_the_turns(client, cast, as_):
    set_turns(as_, cast, cast.eve.employee_id)
    client.sign_in(cast.ana)
    given = {**ticked(cast.eve), "weekly_hours": "15", "from_day": "2026-09-01"}
    digest = digest_in(preview(client, "hours", given))
    assert client.send("people/changes", {"kind": "hours", "digest": digest, **given}).status_code == 303
    half = WorkingPattern((240, 240, 240, 240, 240, 0, 0), ((240, 240, 120, 0, 0, 0, 0),), MONDAY)
    assert last_pattern(as_, cast, cast.eve.employee_id) == half


def test_a_file_gives_turns_and_takes_its_own_export_back(cast, as_):
    head = "email,first_name,last_name,start_date,weekly_hours,working_days,by_roster\n"
    turns = "8 8 8 8 8 0 0 / 8 8 4 0 0 0 0 / 2026-08-31"
    with as_(cast.ana) as uow:
        eve = uow.session.get_one(Employee, (uow.company.id, cast.eve.employee_id))
        row = f"{eve.email},{eve.first_name},{eve.last_name},2026-01-01"
        wrong = people_import.preview(uow, f"{head}{row},40,{turns},\n".encode())
        assert [one.problem for one in wrong.errors] == [ImportProblem.WORKING_DAYS_DIFFER]
        people_import.carry_out(
            uow, f"{head}{row},30:00,{turns},ano\nnew@acme.example,N,N,2026-09-01,,{turns},no\n".encode()
        )
    assert last_pattern(as_, cast, cast.eve.employee_id) == TURNS
    assert last_pattern(as_, cast, find(as_, cast, "new@acme.example").id) == TURNS
    assert last_by_roster(as_, cast, cast.eve.employee_id)
    assert not last_by_roster(as_, cast, find(as_, cast, "new@acme.example").id)
    with as_(cast.ana) as uow:
        columns = head.strip().split(",")
        export = people_export.export(uow, DirectoryFilter(), columns, kind="csv")
        lines = [",".join(map(str, one)) for one in (export.heading, *export.rows)]
        again = people_import.preview(uow, "\n".join(lines).encode())
        assert any(turns.split(" / ")[2] in line for line in lines)
        assert sum(line.endswith(",yes") for line in lines) == 1, "Eve's"
        assert (again.errors, again.changed, again.new) == ((), (), ())
        other = people_import.preview(uow, f"{head}{row},,,ne\n".encode())
        (change,) = other.changed[0].changes
        assert (change.column, change.before, change.after) == ("by_roster", "yes", "no")
        unclear = people_import.preview(uow, f"{head}{row},,,maybe\n".encode())
        assert [one.problem for one in unclear.errors] == [ImportProblem.NOT_YES_OR_NO]


def test_many_people_work_by_the_roster_with_the_days_that_each_has_and_one_undo(client, cast, as_):
    set_turns(as_, cast, cast.eve.employee_id)
    client.sign_in(cast.ana)
    given = {**ticked(cast.eve, cast.mats), "by_roster": "yes", "from_day": "2026-09-01"}
    shown = preview(client, "roster", given)
    assert text_of(shown).count("No → Yes") == 2
    answer = client.send("people/changes", {"kind": "roster", "digest": digest_in(shown), **given})
    assert answer.status_code == 303
    assert last_by_roster(as_, cast, cast.eve.employee_id) and last_by_roster(
        as_, cast, cast.mats.employee_id
    )
    assert last_pattern(as_, cast, cast.eve.employee_id) == TURNS
    assert text_of(preview(client, "roster", given)).count("It is like that already") == 2
    assert client.send(f"{answer.headers['Location']}/undoing").status_code == 303
    assert not last_by_roster(as_, cast, cast.eve.employee_id)


def test_hr_says_that_somebody_works_by_the_roster(client, cast, as_):
    client.sign_in(cast.ana)
    record = record_of(as_, cast, cast.eve.employee_id) | {"by_roster": "y", "terms_from": "2026-06-15"}
    assert client.send(f"people/{cast.eve.employee_id}", record).status_code == 303
    with as_(cast.ana) as uow:
        query = select(Employment).where(Employment.employee_id == cast.eve.employee_id)
        held = [
            (row.by_roster, row.end_date)
            for row in uow.session.scalars(query.order_by(Employment.start_date))
        ]
    assert held == [(False, date(2026, 6, 14)), (True, None)]
    assert "Works by the roster" in client.page(f"people/{cast.eve.employee_id}")
    page = html.fromstring(client.page(f"people/{cast.eve.employee_id}/edit"))
    assert page.xpath("//input[@name='by_roster']/@checked")
    given = {**ticked(cast.eve), "weekly_hours": "20", "from_day": "2026-10-01"}
    digest = digest_in(preview(client, "hours", given))
    assert client.send("people/changes", {"kind": "hours", "digest": digest, **given}).status_code == 303
    with as_(cast.ana) as uow:
        rows = uow.session.scalars(query.order_by(Employment.start_date.desc())).first()
        assert (rows.weekly_minutes, rows.by_roster) == (1200, True), "other hours leave it as it is"

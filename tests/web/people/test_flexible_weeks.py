"""HR agrees on hours and days of a week without saying which: in the record, for many people and by a file."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import html
from sqlalchemy import update

from portal.domain.working_patterns import WorkingPattern
from portal.models import Employee, Employment
from portal.services import absences, people_export, people_import, reports
from portal.services.directory import DirectoryFilter
from tests.factories.absences import ask, grant
from tests.web.people.test_edit import filled, find, record_of
from tests.web.people.test_many import digest_in, preview, ticked
from tests.web.people.test_weeks_that_take_turns import last_pattern, set_turns, text_of

FOUR = WorkingPattern.spread(32 * 60).agreeing(4)
MONDAY, FRIDAY = date(2026, 9, 7), date(2026, 9, 11)


def test_hr_takes_somebody_in_on_four_days_a_week_and_changes_it_back(client, cast, as_):
    client.sign_in(cast.ana)
    assert "Flexible: 4 days a week" in client.page("people/new")
    answer = client.send("people", filled(weekly_hours="32", agreed_days="4"))
    assert answer.status_code == 303, answer.text
    nora = find(as_, cast, "nora@acme.example")
    assert last_pattern(as_, cast, nora.id) == FOUR
    assert "flexible: 32:00 h on 4 days a week" in text_of(client.page(f"people/{nora.id}"))
    edited = html.fromstring(client.page(f"people/{nora.id}/edit"))
    assert edited.xpath("//select[@name='agreed_days']/option[@selected]/@value") == ["4"]
    assert edited.xpath("//input[@name='monday']/@value") == [""], "the hours are nobody's to fill in"
    fixed = record_of(as_, cast, nora.id) | {"weekly_hours": "32", "terms_from": "2026-08-01", "site": ""}
    asked = client.send(f"people/{nora.id}", fixed)
    assert "Vacation" in text_of(asked.text), "a full five days give more"
    (form,) = [one for one in html.fromstring(asked.text).forms if "terms_seen" in one.fields]
    yes = fixed | {"terms_seen": form.fields["terms_seen"]}
    assert client.send(f"people/{nora.id}", yes).status_code == 303
    assert last_pattern(as_, cast, nora.id) == WorkingPattern.spread(32 * 60)


@pytest.mark.parametrize(
    "days",
    [
        {"agreed_days": "6"},
        {"agreed_days": "3", "monday": "8", "saturday": "8", "weekly_hours": "16"},
    ],
)
def test_more_days_than_possible_are_refused_beside_the_field(client, cast, as_, days):
    client.sign_in(cast.ana)
    answer = client.send("people", filled(**days))
    assert answer.status_code == 422
    assert "More days agreed than days on which they may lie" in text_of(answer.text)
    assert find(as_, cast, "nora@acme.example") is None


def test_before_it_is_saved_its_consequences_are_shown(client, cast, as_):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        absence_id = ask(uow, MONDAY, FRIDAY).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    client.sign_in(cast.ana)
    record = record_of(as_, cast, cast.eve.employee_id)
    given = record | {"weekly_hours": "32", "agreed_days": "4", "terms_from": "2026-09-01"}
    answer = client.send(f"people/{cast.eve.employee_id}", given)
    assert answer.status_code == 200 and "7–11 Sep 2026, Vacation: 5 days → 4 days" in text_of(answer.text)


def test_time_off_costs_the_share_of_each_day_and_the_preview_says_why(client, cast, as_):
    """A week in two requests costs the four days; a day that is worked has eight hours in the report."""
    set_turns(as_, cast, cast.eve.employee_id, FOUR)
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        lines = reports.balances_at(uow, uow.today())
        assert {one.day_minutes for one in lines if one.id == cast.eve.employee_id} == {480}
    with as_(cast.eve) as uow:
        first, rest = ask(uow, MONDAY, MONDAY), ask(uow, date(2026, 9, 8), FRIDAY)
        assert (first.charge, rest.charge) == (800, 3_200)
        type_id, rest_id = first.absence_type_id, rest.id
    client.sign_in(cast.eve)
    opened = text_of(client.page(f"absences/{rest_id}"))
    assert opened.count("flexible: 4 agreed days on 5 possible days") == 4, opened
    asked = {"absence_type_id": type_id, "start_date": "2026-09-14", "end_date": "2026-09-15"}
    shown = text_of(client.send("absences/preview", asked).text)
    assert "0.8 days" in shown and "flexible: 4 agreed days on 5 possible days" in shown, shown


def test_many_people_become_flexible_and_other_hours_keep_it(client, cast, as_):
    client.sign_in(cast.ana)
    chosen = ticked(cast.eve, cast.mats)
    given = {**chosen, **dict.fromkeys(("monday", "tuesday", "wednesday"), "8"), "agreed_days": "2"}
    given["from_day"] = "2026-09-01"
    shown = preview(client, "pattern", given)
    assert "flexible: 24:00 h on 2 days a week (8:00 · 8:00 · 8:00 · – · – · – · –)" in text_of(shown)
    (form,) = [one for one in html.fromstring(shown).forms if "digest" in one.fields]
    sent = dict(form.form_values()) | chosen | {"digest": digest_in(shown)}
    assert client.send("people/changes", sent).status_code == 303
    two = WorkingPattern((480, 480, 480, 0, 0, 0, 0), agreed_days=2)
    assert {last_pattern(as_, cast, one.employee_id) for one in (cast.eve, cast.mats)} == {two}
    more = {**ticked(cast.eve), "weekly_hours": "12", "from_day": "2026-10-01"}
    digest = digest_in(preview(client, "hours", more))
    assert client.send("people/changes", {"kind": "hours", "digest": digest, **more}).status_code == 303
    half = WorkingPattern((240, 240, 240, 0, 0, 0, 0), agreed_days=2)
    assert last_pattern(as_, cast, cast.eve.employee_id) == half
    refused = preview(client, "pattern", {**given, "agreed_days": "4"}, 422)
    assert "on which they may lie: 3." in text_of(refused)


def test_a_file_gives_agreed_days_and_takes_its_own_export_back(cast, as_):
    head = "email,first_name,last_name,start_date,weekly_hours,working_days\n"
    with as_(cast.ana) as uow:
        eve = uow.session.get_one(Employee, (uow.company.id, cast.eve.employee_id))
        row = f"{eve.email},{eve.first_name},{eve.last_name},2026-01-01"
        days = "4: 6:24 6:24 6:24 6:24 6:24 0 0"
        people_import.carry_out(uow, f"{head}{row},32,{days}\n".encode())
    assert last_pattern(as_, cast, cast.eve.employee_id) == FOUR
    with as_(cast.ana) as uow:
        export = people_export.export(uow, DirectoryFilter(), head.strip().split(","), kind="csv")
        lines = [",".join(map(str, one)) for one in (export.heading, *export.rows)]
        assert sum(days in line for line in lines) == 1
        again = people_import.preview(uow, "\n".join(lines).encode())
        assert (again.errors, again.changed, again.new) == ((), (), ())
        fixed = people_import.preview(uow, f"{head}{row},32,{days[3:]}\n".encode())
        (change,) = fixed.changed[0].changes
        assert (change.before, change.after) == (days, days[3:])


def test_days_that_the_version_before_has_changed_are_fixed_ones(cast, as_):
    """It knows nothing of agreed days: what does not fit beside them any more is read without them."""
    set_turns(as_, cast, cast.eve.employee_id, FOUR)
    days = [960, 960, 0, 0, 0, 0, 0]
    with as_(cast.ana) as uow:
        uow.session.execute(
            update(Employment).where(Employment.employee_id == cast.eve.employee_id).values(pattern=days)
        )
    assert last_pattern(as_, cast, cast.eve.employee_id) == WorkingPattern((960, 960, 0, 0, 0, 0, 0))

"""The pages of sickness: reporting, HR's list, longer, back sooner, taking back; all without JavaScript."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.models import Absence, OutboxMessage
from portal.services import absences
from tests.factories.absences import ask, grant, sickness_type

MONDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 7)


@pytest.fixture
def kind(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        return sickness_type(uow, proof_from_days=4)


@pytest.fixture
def week(as_, cast, kind):
    with as_(cast.eve) as uow:
        absence_id = ask(uow, MONDAY, FRIDAY).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    return absence_id


def form(kind, start="2026-08-03", end="2026-08-07", **more):
    return {
        "key": str(uuid4()), "absence_type_id": str(kind), "start_date": start, "end_date": end, **more,
    }  # fmt: skip


def version_of(as_, cast, absence_id):
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(Absence.version).where(Absence.id == UUID(str(absence_id)))).one()


def test_nobody_reports_before_hr_has_made_a_type(client, cast):
    client.sign_in(cast.eve)
    assert "I am ill" not in client.page("absences") + client.page("")
    assert "cannot be reported here yet" in client.page("sickness/new")


def test_i_am_ill_from_home_in_two_dates(client, as_, cast, kind, week):
    client.sign_in(cast.eve)
    assert "sickness/new" in client.page("") and "sickness/new" in client.page("absences")
    page = client.page("sickness/new")
    assert 'value="2026-06-15"' in page  # today, both of them
    sent = form(kind)
    priced = client.send("sickness/preview", sent)
    assert "Back on the balance: 5 days" in priced.text
    answer = client.send("sickness", sent)
    assert answer.status_code == 303
    shown = client.page(f"absences/{sent['key']}")
    assert "5 days back on the balance" in shown and "Vacation" in shown and "Take the report back" in shown
    assert client.send("sickness", sent).status_code == 303  # twice is once (T157)
    assert "Cancelled" in client.page(f"absences/{week}")


def test_hr_accepts_and_the_report_grows_and_shrinks(client, as_, cast, kind, week):
    client.sign_in(cast.eve)
    sent = form(kind, end="2026-08-05")
    client.send("sickness", sent)
    path = f"absences/{sent['key']}"
    client.sign_in(cast.ana)
    assert "1 report of sickness" in client.page("")
    assert "Eve" in client.page("sickness") and "To accept (1)" in client.page("sickness")
    version = version_of(as_, cast, sent["key"])
    assert client.send(f"{path}/acceptance?from=list", {"version": version}).status_code == 303
    assert "Nothing to accept" in client.page("sickness")
    assert "Accepted" in client.page("sickness?show=all")
    longer = {"version": version + 1, "end_date": "2026-08-07"}
    assert client.send(f"{path}/extension", longer).status_code == 303
    assert "Longer since accepted" in client.page("sickness")
    sooner = {"version": version + 2, "end_date": "2026-08-04"}
    assert client.send(f"{path}/earlier-end", sooner).status_code == 303
    assert "Entered again: Vacation: 5 Aug 2026, 6 Aug 2026, 7 Aug 2026." in client.page(path)
    assert client.send(f"{path}/report-undoing", {"version": version + 3}).status_code == 303
    assert "Taken back" in client.page(path)
    assert "Approved" in client.page(f"absences/{week}")


@pytest.mark.parametrize(
    ("path", "end", "said"),
    [
        ("extension", "2026-08-05", "has to be after the present one"),
        ("earlier-end", "2026-08-05", "Choose a last day from"),
        ("earlier-end", "", "Please choose a date."),
    ],
)
def test_a_last_day_that_makes_no_sense_is_said_on_the_page(client, as_, cast, kind, path, end, said):
    client.sign_in(cast.ana)
    sent = form(kind, end="2026-08-05")
    client.send(f"people/{cast.eve.employee_id}/sickness", sent)
    page = f"absences/{sent['key']}"
    version = version_of(as_, cast, sent["key"])
    assert client.send(f"{page}/{path}", {"version": version, "end_date": end}).status_code == 303
    assert said in client.page(page)
    assert version_of(as_, cast, sent["key"]) == version


def test_an_old_form_overwrites_nothing(client, as_, cast, kind):
    """T158: whoever saw another version is told so."""
    client.sign_in(cast.ana)
    sent = form(kind)
    client.send(f"people/{cast.eve.employee_id}/sickness", sent)
    answer = client.send(f"absences/{sent['key']}/acceptance", {"version": 1})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"end": "2026-08-01"}, "first day"),
        ({"start": ""}, "Please choose a date."),
        ({"start": "2026-08-03", "from_noon": "y"}, "a whole day or half a day of time off"),
    ],
)
def test_a_report_that_makes_no_sense_is_refused_at_its_field(client, cast, kind, week, more, said):
    client.sign_in(cast.eve)
    answer = client.send("sickness", form(kind, **more))
    assert answer.status_code == 422
    assert said in answer.text


def test_managers_report_their_people_and_nobody_elses(client, as_, cast, kind):
    client.sign_in(cast.mats)
    assert "Report sickness" in client.page(f"people/{cast.eve.employee_id}/ledger")
    assert "Report sickness" in client.page(f"people/{cast.eve.employee_id}/sickness/new")
    other = client.get(client.url(f"people/{cast.otto.employee_id}/sickness/new"))
    assert other.status_code == 404
    assert client.send(f"people/{cast.eve.employee_id}/sickness", form(kind)).status_code == 303
    assert client.get(client.url("sickness")).status_code == 200
    client.sign_in(cast.pia)
    assert client.get(client.url("sickness")).status_code == 403


def test_a_type_of_sickness_is_made_on_its_page(client, as_, cast):
    client.sign_in(cast.ana)
    sent = {
        "name": "Sickness", "code": "S", "colour": "pink", "unit": "half", "notice_days": "0",
        "counting": "days", "sickness": "y", "alarm_days": "42", "needs_approval": "y",
    }  # fmt: skip
    refused = client.send("absence-types", {**sent, "colleagues_see": "y"})
    assert refused.status_code == 422 and "is not for colleagues to see" in refused.text
    assert client.send("absence-types", sent).status_code == 303
    assert "sickness: reported, not asked for" in client.page("absence-types")


def test_the_line_manager_of_that_day_hears_of_it(client, as_, cast, kind):
    """Dated, as everything else that asks who leads whom; and the letter does not say what it is."""
    client.sign_in(cast.eve)
    assert client.send("sickness", form(kind)).status_code == 303
    with as_(cast.ana) as uow:
        told = uow.session.scalars(
            select(OutboxMessage).where(OutboxMessage.employee_id == cast.mats.employee_id)
        ).all()
    assert [one.template for one in told] == ["absence_reported"]

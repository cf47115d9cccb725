"""Asking for time off through the form: sent once, priced before, refused at the field, deaf to hidden fields."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.models import Absence, LedgerEntry
from tests.factories.absences import ask, grant, vacation


@pytest.fixture
def form(client, cast, as_):
    """Eve's filled-in form for 3 to 5 August 2026."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)
        kind = vacation(uow).id
    client.sign_in(cast.eve)
    return {
        "key": str(uuid4()),
        "absence_type_id": str(kind),
        "start_date": "2026-08-03",
        "first_part": "full",
        "end_date": "2026-08-05",
        "last_part": "full",
        "note": "Sea",
    }


def all_absences(as_, cast):
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(Absence)).all()


def test_it_sends_the_request_and_shows_it_in_the_list(client, cast, as_, form):
    answer = client.send("absences", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/c/acme/absences")
    page = client.page("absences")
    assert "Your request is sent." in page
    assert "3–5 Aug 2026" in page.replace("\u2009", "")
    (absence,) = all_absences(as_, cast)
    assert (absence.id, absence.note, absence.charge) == (UUID(form["key"]), "Sea", 3000)


def test_a_double_click_makes_one_request(client, cast, as_, form):
    """T157: the same form twice gives the same page and one row."""
    assert [client.send("absences", form).status_code for _ in range(2)] == [303, 303]
    assert len(all_absences(as_, cast)) == 1


def test_hidden_fields_of_a_forged_form_are_not_read(client, cast, as_, form):
    """T89: for whom, in which company, in which state and at which price is never taken from the form."""
    forged = {
        "employee_id": str(cast.mats.employee_id),
        "company_id": str(cast.beta.id),
        "status": "approved",
        "charge": "0",
        "version": "9",
        "decided_by_id": str(cast.eve.employee_id),
        "requested_by_id": str(cast.mats.employee_id),
        "live": "false",
        "balance": "99000",
    }
    assert client.send("absences", {**form, **forged}).status_code == 303
    (absence,) = all_absences(as_, cast)
    assert (absence.employee_id, absence.company_id) == (cast.eve.employee_id, cast.acme.id)
    assert (absence.status, absence.charge, absence.version) == (AbsenceStatus.REQUESTED, 3000, 1)
    assert (absence.requested_by_id, absence.decided_by_id) == (cast.eve.employee_id, None)
    with as_(cast.ana) as uow:
        grants = uow.session.scalars(
            select(LedgerEntry.amount).where(LedgerEntry.employee_id == cast.eve.employee_id)
        )
        assert grants.all() == [25_000]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"start_date": ""}, "Please choose a date."),
        ({"start_date": "yesterday"}, "Not a valid date value."),
        ({"end_date": "2026-08-01"}, "The end lies before the start"),
        ({"end_date": "2026-10-30"}, "The remaining entitlement is not enough"),
        ({"start_date": "2026-08-01", "end_date": "2026-08-02"}, "there is nothing to request"),
        ({"first_part": "am"}, "Half days are possible"),
        ({"first_part": "all"}, "Not a valid choice."),
        ({"key": "1; DROP TABLE"}, "This form is damaged"),
        ({"absence_type_id": str(UUID(int=1))}, "Not a valid choice."),
        ({"note": "x" * 1001}, "Field cannot be longer than 1000 characters."),
        ({"start_date": "0001-01-01", "end_date": "9999-12-31"}, "This date is too far away."),
    ],
)
def test_a_bad_form_comes_back_with_the_reason(client, cast, as_, form, change, said):
    answer = client.send("absences", {**form, **change})
    assert answer.status_code == 422
    assert said in answer.text
    assert all_absences(as_, cast) == []


def test_an_overlap_is_said_kindly(client, cast, as_, form):
    """T154: the second request for the same time is refused with a sentence, not with an error page."""
    client.send("absences", form)
    answer = client.send("absences", {**form, "key": str(uuid4()), "start_date": "2026-08-05"})
    assert answer.status_code == 422
    assert "Part of this time is already requested or approved" in answer.text


def test_the_preview_prices_each_day_and_writes_nothing(client, cast, as_, form):
    with as_(cast.mats) as uow:
        ask(uow, date(2026, 8, 4), note="Hip operation")
    page = client.send("absences/preview", {**form, "start_date": "2026-07-31"})
    assert page.status_code == 200
    fragment = client.send("absences/preview", {**form, "start_date": "2026-07-31"}, htmx=True).text
    assert "<html" not in fragment
    for text in (page.text, fragment):
        assert "4 days" in text
        assert "no working day" in text
        assert "25 days now, 21 days afterwards" in text
        assert cast.mats.name in text
        assert "Hip operation" not in text
    assert len(all_absences(as_, cast)) == 1


def test_the_preview_of_an_unfinished_form_asks_for_the_dates(client, form):
    fragment = client.send("absences/preview", {**form, "start_date": ""}, htmx=True)
    assert fragment.status_code == 200
    assert "Please choose a date." in fragment.text


def test_the_preview_says_what_would_refuse(client, form):
    fragment = client.send("absences/preview", {**form, "end_date": "2026-10-30"}, htmx=True).text
    assert "The remaining entitlement is not enough" in fragment


def test_without_the_form_token_nothing_happens(client, cast, as_, form):
    assert client.post(client.url("absences"), data=form).status_code == 403
    assert all_absences(as_, cast) == []

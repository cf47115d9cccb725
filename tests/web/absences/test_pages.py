"""The pages around time off: each answers whole, valid, and within its statements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.absences import ask, grant
from tests.factories.people import make_employee


@pytest.fixture
def granted(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)


def test_my_absences_begin_empty_and_say_what_to_do(client, cast):
    page = client.sign_in(cast.otto).page("absences")
    assert "No requests yet" in page
    assert 'data-health="no-line-manager"' in page
    assert 'data-health="no-entitlement"' in page


def test_my_absences_show_balance_and_requests(client, cast, as_, granted):
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 8, 3), date(2026, 8, 7))
    page = client.sign_in(cast.eve).page("absences")
    assert "20 days left" in page
    assert "usable through" in page
    assert "Waiting" in page
    assert f"Your requests go to {cast.mats.name}" in page


def test_the_list_costs_the_same_statements_for_one_request_and_for_twenty(
    client, cast, as_, granted, statements
):
    client.sign_in(cast.eve)
    counts = []
    for weeks in (range(1), range(1, 20)):
        with as_(cast.eve) as uow:
            for week in weeks:
                ask(uow, date(2026, 6, 16) + timedelta(weeks=week))
        client.page("absences")
        statements.clear()
        client.page("absences")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8


def test_the_form_is_there(client, cast, granted):
    page = client.sign_in(cast.eve).page("absences/new")
    assert 'name="start_date"' in page


def test_the_ledger_explains_the_grant(client, cast, granted):
    page = client.sign_in(cast.eve).page(f"people/{cast.eve.employee_id}/ledger")
    assert "25 days for a full year." in page
    assert "Employed on 365 of 365 days" in page
    assert "Correct the balance" not in page


def test_approvals_are_empty_at_first(client, cast):
    assert "Nothing waits for you" in client.sign_in(cast.mats).page("absences/approvals")


def test_approvals_cost_the_same_statements_for_one_person_and_for_many(
    client, cast, as_, granted, statements
):
    client.sign_in(cast.ana)
    counts = []
    for people in (1, 30):
        with as_(cast.ana) as uow:
            made = [
                make_employee(uow, f"p{people}-{number}@acme.example", "P", f"No{number}")
                for number in range(people)
            ]
            grant(uow, *[one.id for one in made])
        for one in made:
            with as_(cast.eve) as uow:
                uow.actor = type(uow.actor)(one.id, "P", "", grants=uow.actor.grants)
                ask(uow, date(2026, 8, 3))
        client.page("absences/approvals")
        statements.clear()
        client.page("absences/approvals")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize("member", ["pia", "otto", "zoe"])
def test_a_colleague_neither_opens_the_absence_nor_the_ledger(client, cast, as_, granted, member):
    """T87: another team, a planner and another company get the page of what does not exist."""
    with as_(cast.eve) as uow:
        absence = ask(uow, date(2026, 8, 3), note="Hip operation")
    client.sign_in(getattr(cast, member))
    for path in (f"absences/{absence.id}", f"people/{cast.eve.employee_id}/ledger"):
        answer = client.get(client.url(path))
        assert answer.status_code == 404
        assert "Hip operation" not in answer.text

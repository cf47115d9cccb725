"""HR's corrections and grants on a person's ledger."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.factories.absences import grant, vacation


@pytest.fixture
def form(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.ana.employee_id)
        return {
            "key": str(uuid4()),
            "absence_type_id": str(vacation(uow).id),
            "year": "2026",
            "amount": "-1.5",
            "reason": "Counted twice in March",
        }


def test_hr_corrects_once_however_often_it_is_sent(client, cast, form):
    """T157: two presses, one row."""
    client.sign_in(cast.ana)
    path = f"people/{cast.eve.employee_id}/ledger"
    assert [client.send(f"{path}/adjustments", form).status_code for _ in range(2)] == [303, 303]
    page = client.page(path)
    assert page.count("Counted twice in March") == 1
    assert "−1.5 days" in page
    assert "23.5 days left" in page


WRONG = "A number of days from −366 to 366, with at most three digits after the point."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount": "0"}, "Please enter a number, such as"),
        ({"amount": "1e9"}, WRONG),
        ({"amount": "NaN"}, WRONG),
        ({"amount": "1e-30"}, WRONG),
        ({"amount": "many"}, WRONG),
        ({"amount": "367"}, WRONG),
        ({"amount": ""}, "Please enter a number, such as"),
        ({"reason": ""}, "Please fill this in."),
        ({"year": "1"}, "Number must be between 2000 and 2099."),
    ],
)
def test_a_bad_correction_comes_back(client, cast, form, change, said):
    answer = client.sign_in(cast.ana).send(
        f"people/{cast.eve.employee_id}/ledger/adjustments", {**form, **change}
    )
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(("member", "status"), [("eve", 403), ("mats", 403), ("zoe", 404)])
def test_nobody_else_corrects(client, cast, form, member, status):
    """T89: a balance is not changed by whoever knows the address."""
    answer = client.sign_in(getattr(cast, member)).send(
        f"people/{cast.eve.employee_id}/ledger/adjustments", form
    )
    assert answer.status_code == status


def test_hr_does_not_correct_its_own_balance(client, cast, form):
    """T88: the page does not offer it, the service refuses it."""
    client.sign_in(cast.ana)
    path = f"people/{cast.ana.employee_id}/ledger"
    assert "Correct the balance" not in client.page(path)
    assert client.send(f"{path}/adjustments", form).status_code == 403


def test_hr_grants_a_year_once(client, cast, form):
    client.sign_in(cast.ana)
    path = f"people/{cast.eve.employee_id}/ledger"
    assert "Grant 2027" in client.page(path)
    for said in ("The entitlement for 2027 is granted.", "There is nothing to grant for 2027."):
        assert client.send(f"{path}/grants", {"year": "2027"}).status_code == 303
        assert said in client.page(path)

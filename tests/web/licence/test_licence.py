"""The page of the licence, the read-only portal, and closing by two people."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.refusals import Reason, Refusal
from portal.models import Closing, Company, Employee, Role, RoleGrant
from portal.services import audit, closings, licences
from tests.web.test_companies_apart import acme_ids, addresses  # noqa: F401

OPEN_WHEN_OVER = (
    "sign_in.",
    "sso.",
    "sessions.",
    "preferences.",
    "licence.",
    "archives.",
    "billing.",
    "privacy.",  # what is owed to people goes on
    "roles.end_viewing",
)


@pytest.fixture
def dated(as_, cast):
    """`dated(licence_ends_on=...)` writes the dates of Acme's licence."""

    def write(**columns) -> None:
        with as_(cast.ana) as uow:
            row = licences.locked_row(uow)
            for name, value in columns.items():
                setattr(row, name, value)
            audit.record(uow, audit.Action.LICENCE_CHANGED, subject=row)

    return write


def make_admin(as_, cast, member) -> None:
    with as_(cast.ana) as uow:
        role = uow.session.scalars(select(Role).where(Role.key == "admin")).one()
        uow.session.add(RoleGrant(employee_id=member.employee_id, role_id=role.id))


def test_the_page_shows_dates_and_counts_people(client, cast, dated):
    dated(licence_ends_on=date(2026, 6, 30))
    page = client.sign_in(cast.ana).page("licence")
    for text in ("30 Jun 2026", "15 Jul 2026", "22 Jul 2026", "counted on 15 Jun 2026"):
        assert text in page
    assert "<dd>5</dd>" in page


def test_admins_are_told_on_every_page_in_time_and_others_when_it_counts(client, cast, dated):
    dated(licence_ends_on=date(2026, 6, 20))
    assert "The licence ends on 20 Jun 2026" in client.sign_in(cast.ana).page("absences")
    assert "The licence ends" not in client.sign_in(cast.eve).page("absences")
    dated(licence_ends_on=date(2026, 6, 14))
    assert "The portal is read only" in client.sign_in(cast.eve).page("absences")
    client.sign_in(cast.ana)
    led = ["Go to the licence" in client.page(page) for page in ("absences", "licence")]
    assert led == [True, False], "the page of the licence does not lead to itself"


def test_when_the_licence_is_over_everything_is_read_and_nothing_changed(
    client,
    cast,
    app,
    dated,
    acme_ids,  # noqa: F811
):
    """P17: every route that writes is asked; what is open is a short list."""
    dated(licence_ends_on=date(2026, 6, 1))
    client.sign_in(cast.ana)
    refused = 0
    for rule, address in addresses(app, "POST", acme_ids, "acme"):
        if rule.endpoint.startswith(
            (*OPEN_WHEN_OVER, "scim.")
        ):  # directories come with a token: tests/web/scim
            continue
        answer = client.send(address)
        if "open_when_over" in vars(app.view_functions[rule.endpoint]):
            continue
        assert answer.status_code == 403, rule.endpoint
        assert "nothing can be changed" in answer.text or "Your role" in answer.text, rule.endpoint
        refused += "nothing can be changed" in answer.text
    assert refused > 20
    for page in ("absences", "people", "documents", "licence", "audit"):
        client.page(page)


def test_signing_in_and_out_and_the_language_stay_open(client, cast, dated):
    dated(licence_ends_on=date(2026, 6, 1))
    client.sign_in(cast.eve)
    assert client.send("sign-out").status_code == 303
    answer = client.send("/c/acme/sign-in", {"email": "eve@acme.example", "password": "wrong"})
    assert answer.status_code in {200, 303, 422}


def test_a_company_that_is_being_erased_shows_no_page_at_all(client, cast, dated, staffroom):
    client.sign_in(cast.ana)
    dated(erasing_since=staffroom.clock.now())
    for path in ("absences", "licence", "sign-in"):
        answer = client.get(client.url(path))
        assert answer.status_code == 410
        assert "closed" in answer.text


def test_closing_takes_two_admins(client, cast, as_):
    """P17."""
    make_admin(as_, cast, cast.mats)
    client.sign_in(cast.ana)
    assert client.send("licence/closing").status_code == 303
    page = client.page("licence")
    assert "somebody else has to confirm" in page
    with as_(cast.ana) as uow:
        closing = uow.session.scalars(select(Closing)).one().id
    assert client.send(f"licence/closings/{closing}/confirmation").status_code == 403
    client.sign_in(cast.mats)
    assert client.send(f"licence/closings/{closing}/confirmation").status_code == 303
    with as_(cast.ana) as uow:
        row = uow.session.get(Company, cast.acme.id)
        assert row.closed_on == date(2026, 6, 15)
    assert "closing" in client.page("licence")
    assert client.send("absences", {}).status_code == 403
    assert client.send("licence/taking-up").status_code == 303
    with as_(cast.ana) as uow:
        assert uow.session.get(Company, cast.acme.id).closed_on is None


def test_who_asks_while_another_admin_confirms_asks_for_nothing(client, cast, as_, dated):
    """T197: no second question waits to close a company anew that was taken up again."""
    dated(closed_on=date(2026, 6, 15))
    with as_(cast.ana) as uow:  # whose facts of the company are from before
        assert uow.company.licence.closed_on is None
        with pytest.raises(Refusal) as refused:
            closings.ask(uow)
        assert refused.value.reason is Reason.CHANGED_MEANWHILE
        assert uow.session.scalars(select(Closing)).all() == []


def test_a_request_can_be_taken_back_and_is_forgotten_after_two_weeks(client, cast, as_, clock):
    client.sign_in(cast.ana).send("licence/closing")
    with as_(cast.ana) as uow:
        closing = uow.session.scalars(select(Closing)).one().id
    assert client.send(f"licence/closings/{closing}/withdrawal").status_code == 303
    assert client.send(f"licence/closings/{closing}/withdrawal").status_code == 409


def test_nobody_new_while_a_payment_is_missing_for_a_week(client, cast, as_, dated):
    dated(licence_kind="paid", overdue_since=date(2026, 6, 8))
    client.sign_in(cast.ana)
    assert "Nobody new can be added" in client.page("licence")
    form = {
        "email": "new@acme.example", "first_name": "N", "last_name": "N", "language": "en",
        "start_date": "2026-06-15", "terms_from": "2026-06-15", "mon": "8", "tue": "8",
        "wed": "8", "thu": "8", "fri": "8",
    }  # fmt: skip
    client.send("people", form)
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(Employee).where(Employee.email == "new@acme.example")).all() == []

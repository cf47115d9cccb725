"""Paying by Stripe: the pages, the webhook and whom it believes, seats, and a portal without billing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.domain.licences import LicenceKind
from portal.integrations.payments import StripePayments
from portal.jobs import company_life
from portal.models import BillingEvent, Company, Employee
from portal.services import audit, licences
from tests.fixtures.stripe_end import SECRET, event, signed

HOOK = "/webhooks/stripe"


@pytest.fixture
def paying(staffroom, stripe_end, as_, cast):
    """Billing is on, and Acme is a customer."""
    before = staffroom.outside.payments
    payments = StripePayments("sk_test_1", SECRET, "price_1", stripe_end.url)
    object.__setattr__(staffroom.outside, "payments", payments)
    with as_(cast.ana) as uow:
        row = licences.locked_row(uow)
        row.stripe_customer = "cus_acme"
        audit.record(uow, audit.Action.LICENCE_CHANGED, subject=row)
    yield stripe_end
    object.__setattr__(staffroom.outside, "payments", before)


def company(as_, cast) -> Company:
    with as_(cast.ana) as uow:
        return uow.session.get(Company, cast.acme.id)


def knock(client, staffroom, told, *, age: int = 0, secret: str = SECRET) -> int:
    at = staffroom.clock.now().timestamp() - age
    body, headers = signed(told, at, secret)
    return client.post(HOOK, data=body, headers=headers).status_code


def test_without_billing_nothing_asks_for_money(client, cast, staffroom):
    assert not staffroom.outside.payments.on
    page = client.sign_in(cast.ana).page("licence")
    assert "payment" not in page.lower()
    assert client.get(client.url("billing")).status_code == 404
    assert client.send("billing/checkout").status_code == 404
    assert knock(client, staffroom, event("cus_acme")) == 404


def test_buying_leads_to_stripe_for_as_many_people_as_there_are(client, cast, paying, as_):
    with as_(cast.ana) as uow:
        row = licences.locked_row(uow)
        row.stripe_customer = None
        audit.record(uow, audit.Action.LICENCE_CHANGED, subject=row)
    client.sign_in(cast.ana)
    assert "Buy the plan" in client.page("billing")
    answer = client.send("billing/checkout")
    assert 'href="https://checkout.stripe.example/cs_1"' in answer.text
    made = next(form for method, path, form in paying.asked if path == "/v1/checkout/sessions")
    assert made["line_items[0][quantity]"] == ["5"]
    assert made["line_items[0][price]"] == ["price_1"]
    assert made["customer"] == ["cus_acme"]
    assert made["client_reference_id"] == [str(cast.acme.id)]
    assert company(as_, cast).stripe_customer == "cus_acme"
    paying.subscribe("cus_acme", quantity=5)
    assert client.send("billing/checkout").status_code == 409, "nobody pays twice"


def test_the_page_lists_invoices_and_leads_to_the_customer_portal(client, cast, paying):
    paying.subscribe("cus_acme", quantity=4)
    bill = {
        "object": "invoice",
        "customer": "cus_acme",
        "number": "A-1",
        "created": 1781000000,
        "total": 2500,
    }
    paying.invoices = [
        {
            **bill,
            "currency": "eur",
            "status": "paid",
            "hosted_invoice_url": "https://invoice.stripe.example/1",
        },
        {**bill, "currency": "eur", "status": "paid", "customer": "cus_other", "number": "B-9"},
    ]
    page = client.sign_in(cast.ana).page("billing")
    for words in ("A-1", "€25.00", "Paid", "https://invoice.stripe.example/1"):
        assert words in page
    assert "B-9" not in page
    assert "https://billing.stripe.example/p/1" in client.send("billing/portal").text


def test_a_payment_makes_the_licence_a_paid_one_and_counts_seats(client, cast, paying, staffroom, as_):
    paying.subscribe("cus_acme", quantity=2)
    assert knock(client, staffroom, event("cus_acme")) == 200
    row = company(as_, cast)
    assert (row.licence_kind, row.licence_ends_on, row.overdue_since) == (LicenceKind.PAID, None, None)
    assert paying.subscription["items"]["data"][0]["quantity"] == 5


@pytest.mark.parametrize(
    ("told", "options"),
    [
        ({}, {"secret": "whsec_other"}),
        ({}, {"age": 600}),
        ({}, {"age": -600}),
        ({"customer": "cus_stranger"}, {}),
        ({"customer": None}, {}),
        ({"metadata": {"company_id": "00000000-0000-0000-0000-000000000000"}}, {}),
    ],
    ids=[
        "unsigned",
        "ten minutes old",
        "from the future",
        "nobody's customer",
        "no customer",
        "other company",
    ],
)
def test_a_webhook_that_is_not_for_us_changes_nothing(client, cast, paying, staffroom, as_, told, options):
    """T169: signature, five minutes, right customer."""
    paying.subscribe("cus_acme", status="canceled", ended_at=1781000000)
    assert knock(client, staffroom, event(**{"customer": "cus_acme", **told}), **options) == 400
    assert company(as_, cast).licence_kind is LicenceKind.UNLIMITED
    assert paying.asked == []
    body, headers = signed(event("cus_acme"), staffroom.clock.now().timestamp())
    assert client.post(HOOK, data=body + b" ", headers=headers).status_code == 400
    assert client.post(HOOK, data=body).status_code == 400
    assert company(as_, cast).licence_kind is LicenceKind.UNLIMITED


def test_a_webhook_counts_once(client, cast, paying, staffroom, as_):
    """T169: replayed within its five minutes."""
    paying.subscribe("cus_acme", quantity=5)
    assert knock(client, staffroom, event("cus_acme")) == 200
    asked = len(paying.asked)
    paying.subscribe("cus_acme", status="past_due")
    assert knock(client, staffroom, event("cus_acme")) == 200
    assert len(paying.asked) == asked
    assert company(as_, cast).overdue_since is None
    with as_(cast.ana) as uow:
        assert len(uow.session.scalars(select(BillingEvent)).all()) == 1
    assert knock(client, staffroom, event("cus_acme", name="evt_2")) == 200
    assert company(as_, cast).overdue_since == date(2026, 6, 15)


def test_an_old_webhook_is_not_made_young_by_a_second_time(client, cast, paying, staffroom, as_):
    """T169: the time that is signed is the one that counts, whatever else stands in the header."""
    paying.subscribe("cus_acme", status="canceled", ended_at=1781000000)
    now = int(staffroom.clock.now().timestamp())
    body, headers = signed(event("cus_acme"), now - 600)
    for told in ("{old},t={now}", "t={now},{old}", "{old},t=", "{old},t=-1", "{old},t={now},t={now}"):
        header = told.format(old=headers["Stripe-Signature"], now=now)
        answer = client.post(HOOK, data=body, headers={**headers, "Stripe-Signature": header})
        assert answer.status_code == 400, told
    assert company(as_, cast).licence_kind is LicenceKind.UNLIMITED
    assert paying.asked == []


def test_an_answer_that_was_overtaken_does_not_stay(client, cast, paying, staffroom, as_):
    """T169: two messages at once; the one that asked first writes last."""
    paying.subscribe("cus_acme", quantity=5)
    stale = paying.subscription

    def meanwhile(method, path, form):
        """While the first message is on its way back, the payment fails and the second is worked on."""
        paying.answer = paying_answer
        status, body = paying_answer(method, path, form)
        paying.subscribe("cus_acme", status="past_due", quantity=5)
        assert knock(app_client, staffroom, event("cus_acme", name="evt_2")) == 200
        return status, {**body, "data": [stale]}

    app_client, paying_answer = client.application.test_client(), paying.answer
    paying.answer = meanwhile
    assert knock(client, staffroom, event("cus_acme")) == 200
    assert company(as_, cast).overdue_since == date(2026, 6, 15)


def test_a_webhook_that_could_not_be_worked_on_is_taken_again(client, cast, paying, staffroom, as_):
    paying.subscribe("cus_acme")
    paying.down = True
    assert knock(client, staffroom, event("cus_acme")) == 503
    paying.down = False
    assert knock(client, staffroom, event("cus_acme")) == 200
    assert company(as_, cast).licence_kind is LicenceKind.PAID


def test_a_missing_payment_warns_then_stops_newcomers_then_changes_and_never_reading(
    client, cast, paying, staffroom, as_, clock
):
    """The grace ladder; and the payment that came after all."""
    paying.subscribe("cus_acme", status="past_due")
    knock(client, staffroom, event("cus_acme"))
    start = clock.now()
    client.sign_in(cast.ana)
    assert "A payment is missing" in client.page("absences")
    for days, refused in ((8, False), (15, True)):
        clock.move_to(start + timedelta(days=days))
        client.sign_in(cast.ana)
        page = client.page("absences")
        assert ("read only</p>" in page) is refused
        assert "Nobody new can be added" in page or refused
        client.page("people")
        assert client.send("archives").status_code == 200 or refused
        assert client.send("billing/portal").status_code == 200
    paying.subscribe("cus_acme", quantity=5)
    assert knock(client, staffroom, event("cus_acme", name="evt_2")) == 200
    assert "read only" not in client.page("absences")


def test_a_cancelled_plan_ends_on_its_day(client, cast, paying, staffroom, as_):
    ends = datetime(2026, 7, 1, tzinfo=UTC)
    paying.subscribe("cus_acme", quantity=5, cancel_at=int(ends.timestamp()))
    knock(client, staffroom, event("cus_acme"))
    assert company(as_, cast).licence_ends_on == ends.date()


def test_when_stripe_is_down_the_portal_goes_on(app, client, cast, paying):
    paying.down = True
    client.sign_in(cast.ana)
    page = client.page("billing")
    assert "does not answer" in page
    assert "Buy the plan" not in page
    assert client.send("billing/portal").status_code == 503
    client.page("absences")
    with app.app_context():
        company_life.count_seats()


def test_the_hourly_job_counts_who_came_and_went(cast, app, paying, as_):
    paying.subscribe("cus_acme", quantity=5)
    with as_(cast.ana) as uow:
        otto = uow.session.get(Employee, (cast.acme.id, cast.otto.employee_id))
        otto.active = False
        audit.record(uow, audit.Action.EMPLOYEE_DEACTIVATED, subject=otto)
    with app.app_context():
        company_life.count_seats()
    assert paying.subscription["items"]["data"][0]["quantity"] == 4

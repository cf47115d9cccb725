"""Paying for active people: begun and managed on Stripe's pages, told by its webhooks, counted every hour.

A webhook is only a knock: what is true is asked from Stripe anew, so that messages out of order do no harm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.db import UnitOfWork, without_company
from portal.domain.licences import LicenceKind
from portal.domain.refusals import Reason, Refusal
from portal.integrations.payments import Invoice, PaymentEvent, PaymentsUnavailable, Subscription
from portal.models.billing import BillingEvent
from portal.models.company import Company
from portal.services import audit, licences

#: Stripe's words for a payment that is missing, and for a subscription that is over.
_MISSING = {"past_due", "unpaid", "incomplete"}
_OVER = {"canceled", "incomplete_expired"}
_CUSTOMER = re.compile(r"cus_[A-Za-z0-9]{1,64}")


@dataclass(frozen=True)
class Standing:
    """What the page of plan and payment shows. `subscription` None: nothing was bought yet."""

    seats: int
    subscription: Subscription | None
    invoices: list[Invoice]
    #: Stripe did not answer; the rest of the portal does not depend on it.
    unreachable: bool = False


def standing(uow: UnitOfWork) -> Standing:
    """Asked from Stripe when the page is opened; nothing of it is kept."""
    customer, seats = _customer(uow), licences.seats(uow)
    if customer is None:
        return Standing(seats, None, [])
    try:
        payments = uow.outside.payments
        return Standing(seats, payments.subscription(customer), payments.invoices(customer))
    except PaymentsUnavailable:
        return Standing(seats, None, [], unreachable=True)


def checkout(uow: UnitOfWork, *, back: str) -> str:
    """The address at Stripe where the company buys the plan for as many people as it has."""
    row = licences.locked_row(uow)
    try:
        if row.stripe_customer is None:
            row.stripe_customer = uow.outside.payments.new_customer(uow.company.id, uow.company.name)
        held = uow.outside.payments.subscription(row.stripe_customer)
        if held is not None and held.status not in _OVER:
            raise Refusal(Reason.CHANGED_MEANWHILE)  # bought in another window: nobody pays twice
        audit.record(uow, audit.Action.BILLING_BEGUN, subject=row)
        seats = max(1, licences.seats(uow))
        address: str = uow.outside.payments.checkout(
            row.stripe_customer, uow.company.id, quantity=seats, back=back
        )
    except PaymentsUnavailable:
        raise Refusal(Reason.PAYMENTS_UNAVAILABLE) from None
    return address


def portal(uow: UnitOfWork, *, back: str) -> str:
    """The address at Stripe where cards, addresses, plans and bills are managed."""
    customer = _customer(uow)
    if customer is None:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    try:
        address: str = uow.outside.payments.portal(customer, back=back)
    except PaymentsUnavailable:
        raise Refusal(Reason.PAYMENTS_UNAVAILABLE) from None
    return address


def company_of(event: PaymentEvent) -> UUID | None:
    """Whose customer it is, by what we wrote down ourselves; None when the message contradicts that."""
    if not _CUSTOMER.fullmatch(event.customer):
        return None
    with without_company() as session:
        found = session.scalar(select(Company.id).where(Company.stripe_customer == event.customer))
    return found if found is not None and event.company in {None, str(found)} else None


def take_in(uow: UnitOfWork, event: PaymentEvent) -> bool:
    """Counts once; False for a message that was here before."""
    row = insert(BillingEvent.__table__).values(  # type: ignore[arg-type]
        company_id=uow.company.id,
        id=uuid4(),
        event=event.id,
        kind=event.kind,
        received_at=uow.clock.now(),
    )
    table = BillingEvent.__table__.c
    new = uow.session.execute(row.on_conflict_do_nothing().returning(table.id)).one_or_none() is not None
    if new:
        refresh(uow)
    return new


def refresh(uow: UnitOfWork) -> None:
    """Brings the licence to what Stripe says now, and Stripe to how many people count now."""
    customer = _customer(uow)
    if customer is None or uow.company.licence.erasing:
        return
    subscription = uow.outside.payments.subscription(customer)
    if subscription is None:
        return
    if subscription.status in _OVER:
        licences.set_terms(uow, LicenceKind.PAID, subscription.ends_on or uow.today())
        return
    if subscription.status in _MISSING:
        licences.set_overdue(uow, uow.today())
        return
    licences.set_terms(uow, LicenceKind.PAID, subscription.ends_on)
    licences.set_overdue(uow, None)
    seats = max(1, licences.seats(uow))
    if subscription.ends_on is None and subscription.quantity != seats:
        uow.outside.payments.set_quantity(subscription, seats)
        audit.record(uow, audit.Action.BILLING_COUNTED, people=seats)


def _customer(uow: UnitOfWork) -> str | None:
    return uow.session.scalar(select(Company.stripe_customer).where(Company.id == uow.company.id))

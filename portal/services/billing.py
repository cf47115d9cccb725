"""Paying for active people: begun and managed on Stripe's pages, told by its webhooks, counted every hour.

A webhook is only a knock: what is true is asked from Stripe anew, so that messages out of order do no harm. Whatever
has `ask` is asked while no connection to the database is held; the functions before and after it know no network.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.db import UnitOfWork, without_company
from portal.domain.licences import LicenceKind
from portal.domain.refusals import Reason, Refusal
from portal.integrations.payments import Invoice, PaymentEvent, Payments, PaymentsUnavailable, Subscription
from portal.models.billing import BillingEvent
from portal.models.company import Company
from portal.services import audit, licences

#: Stripe's words for a payment that is missing, and for a subscription that is over.
_MISSING = {"past_due", "unpaid", "incomplete"}
_OVER = {"canceled", "incomplete_expired"}
#: So often an answer may be overtaken while it is written; then the hourly look has to do.
_ROUNDS = 3
_CUSTOMER = re.compile(r"cus_[A-Za-z0-9]{1,64}")


@dataclass(frozen=True)
class Standing:
    """What the page of plan and payment shows. `subscription` None: nothing was bought yet."""

    seats: int
    subscription: Subscription | None
    invoices: list[Invoice]
    #: Stripe did not answer; the rest of the portal does not depend on it.
    unreachable: bool = False


@dataclass(frozen=True)
class Answer:
    """How a customer stands at Stripe right now."""

    subscription: Subscription | None = None
    invoices: list[Invoice] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """How does this customer stand? The invoices are asked for only where they are shown."""

    payments: Payments
    customer: str
    with_invoices: bool = False

    def ask(self) -> Answer | None:
        """None: Stripe did not answer."""
        try:
            bills = self.payments.invoices(self.customer) if self.with_invoices else []
            return Answer(self.payments.subscription(self.customer), bills)
        except PaymentsUnavailable:
            return None


@dataclass(frozen=True)
class NewCustomer:
    """Stripe's id for a company that it does not know yet; the same one, however often it is asked."""

    payments: Payments
    company_id: UUID
    name: str

    def ask(self) -> str | None:
        try:
            return self.payments.new_customer(self.company_id, self.name)
        except PaymentsUnavailable:
            return None


@dataclass(frozen=True)
class Purchase:
    """Where the company buys the plan for as many people as it has, unless it has bought it already."""

    payments: Payments
    company_id: UUID
    customer: str
    seats: int
    back: str

    def ask(self) -> str | Reason:
        try:
            held = self.payments.subscription(self.customer)
            if held is not None and held.status not in _OVER:
                return Reason.CHANGED_MEANWHILE  # bought in another window: nobody pays twice
            return self.payments.checkout(self.customer, self.company_id, quantity=self.seats, back=self.back)
        except PaymentsUnavailable:
            return Reason.PAYMENTS_UNAVAILABLE


@dataclass(frozen=True)
class OwnPages:
    """Where cards, addresses, plans and bills are managed."""

    payments: Payments
    customer: str
    back: str

    def ask(self) -> str | Reason:
        try:
            return self.payments.portal(self.customer, back=self.back)
        except PaymentsUnavailable:
            return Reason.PAYMENTS_UNAVAILABLE


@dataclass(frozen=True)
class Recount:
    """Stripe is to know how many people count now."""

    payments: Payments
    subscription: Subscription
    seats: int

    def ask(self) -> bool:
        """False: it does not know yet, and is told by the next hourly count."""
        try:
            self.payments.set_quantity(self.subscription, self.seats)
        except PaymentsUnavailable:
            return False
        return True


def question(uow: UnitOfWork, *, with_invoices: bool = False) -> Question | None:
    """None for a company that is nobody's customer."""
    customer = uow.session.scalar(select(Company.stripe_customer).where(Company.id == uow.company.id))
    return Question(uow.outside.payments, customer, with_invoices) if customer is not None else None


def standing(uow: UnitOfWork, answer: Answer | None) -> Standing:
    """What Stripe said when the page was opened; nothing of it is kept."""
    seats = licences.seats(uow)
    if answer is None:
        return Standing(seats, None, [], unreachable=True)
    return Standing(seats, answer.subscription, answer.invoices)


def new_customer(uow: UnitOfWork) -> NewCustomer | None:
    """None when Stripe knows the company already."""
    if question(uow) is not None:
        return None
    return NewCustomer(uow.outside.payments, uow.company.id, uow.company.name)


def purchase(uow: UnitOfWork, customer: str | None, *, back: str) -> Purchase:
    """Writes down whose customer the company is, before anything is paid; `customer` None: Stripe did not answer."""
    row = licences.locked_row(uow)
    if row.stripe_customer is None:
        if customer is None:
            raise Refusal(Reason.PAYMENTS_UNAVAILABLE)
        row.stripe_customer = customer
    audit.record(uow, audit.Action.BILLING_BEGUN, subject=row)
    seats = max(1, licences.seats(uow))
    return Purchase(uow.outside.payments, uow.company.id, row.stripe_customer, seats, back)


def own_pages(uow: UnitOfWork, *, back: str) -> OwnPages:
    asked = question(uow)
    if asked is None:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    return OwnPages(asked.payments, asked.customer, back)


def company_of(event: PaymentEvent) -> UUID | None:
    """Whose customer it is, by what we wrote down ourselves; None when the message contradicts that."""
    if not _CUSTOMER.fullmatch(event.customer):
        return None
    with without_company() as session:
        found = session.scalar(select(Company.id).where(Company.stripe_customer == event.customer))
    return found if found is not None and event.company in {None, str(found)} else None


def follow(
    opened: Callable[[], AbstractContextManager[UnitOfWork]], event: PaymentEvent | None = None
) -> None:
    """Brings the licence to what Stripe says now, and Stripe to how many people count now.

    `opened` gives one unit of work after the other: Stripe is asked between them. With an event, only when it is new.
    """
    with opened() as uow:
        asked = question(uow) if event is None or not _was_here(uow, event) else None
    if asked is None:
        return
    answer = asked.ask()
    if answer is None:
        raise PaymentsUnavailable("no answer")
    recount: Recount | None = None
    for _ in range(_ROUNDS):
        with opened() as uow:
            recount = _take_in(uow, answer, event)
        # Who asked first may write last: what was written has to be what Stripe says after it was written.
        again = asked.ask()
        if again is None or again == answer:
            break  # without an answer the hourly look makes up for it
        answer, event = again, None
    if recount is not None and recount.ask():
        with opened() as uow:
            audit.record(uow, audit.Action.BILLING_COUNTED, people=recount.seats)


def _was_here(uow: UnitOfWork, event: PaymentEvent) -> bool:
    return uow.session.scalar(select(BillingEvent.id).where(BillingEvent.event == event.id)) is not None


def _take_in(uow: UnitOfWork, answer: Answer, event: PaymentEvent | None) -> Recount | None:
    """A message counts once, also when it comes twice at the same time."""
    if uow.company.licence.erasing or (event is not None and not _first_time(uow, event)):
        return None
    subscription = answer.subscription
    if subscription is None:
        return None
    if subscription.status in _OVER:
        licences.set_terms(uow, LicenceKind.PAID, subscription.ends_on or uow.today())
        return None
    if subscription.status in _MISSING:
        licences.set_overdue(uow, uow.today())
        return None
    licences.set_terms(uow, LicenceKind.PAID, subscription.ends_on)
    licences.set_overdue(uow, None)
    seats = max(1, licences.seats(uow))
    if subscription.ends_on is not None or subscription.quantity == seats:
        return None
    return Recount(uow.outside.payments, subscription, seats)


def _first_time(uow: UnitOfWork, event: PaymentEvent) -> bool:
    row = insert(BillingEvent.__table__).values(  # type: ignore[arg-type]
        company_id=uow.company.id,
        id=uuid4(),
        event=event.id,
        kind=event.kind,
        received_at=uow.clock.now(),
    )
    table = BillingEvent.__table__.c
    return uow.session.execute(row.on_conflict_do_nothing().returning(table.id)).one_or_none() is not None

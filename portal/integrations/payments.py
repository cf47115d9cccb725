"""Payment through Stripe's own pages: no card number ever comes near the portal. Without settings nobody pays.

Every call is of the stripe library; the webhook's word is checked here, and what it means is asked from Stripe anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import UUID

import stripe

#: A webhook may be so old. What claims to come from the future is refused too, which the library does not do.
TOLERANCE_SECONDS = 300
#: Somebody waits for the page.
PATIENCE_SECONDS = 10


class PaymentsUnavailable(Exception):
    """Stripe did not answer, or refused what we asked; nothing was changed."""


class EventRefused(Exception):
    """Not a message of Stripe's for us, or too old."""


@dataclass(frozen=True)
class PaymentEvent:
    """What a webhook says: that something happened to this customer. `company`: what our own note there says."""

    id: str
    kind: str
    customer: str
    company: str | None


@dataclass(frozen=True)
class Subscription:
    """How a customer stands at Stripe right now. `ends_on`: the last day, once it is cancelled."""

    id: str
    item: str
    status: str
    quantity: int
    ends_on: date | None


@dataclass(frozen=True)
class Invoice:
    """A bill as the page lists it; amounts in the currency's smallest unit."""

    number: str
    on: date
    total: int
    currency: str
    status: str
    url: str | None


class Payments(Protocol):
    """Where companies pay."""

    @property
    def on(self) -> bool: ...

    def new_customer(self, company_id: UUID, name: str) -> str: ...

    def checkout(self, customer: str, company_id: UUID, *, quantity: int, back: str) -> str: ...

    def portal(self, customer: str, *, back: str) -> str: ...

    def subscription(self, customer: str) -> Subscription | None: ...

    def set_quantity(self, subscription: Subscription, quantity: int) -> None: ...

    def invoices(self, customer: str) -> list[Invoice]: ...

    def forget(self, customer: str) -> None: ...

    def event(self, body: bytes, signature: str, now: datetime) -> PaymentEvent: ...


@dataclass(frozen=True)
class NoPayments:
    """The twin where nobody pays, which is the default: there is nothing to call."""

    on: bool = False

    def __getattr__(self, name: str) -> Any:
        raise PaymentsUnavailable(f"billing is off: {name}")


@dataclass(frozen=True)
class StripePayments:
    """Stripe, with the price of one active person a month. `url`: another address of the same interface."""

    key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    price: str
    url: str | None = None
    on: bool = True

    def new_customer(self, company_id: UUID, name: str) -> str:
        # The same company gets the same customer, however often a request is repeated.
        made = self._call(
            lambda client: client.v1.customers.create(
                {"name": name, "metadata": {"company_id": str(company_id)}},
                {"idempotency_key": f"customer-{company_id}"},
            )
        )
        return str(made.id)

    def checkout(self, customer: str, company_id: UUID, *, quantity: int, back: str) -> str:
        made = self._call(
            lambda client: client.v1.checkout.sessions.create(
                {
                    "mode": "subscription",
                    "customer": customer,
                    "client_reference_id": str(company_id),
                    "line_items": [{"price": self.price, "quantity": quantity}],
                    "subscription_data": {"metadata": {"company_id": str(company_id)}},
                    "success_url": back,
                    "cancel_url": back,
                }
            )
        )
        return str(made.url)

    def portal(self, customer: str, *, back: str) -> str:
        made = self._call(
            lambda client: client.v1.billing_portal.sessions.create(
                {"customer": customer, "return_url": back}
            )
        )
        return str(made.url)

    def subscription(self, customer: str) -> Subscription | None:
        """The newest one; ended ones count too, because their end is what matters."""
        found = self._call(
            lambda client: client.v1.subscriptions.list({"customer": customer, "status": "all", "limit": 1})
        )
        if not found.data:
            return None
        one = found.data[0].to_dict()
        if one["customer"] != customer:
            raise PaymentsUnavailable("a subscription of another customer")
        item = one["items"]["data"][0]
        ends = one.get("ended_at") or one.get("cancel_at")
        return Subscription(one["id"], item["id"], one["status"], item["quantity"], _day(ends))

    def set_quantity(self, subscription: Subscription, quantity: int) -> None:
        self._call(
            lambda client: client.v1.subscription_items.update(subscription.item, {"quantity": quantity})
        )

    def invoices(self, customer: str) -> list[Invoice]:
        found = self._call(lambda client: client.v1.invoices.list({"customer": customer, "limit": 24}))
        bills = [one.to_dict() for one in found.data]
        return [
            Invoice(
                one.get("number") or "",
                datetime.fromtimestamp(one["created"], UTC).date(),
                one["total"],
                one["currency"].upper(),
                one.get("status") or "",
                one.get("hosted_invoice_url"),
            )
            for one in bills
            if one["customer"] == customer
        ]

    def forget(self, customer: str) -> None:
        """Stripe's own duty to keep invoices stays; the customer is deleted and its subscription ends."""
        self._call(lambda client: client.v1.customers.delete(customer))

    def event(self, body: bytes, signature: str, now: datetime) -> PaymentEvent:
        """The message, when Stripe signed exactly these bytes within five minutes of now."""
        try:
            text = body.decode()
            stripe.WebhookSignature.verify_header(text, signature, self.webhook_secret, None)
            # One time, and the signed one: the library signs with the first it finds, so a second could lie.
            (at,) = (part[2:] for part in signature.split(",") if part.startswith("t="))
            if abs(now.timestamp() - int(at)) > TOLERANCE_SECONDS:
                raise EventRefused("too old")
            told = stripe.Event.construct_from(_json(text), self.key).to_dict()
            about = told["data"]["object"]
            customer = about["id"] if about.get("object") == "customer" else about.get("customer")
            metadata = about.get("metadata") or {}
            company = metadata.get("company_id") or about.get("client_reference_id")
            return PaymentEvent(str(told["id"]), str(told["type"]), str(customer or ""), company)
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError):
            raise EventRefused("not signed by Stripe for us") from None

    def _call(self, ask: Any) -> Any:
        addresses: Any = {"api": self.url} if self.url else {}
        client = stripe.StripeClient(
            self.key,
            base_addresses=addresses,
            max_network_retries=1,
            http_client=stripe.RequestsClient(timeout=PATIENCE_SECONDS),
        )
        try:
            return ask(client)
        except stripe.StripeError as error:
            # Its text may quote what was sent.
            raise PaymentsUnavailable(type(error).__name__) from None


def _json(text: str) -> dict[str, Any]:
    told = json.loads(text)
    if not isinstance(told, dict):
        raise TypeError
    return told


def _day(at: int | None) -> date | None:
    return datetime.fromtimestamp(at, UTC).date() if at else None

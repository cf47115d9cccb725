"""Messages about payments that were taken in, so that each counts once. Who pays how lies at Stripe, not here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.models.base import Base, CompanyScoped


class BillingEvent(Base, CompanyScoped):
    __tablename__ = "billing_event"
    __table_args__ = (UniqueConstraint("company_id", "event"),)

    #: Stripe's id of the message.
    event: Mapped[str]
    kind: Mapped[str]
    received_at: Mapped[datetime]

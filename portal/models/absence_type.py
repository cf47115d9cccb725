"""A kind of absence in one company: vacation, and whatever else it grants or records."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, CompanyScoped, Timestamped


class AbsenceType(Base, CompanyScoped, Timestamped):
    __tablename__ = "absence_type"
    __table_args__ = (UniqueConstraint("company_id", "key"),)

    #: "vacation" for the built-in one, whose name is translated; others show `name`.
    key: Mapped[str]
    name: Mapped[str]
    #: The letter and colour in calendars, rosters and print.
    code: Mapped[str]
    colour: Mapped[str]
    #: Thousandths of a day granted for a full year of full employment; None: no entitlement is kept.
    yearly_entitlement: Mapped[int | None] = mapped_column(default=None)
    #: How far below zero the balance may go, in thousandths of a day.
    overdraft: Mapped[int] = mapped_column(default=0, server_default="0")

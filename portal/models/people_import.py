"""An import of people that was carried out, with what it takes to undo it while that is possible."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import SEALED, Base, CompanyScoped, Timestamped, company_index, refers_to


class PeopleImport(Base, CompanyScoped, Timestamped):
    __tablename__ = "people_import"
    __table_args__ = (
        refers_to("imported_by_id", "employee"),
        refers_to("undone_by_id", "employee"),
        company_index("created_at"),
    )

    #: None: the operator, from the command line.
    imported_by_id: Mapped[UUID | None] = mapped_column(default=None)
    new_people: Mapped[int]
    changed_people: Mapped[int]
    undo_until: Mapped[datetime]
    #: The people as they were before and after, sealed; gone once it cannot be undone any more.
    people_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, info=SEALED)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_by_id: Mapped[UUID | None] = mapped_column(default=None)

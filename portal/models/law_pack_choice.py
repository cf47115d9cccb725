"""Which pack of law a company has chosen for a site, where that is not the pack of the site's country."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, CompanyScoped, Timestamped, refers_to


class LawPackChoice(Base, CompanyScoped, Timestamped):
    """Somebody's decision with their reason; without one the country of the site says it."""

    __tablename__ = "law_pack_choice"
    __table_args__ = (
        UniqueConstraint("company_id", "site_id", postgresql_nulls_not_distinct=True),
        refers_to("site_id", "site"),
        refers_to("author_id", "employee"),
    )

    #: None: people without a site.
    site_id: Mapped[UUID | None] = mapped_column(default=None)
    #: The country of the pack, or an empty text: none is compared with.
    pack: Mapped[str]
    reason: Mapped[str]
    author_id: Mapped[UUID | None] = mapped_column(default=None)

"""Roles of a company: named sets of permissions with a reach, and who holds them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class Role(Base, CompanyScoped, Timestamped):
    __tablename__ = "role"
    __table_args__ = (
        UniqueConstraint("company_id", "key"),
        Index("uq_role_company_id_lower_name", "company_id", text("lower(name)"), unique=True),
    )

    #: "employee", "manager", ... for built-in roles; their names are translated, others show `name`.
    key: Mapped[str]
    name: Mapped[str]
    #: Counts changes, so that a form which was open meanwhile overwrites nothing.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    #: Whether its holders are asked for a second factor where the company asks named roles only.
    second_factor: Mapped[bool] = mapped_column(default=False, server_default="false")


class RolePermission(Base, CompanyScoped, Timestamped):
    __tablename__ = "role_permission"
    __table_args__ = (UniqueConstraint("company_id", "role_id", "permission"), refers_to("role_id", "role"))

    role_id: Mapped[UUID]
    #: A value of domain.permissions.Permission; an unknown one grants nothing.
    permission: Mapped[str]
    reach: Mapped[str]


class RoleGrant(Base, CompanyScoped, Timestamped):
    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("company_id", "employee_id", "role_id"),
        refers_to("employee_id", "employee"),
        refers_to("role_id", "role"),
        company_index("role_id"),
    )

    employee_id: Mapped[UUID]
    role_id: Mapped[UUID]

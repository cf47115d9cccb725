"""Provisioning by SCIM: the tokens, what the directory calls its people and groups, and the roles groups lead to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import SEALED, Base, CompanyScoped, Timestamped, company_index, refers_to


class ScimToken(Base, CompanyScoped, Timestamped):
    """What a directory service shows at each request, kept as its SHA-256."""

    __tablename__ = "scim_token"
    __table_args__ = (UniqueConstraint("company_id", "token_hash"), refers_to("created_by_id", "employee"))

    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    created_by_id: Mapped[UUID]
    #: Whether people who are new get an invitation by mail.
    invites: Mapped[bool] = mapped_column(default=True, server_default="true")
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)
    last_used_ip: Mapped[str | None] = mapped_column(default=None)
    #: The minute that requests are counted in, and how many came.
    window_started_at: Mapped[datetime | None] = mapped_column(default=None)
    window_requests: Mapped[int] = mapped_column(default=0, server_default="0")
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class ScimPerson(Base, CompanyScoped, Timestamped):
    """What the directory says of an employee beside their record."""

    __tablename__ = "scim_person"
    __table_args__ = (
        UniqueConstraint("company_id", "employee_id"),
        refers_to("employee_id", "employee"),
        company_index("external_id"),
        company_index("synced_at"),
    )

    employee_id: Mapped[UUID]
    #: The directory's own id of the person.
    external_id: Mapped[str | None] = mapped_column(default=None)
    #: When the directory last wrote something.
    synced_at: Mapped[datetime]
    #: Deleted there: the directory sees the person no more, here they have left.
    deleted_at: Mapped[datetime | None] = mapped_column(default=None)


class ScimGroup(Base, CompanyScoped, Timestamped):
    """A group of the directory. It means nothing here until an admin lets it lead to a role."""

    __tablename__ = "scim_group"
    __table_args__ = (
        UniqueConstraint("company_id", "display_name"),
        refers_to("role_id", "role"),
        refers_to("mapped_by_id", "employee"),
        company_index("external_id"),
    )

    display_name: Mapped[str]
    external_id: Mapped[str | None] = mapped_column(default=None)
    synced_at: Mapped[datetime]
    role_id: Mapped[UUID | None] = mapped_column(default=None)
    #: Who let the group lead to the role; it grants nothing that this person may not grant.
    mapped_by_id: Mapped[UUID | None] = mapped_column(default=None)


class ScimGroupMember(Base, CompanyScoped, Timestamped):
    __tablename__ = "scim_group_member"
    __table_args__ = (
        UniqueConstraint("company_id", "group_id", "employee_id"),
        refers_to("group_id", "scim_group"),
        refers_to("employee_id", "employee"),
        company_index("employee_id"),
    )

    group_id: Mapped[UUID]
    employee_id: Mapped[UUID]


class ScimRoleGrant(Base, CompanyScoped, Timestamped):
    """Marks a role that somebody holds because of a group, so that only such roles are taken back with it."""

    __tablename__ = "scim_role_grant"
    __table_args__ = (
        UniqueConstraint("company_id", "employee_id", "role_id"),
        refers_to("employee_id", "employee"),
        refers_to("role_id", "role"),
        company_index("role_id"),
    )

    employee_id: Mapped[UUID]
    role_id: Mapped[UUID]

"""Rules of approval, and the route that a request takes: its steps, and who was found for each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.approvals import ApproverKind, StepMode, StepStatus, SubjectKind
from portal.models.base import PRIVATE, Base, CompanyScoped, Timestamped, company_index, refers_to


class ApprovalRule(Base, CompanyScoped, Timestamped):
    """Who must agree to absences of a type, for requests sent from a day on."""

    __tablename__ = "approval_rule"
    __table_args__ = (
        UniqueConstraint("company_id", "absence_type_id", "valid_from"),
        refers_to("absence_type_id", "absence_type"),
        refers_to("author_id", "employee"),
    )

    absence_type_id: Mapped[UUID]
    valid_from: Mapped[date]
    #: In order, as services/approvals/rules.py writes them; empty: whoever's right reaches the person decides.
    #: The page of the type says what they are; the audit log that they changed.
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, info=PRIVATE)
    author_id: Mapped[UUID | None] = mapped_column(default=None)


class RequestApprovalRule(Base, CompanyScoped, Timestamped):
    """The same for requests of another kind that go with a type of absence, such as overtime that it takes in."""

    __tablename__ = "request_approval_rule"
    __table_args__ = (
        UniqueConstraint("company_id", "subject", "absence_type_id", "valid_from"),
        refers_to("absence_type_id", "absence_type"),
        refers_to("author_id", "employee"),
    )

    subject: Mapped[SubjectKind]
    absence_type_id: Mapped[UUID]
    valid_from: Mapped[date]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, info=PRIVATE)
    author_id: Mapped[UUID | None] = mapped_column(default=None)


class ApprovalStep(Base, CompanyScoped, Timestamped):
    """A step of one request's route, as it was found when the request was sent: later changes move nothing.

    It is about one request: each kind of request has its column, so that the database knows what a step belongs to.
    """

    __tablename__ = "approval_step"
    __table_args__ = (
        UniqueConstraint("company_id", "absence_id", "position"),
        UniqueConstraint("company_id", "overtime_credit_id", "position"),
        refers_to("absence_id", "absence"),
        refers_to("overtime_credit_id", "overtime_credit"),
        CheckConstraint("num_nonnulls(absence_id, overtime_credit_id) = 1", name="of_one_request"),
    )

    absence_id: Mapped[UUID | None] = mapped_column(default=None)
    overtime_credit_id: Mapped[UUID | None] = mapped_column(default=None)
    position: Mapped[int]
    approver: Mapped[ApproverKind]
    mode: Mapped[StepMode]
    #: How many must agree, where the mode is "some".
    at_least: Mapped[int | None] = mapped_column(default=None)
    status: Mapped[StepStatus]
    opened_at: Mapped[datetime | None] = mapped_column(default=None)


class StepApprover(Base, CompanyScoped, Timestamped):
    """One of the people of a step, and what was decided in their place."""

    __tablename__ = "step_approver"
    __table_args__ = (
        UniqueConstraint("company_id", "step_id", "employee_id"),
        refers_to("step_id", "approval_step"),
        refers_to("employee_id", "employee"),
        refers_to("decided_by_id", "employee"),
        refers_to("handed_from_id", "employee"),
        refers_to("handed_by_id", "employee"),
        company_index("employee_id"),
    )

    step_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    #: Who decided: the person, their deputy, or somebody out of turn.
    decided_by_id: Mapped[UUID | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Asked later than the others, because they had not decided: any of these settles the step.
    escalated_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Whose place they took when the request was handed over, and who did that.
    handed_from_id: Mapped[UUID | None] = mapped_column(default=None)
    handed_by_id: Mapped[UUID | None] = mapped_column(default=None)
    handed_at: Mapped[datetime | None] = mapped_column(default=None)

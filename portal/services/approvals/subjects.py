"""What can wait for approval: kinds of requests, each with an owner, a type of absence and a link from its steps.

The engine beside this file asks nothing else of them. Another kind of request is a column of ApprovalStep and a line
here; docs/decisions/0025-subjects-of-approval.md says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import SubjectKind
from portal.domain.overtime import OvertimeStatus
from portal.models.absence import Absence
from portal.models.approval import ApprovalStep
from portal.models.overtime_credit import OvertimeCredit

Request: TypeAlias = Absence | OvertimeCredit
R = TypeVar("R", bound=Request)

_LINKS: dict[type[Request], InstrumentedAttribute[UUID | None]] = {
    Absence: ApprovalStep.absence_id,
    OvertimeCredit: ApprovalStep.overtime_credit_id,
}


@dataclass(frozen=True)
class Subject(Generic[R]):
    """A kind of request, as conditions of statements ask about it."""

    kind: SubjectKind
    model: type[R]

    @property
    def id(self) -> ColumnElement[UUID]:
        """All models of requests have these columns under these names."""
        return cast("ColumnElement[UUID]", cast("type[Absence]", self.model).id)

    @property
    def owner_id(self) -> ColumnElement[UUID]:
        return cast("ColumnElement[UUID]", cast("type[Absence]", self.model).employee_id)

    @property
    def type_id(self) -> ColumnElement[UUID]:
        return cast("ColumnElement[UUID]", cast("type[Absence]", self.model).absence_type_id)

    @property
    def link(self) -> ColumnElement[UUID | None]:
        """The column by which a step says what it is about."""
        return cast("ColumnElement[UUID | None]", _LINKS[cast("type[Request]", self.model)])

    def has_step(self) -> ColumnElement[bool]:
        """The condition that a step is one of the request that the statement is about."""
        return self.link == self.id


ABSENCES = Subject(SubjectKind.ABSENCE, Absence)
OVERTIME = Subject(SubjectKind.OVERTIME, OvertimeCredit)


def steps_of(request: Request) -> ColumnElement[bool]:
    """The condition on the steps of this very request."""
    return _LINKS[type(request)] == request.id


def link_name(request: Request) -> str:
    """The column that a new step of this request fills."""
    return _LINKS[type(request)].key


def kind_of(request: Request) -> SubjectKind:
    return SubjectKind.ABSENCE if isinstance(request, Absence) else SubjectKind.OVERTIME


def waits(request: Request) -> bool:
    """Nobody has decided it for good, and its owner has not taken it back."""
    return request.status in (AbsenceStatus.REQUESTED, OvertimeStatus.PROPOSED)


def is_decided(request: Request) -> bool:
    """Somebody has said yes or no."""
    return request.status in (
        AbsenceStatus.APPROVED,
        AbsenceStatus.REJECTED,
        OvertimeStatus.BOOKED,
        OvertimeStatus.DECLINED,
    )

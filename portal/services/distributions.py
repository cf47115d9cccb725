"""Handing a document to people: to a team or to everybody, to newcomers later, with reminders and a count.

Recipients are the people of that day, kept by name; who joins later is offered, never added silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.domain.scans import refuse_held
from portal.models.distribution import Confirmation, Distribution, DistributionRecipient
from portal.models.document import Document, DocumentVersion
from portal.models.employee import Employee
from portal.models.team import Team, TeamMembership
from portal.services import access, audit, outbox

REMINDER_PAUSE = timedelta(hours=20)
_LATEST_DUE = timedelta(days=366 * 2)


@dataclass(frozen=True)
class DistributionLine:
    """One hand-out of a document: to whom, when, and how far it has come."""

    id: UUID
    version: int
    team: str | None
    due_date: date | None
    distributed_at: datetime
    recipients: int
    opened: int
    confirmed: int
    reminded_at: datetime | None


@dataclass(frozen=True)
class RecipientLine:
    """One person of a hand-out."""

    employee_id: UUID
    name: str
    email: str
    opened_at: datetime | None
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Progress:
    """A hand-out with the people that the viewer may see, those who have not confirmed first."""

    line: DistributionLine
    document_id: UUID
    title: str
    people: list[RecipientLine]
    newcomers: int


@dataclass(frozen=True)
class TeamChoice:
    """A team that a document can be handed to."""

    id: UUID
    name: str


def team_choices(uow: UnitOfWork) -> list[TeamChoice]:
    """All teams by name."""
    return [TeamChoice(*row) for row in uow.session.execute(select(Team.id, Team.name).order_by(Team.name))]


def distribute(
    uow: UnitOfWork, document_id: UUID, *, distribution_id: UUID, team_id: UUID | None, due_date: date | None
) -> UUID:
    """Hands the latest version to a team, or with no team to everybody; writes to each of them.

    Sent twice with the same id, it happens once.
    """
    document = _document(uow, document_id)
    if uow.session.get(Distribution, (uow.company.id, distribution_id)) is not None:
        return distribution_id
    if team_id is not None:
        access.one_or_refuse(uow, select(Team).where(Team.id == team_id))
    _check_due(uow, due_date)
    version_id, scan_state = uow.session.execute(
        select(DocumentVersion.id, DocumentVersion.scan_state)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
    ).one()
    refuse_held(scan_state)
    distribution = Distribution(
        id=distribution_id,
        document_version_id=version_id,
        team_id=team_id,
        due_date=due_date,
        distributed_by_id=uow.actor.employee_id,
        distributed_at=uow.clock.now(),
    )
    uow.session.add(distribution)
    uow.session.flush()  # the recipients refer to it
    people = list(uow.session.scalars(_audience(uow, distribution)))
    if not people:
        raise Refusal(Reason.AUDIENCE_EMPTY, field="team")
    _add(uow, distribution, document, people)
    audit.record(uow, audit.Action.DOCUMENT_DISTRIBUTED, subject=distribution, recipients=len(people))
    return distribution_id


def send_to_newcomers(uow: UnitOfWork, distribution_id: UUID) -> int:
    """Hands it also to those who joined the audience since; says to how many."""
    distribution = _distribution(uow, distribution_id)
    document = _document(uow, _document_id(uow, distribution))
    people = list(uow.session.scalars(_newcomers(uow, distribution)))
    _add(uow, distribution, document, people)
    if people:
        audit.record(uow, audit.Action.DOCUMENT_DISTRIBUTED, subject=distribution, newcomers=len(people))
    return len(people)


def remind(uow: UnitOfWork, distribution_id: UUID) -> int:
    """Writes again to those who have not confirmed, at most once a day; says to how many."""
    distribution = _distribution(uow, distribution_id)
    now = uow.clock.now()
    if distribution.reminded_at is not None and now - distribution.reminded_at < REMINDER_PAUSE:
        raise Refusal(Reason.REMINDED_ALREADY, again_at=distribution.reminded_at + REMINDER_PAUSE)
    document = _document(uow, _document_id(uow, distribution))
    people = list(
        uow.session.scalars(
            select(Employee)
            .join(DistributionRecipient, DistributionRecipient.employee_id == Employee.id)
            .outerjoin(Confirmation, Confirmation.distribution_recipient_id == DistributionRecipient.id)
            .where(
                DistributionRecipient.distribution_id == distribution.id,
                Confirmation.id.is_(None),
                Employee.active,
            )
        )
    )
    distribution.reminded_at = now
    _write_to(uow, distribution, document, people)
    audit.record(uow, audit.Action.DOCUMENT_REMINDED, subject=distribution, recipients=len(people))
    return len(people)


def list_of(uow: UnitOfWork, document_id: UUID) -> list[DistributionLine]:
    """Every hand-out of the document, the newest first."""
    rows = uow.session.execute(_lines().where(DocumentVersion.document_id == document_id))
    return [DistributionLine(*row) for row in rows]


def progress(uow: UnitOfWork, distribution_id: UUID) -> Progress:
    """Who has confirmed and who has not, as far as the viewer's reach goes."""
    row = uow.session.execute(_lines().where(Distribution.id == distribution_id)).one_or_none()
    people = _people(uow, distribution_id)
    everything = access.can(uow, Permission.DOCUMENT_DISTRIBUTE, Reach.COMPANY)
    if row is None or not (people or everything):
        raise Refusal(Reason.NOT_FOUND)
    document = uow.session.execute(
        select(Document.id, Document.title)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .join(Distribution, Distribution.document_version_id == DocumentVersion.id)
        .where(Distribution.id == distribution_id)
    ).one()
    newcomers = 0
    if everything:
        distribution = _distribution(uow, distribution_id)
        newcomers = (
            uow.session.scalar(select(func.count()).select_from(_newcomers(uow, distribution).subquery()))
            or 0
        )
    return Progress(DistributionLine(*row), document.id, document.title, people, newcomers)


def _people(uow: UnitOfWork, distribution_id: UUID) -> list[RecipientLine]:
    rows = uow.session.execute(
        select(
            Employee.id,
            Employee.first_name + " " + Employee.last_name,
            Employee.email,
            DistributionRecipient.opened_at,
            Confirmation.confirmed_at,
        )
        .join(DistributionRecipient, DistributionRecipient.employee_id == Employee.id)
        .outerjoin(Confirmation, Confirmation.distribution_recipient_id == DistributionRecipient.id)
        .where(
            DistributionRecipient.distribution_id == distribution_id,
            access.employees_within(uow, Permission.DOCUMENT_VIEW_CONFIRMATIONS, Employee.id),
        )
        .order_by(Confirmation.confirmed_at.is_not(None), Employee.last_name, Employee.first_name)
    )
    return [RecipientLine(*row) for row in rows]


def _lines() -> Select[UUID, int, str, date | None, datetime, int, int, int, datetime | None]:
    return (
        select(
            Distribution.id,
            DocumentVersion.number,
            Team.name,
            Distribution.due_date,
            Distribution.distributed_at,
            func.count(DistributionRecipient.id),
            func.count(DistributionRecipient.opened_at),
            func.count(Confirmation.id),
            Distribution.reminded_at,
        )
        .join(DocumentVersion, DocumentVersion.id == Distribution.document_version_id)
        .outerjoin(Team, Team.id == Distribution.team_id)
        .outerjoin(DistributionRecipient, DistributionRecipient.distribution_id == Distribution.id)
        .outerjoin(Confirmation, Confirmation.distribution_recipient_id == DistributionRecipient.id)
        .group_by(Distribution.company_id, Distribution.id, DocumentVersion.number, Team.name)
        .order_by(Distribution.distributed_at.desc())
    )


def _audience(uow: UnitOfWork, distribution: Distribution) -> Select[Employee]:
    people = select(Employee).where(Employee.active)
    if distribution.team_id is None:
        return people
    return people.where(
        Employee.id.in_(select(TeamMembership.employee_id).where(_in_team_today(uow, distribution.team_id)))
    )


def _newcomers(uow: UnitOfWork, distribution: Distribution) -> Select[Employee]:
    reached = select(DistributionRecipient.employee_id).where(
        DistributionRecipient.distribution_id == distribution.id
    )
    return _audience(uow, distribution).where(Employee.id.not_in(reached))


def _in_team_today(uow: UnitOfWork, team_id: UUID) -> ColumnElement[bool]:
    today = uow.today()
    return and_(
        TeamMembership.team_id == team_id,
        TeamMembership.start_date <= today,
        or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= today),
    )


def _add(uow: UnitOfWork, distribution: Distribution, document: Document, people: list[Employee]) -> None:
    uow.session.add_all(
        DistributionRecipient(distribution_id=distribution.id, employee_id=one.id) for one in people
    )
    _write_to(uow, distribution, document, people)


def _write_to(
    uow: UnitOfWork, distribution: Distribution, document: Document, people: list[Employee]
) -> None:
    for one in people:
        outbox.queue_mail(
            uow,
            one,
            "document_distributed",
            document_title=document.title,
            sender_name=uow.actor.name,
            due=_in_words(distribution.due_date, one.language),
            link=f"{uow.outside.url}/c/{uow.company.slug}/documents",
        )


def _in_words(day: date | None, language: str) -> str | None:
    return None if day is None else format_date(day, "long", locale=language)


def _check_due(uow: UnitOfWork, due_date: date | None) -> None:
    today = uow.today()
    if due_date is not None and not today <= due_date <= today + _LATEST_DUE:
        raise Refusal(Reason.DATE_OUT_OF_RANGE, field="due_date", earliest=today, latest=today + _LATEST_DUE)


def _document(uow: UnitOfWork, document_id: UUID) -> Document:
    if not access.can(uow, Permission.DOCUMENT_DISTRIBUTE, Reach.COMPANY):
        raise Refusal(Reason.NOT_FOUND)
    return access.one_or_refuse(uow, select(Document).where(Document.id == document_id))


def _distribution(uow: UnitOfWork, distribution_id: UUID) -> Distribution:
    if not access.can(uow, Permission.DOCUMENT_DISTRIBUTE, Reach.COMPANY):
        raise Refusal(Reason.NOT_FOUND)
    return access.one_or_refuse(
        uow, select(Distribution).where(Distribution.id == distribution_id).with_for_update()
    )


def _document_id(uow: UnitOfWork, distribution: Distribution) -> UUID:
    return uow.session.scalars(
        select(DocumentVersion.document_id).where(DocumentVersion.id == distribution.document_version_id)
    ).one()

"""A company's licence: changed by the operator or by billing, told to the admins, counted in active people.

What the dates mean is in domain/licences.py; closing is in closings.py, the end in erasures.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

from babel.dates import format_date
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from portal.db import UnitOfWork
from portal.domain.licences import (
    LicenceKind,
    LicenceState,
    Notice,
    NoticeKind,
    closing_from,
    erase_on,
    last_day,
    notice_due,
    state_of,
    takes_newcomers,
)
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.company import Company
from portal.models.employee import Employee
from portal.models.licence import LicenceNotice
from portal.models.licence_file import LicenceFile
from portal.services import audit, companies, outbox
from portal.services.company_lock import lock_company
from portal.services.permission_holders import active_holders


@dataclass(frozen=True)
class Standing:
    """Where a company stands today, as its page and the commands show it."""

    kind: LicenceKind
    state: LicenceState
    last_day: date | None
    overdue_since: date | None
    closing_from: date | None
    erase_on: date | None
    takes_newcomers: bool
    #: People who count: the active ones, on the day they were counted.
    seats: int
    counted_on: date
    #: For how many people the licence is; None: for however many there are.
    persons: int | None


def standing(uow: UnitOfWork) -> Standing:
    """The dates of the company and its seats, counted now."""
    licence, today = uow.company.licence, uow.today()
    return Standing(
        licence.kind,
        state_of(licence, today),
        last_day(licence),
        licence.overdue_since,
        closing_from(licence),
        erase_on(licence),
        takes_newcomers(licence, today),
        seats(uow),
        today,
        persons(uow),
    )


def seats(uow: UnitOfWork) -> int:
    """How many active people the company has."""
    return uow.session.scalar(select(func.count()).select_from(Employee).where(Employee.active)) or 0


def persons(uow: UnitOfWork) -> int | None:
    """For how many people the licence is, where a licence file says so."""
    if uow.company.licence.kind is not LicenceKind.FILE:
        return None
    query = select(LicenceFile.persons).where(LicenceFile.replaced_at.is_(None))
    return uow.session.scalar(query.order_by(LicenceFile.installed_at.desc()).limit(1))


def hold_places(uow: UnitOfWork) -> None:
    """Of two who would take the last place the second waits for the first. Called before people's rows are locked."""
    if uow.company.licence.kind is LicenceKind.FILE:
        lock_company(uow)


def refuse_newcomers(uow: UnitOfWork, number: int = 1) -> None:
    """Stops people from being added while a payment is missing for long, the licence is over, or it is full."""
    hold_places(uow)
    if not takes_newcomers(uow.company.licence, uow.today()):
        raise Refusal(Reason.LICENCE_TAKES_NO_NEWCOMERS)
    most = persons(uow)
    if most is not None and seats(uow) + number > most:
        raise Refusal(Reason.LICENCE_FULL, persons=most)


def locked_row(uow: UnitOfWork) -> Company:
    """The company's row as it is now, held so that its end and its return cannot pass each other."""
    query = select(Company).where(Company.id == uow.company.id).with_for_update()
    return uow.session.scalars(query.execution_options(populate_existing=True)).one()


def set_terms(uow: UnitOfWork, kind: LicenceKind, ends_on: date | None) -> None:
    """Other terms, by the operator or by billing. What is being erased stays so."""
    row = locked_row(uow)
    _refuse_when_erasing(row)
    if (row.licence_kind, row.licence_ends_on) == (kind, ends_on):
        return
    row.licence_kind, row.licence_ends_on = kind, ends_on
    written(uow, row, audit.Action.LICENCE_CHANGED)


def set_overdue(uow: UnitOfWork, since: date | None) -> None:
    """A payment failed, or came after all."""
    row = locked_row(uow)
    if row.erasing_since is not None or (row.overdue_since is None) is (since is None):
        return
    row.overdue_since = since
    written(uow, row, audit.Action.LICENCE_CHANGED)


def written(uow: UnitOfWork, row: Company, action: audit.Action) -> None:
    """Records a change of the dates and writes to the admins when it leads to another state."""
    before = state_of(uow.company.licence, uow.today())
    uow.company = replace(uow.company, licence=companies.licence_of(row))
    audit.record(uow, action, subject=row)
    after = state_of(uow.company.licence, uow.today())
    if before is not after and after in {LicenceState.TRIAL, LicenceState.ACTIVE}:
        tell(uow, Notice(NoticeKind.ACTIVE, 0, uow.today()))
    tell_due(uow)


def tell_due(uow: UnitOfWork) -> None:
    """The letter that today asks for, unless it went out before."""
    due = notice_due(uow.company.licence, uow.today())
    if due is not None and _first_time(uow, due):
        tell(uow, due)


def tell(uow: UnitOfWork, notice: Notice) -> None:
    """One letter to each admin, in their language."""
    certificate = uow.session.scalar(select(Company.certificate_id).where(Company.id == uow.company.id))
    for admin in admins(uow):
        outbox.queue_mail(
            uow,
            admin,
            "licence_notice",
            notice=notice.kind.value,
            days=notice.days,
            on=in_letter(admin.language, notice.on),
            link=f"{uow.outside.url}/c/{uow.company.slug}/licence",
            certificate=f"{uow.outside.url}/erasures/{certificate}",
            by_file=uow.company.licence.kind is LicenceKind.FILE,
        )
    audit.record(uow, audit.Action.LICENCE_NOTICED, notice=notice.kind.value, on=notice.on.isoformat())


def in_letter(language: str, day: date) -> str:
    return format_date(day, "d MMMM y" if language == "en" else "long", locale=language)


def admins(uow: UnitOfWork) -> Sequence[Employee]:
    """The active people who may change the company."""
    return active_holders(uow, Permission.COMPANY_EDIT)


def _refuse_when_erasing(row: Company) -> None:
    if row.erasing_since is not None:
        raise Refusal(Reason.COMPANY_ERASED)


def _first_time(uow: UnitOfWork, notice: Notice) -> bool:
    row = insert(LicenceNotice.__table__).values(  # type: ignore[arg-type]
        company_id=uow.company.id,
        id=uuid4(),
        kind=notice.kind.value,
        days=notice.days,
        on_date=notice.on,
        sent_at=uow.clock.now(),
    )
    table = LicenceNotice.__table__.c
    sent = uow.session.execute(row.on_conflict_do_nothing().returning(table.id))
    return sent.one_or_none() is not None

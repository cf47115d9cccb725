"""Tells companies of processors: each in one transaction with the row that says so, so that nobody hears twice.

A company is told of what was entered while it was there. What stood on the register before is part of what it came to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from portal.db import UnitOfWork, operator_work, without_company
from portal.domain.permissions import Permission
from portal.domain.processors import usable_from
from portal.models.company import Company
from portal.models.processor import Processor, ProcessorNotice
from portal.services import audit, company_lock, licences, outbox, queue
from portal.services.operator_work import OperatorWork
from portal.services.permission_holders import active_holders

TELL_TASK = "tell_of_processors"
_COMPANY, _PROCESSOR = Company.__table__.c, Processor.__table__.c
_NOTICE = ProcessorNotice.__table__.c
#: As many names as the operator can do something about.
_MOST = 200


@dataclass(frozen=True)
class Heard:
    """How far the news of one processor has come, among the companies that it concerns."""

    told: int
    companies: int
    untold: list[str]


def tell_soon() -> None:
    """Wakes the worker. Whoever dies before the register is committed or after it loses nothing: it looks by itself."""
    with operator_work() as session:
        queue.defer_for_all(session, TELL_TASK)


def tell(uow: UnitOfWork) -> dict[UUID, datetime | None]:
    """Tells the company of what it has not heard of; answers when it heard of each that concerns it, None: not yet."""
    if uow.company.licence.erasing:
        return {}
    heard = _heard(uow)
    if None in heard.values():
        company_lock.lock_company(uow)  # another worker may be at it
        heard = _heard(uow)
        for processor_id in [one for one, told_at in heard.items() if told_at is None]:
            heard[processor_id] = tell_of(uow, uow.session.get_one(Processor, processor_id))
    return heard


def tell_of(uow: UnitOfWork, processor: Processor) -> datetime | None:
    """To its admins and in its log; a company where nobody could read it is not told."""
    admins = active_holders(uow, Permission.COMPANY_EDIT)
    if not admins:
        return None
    now = uow.clock.now()
    begins = _begins(processor, now.date())
    for person in admins:
        outbox.queue_mail(
            uow,
            person,
            "processor_announced",
            processor=processor.name,
            purpose=processor.purpose,
            data=processor.data,
            place=processor.place,
            since=licences.in_letter(person.language, begins),
            link=f"{uow.outside.url}/c/{uow.company.slug}/processors",
        )
    uow.session.add(ProcessorNotice(processor_id=processor.id, told_at=now, begins_on=begins))
    audit.record(uow, audit.Action.PROCESSOR_ANNOUNCED, processor=processor.name, on=begins.isoformat())
    return now


def waiting() -> dict[UUID, datetime]:
    """The processors that not every company has heard of, with when they were entered."""
    with without_company() as session:
        query = select(Processor.id, Processor.announced_at).where(Processor.told_at.is_(None))
        return dict(session.execute(query).all())


def settle(still: dict[UUID, datetime], heard: Sequence[dict[UUID, datetime | None]]) -> None:
    """`heard`: what every company answered. Where none is missing the register says when the last one was told."""
    with operator_work() as session:
        for processor_id, announced_at in still.items():
            moments = [company[processor_id] for company in heard if processor_id in company]
            processor = session.get(Processor, processor_id)
            if processor is not None and None not in moments:
                processor.told_at = max((one for one in moments if one is not None), default=announced_at)


def spread(work: OperatorWork) -> dict[UUID, Heard]:
    """By processor, for the operator: which companies are told and which are not."""
    told = _NOTICE.company_id.is_not(None)
    found: dict[UUID, Heard] = {}
    for processor_id, count, companies in work.session.execute(
        _among_companies(_PROCESSOR.id, func.count().filter(told), func.count()).group_by(_PROCESSOR.id)
    ):
        found[processor_id] = Heard(count, companies, [])
    for processor_id, name in work.session.execute(
        _among_companies(_PROCESSOR.id, _COMPANY.name).where(~told).order_by(_COMPANY.name).limit(_MOST)
    ):
        found[processor_id].untold.append(name)
    return found


def _begins(processor: Processor, told_on: date) -> date:
    begins = usable_from(processor.since, entered_on=processor.announced_at.date(), told_on=told_on)
    assert begins is not None  # noqa: S101  # the company is told
    return begins


def _heard(uow: UnitOfWork) -> dict[UUID, datetime | None]:
    began = select(Company.created_at).where(Company.id == uow.company.id).scalar_subquery()
    query = (
        select(Processor.id, ProcessorNotice.told_at)
        .outerjoin(ProcessorNotice, ProcessorNotice.processor_id == Processor.id)
        .where(Processor.created_at >= began)
        .order_by(Processor.created_at, Processor.name)
    )
    return dict(uow.session.execute(query).all())


def _among_companies(*shown: ColumnElement[Any]) -> Select[Any]:
    """Each processor with each company that it concerns and, where it was told, the notice; columns, because the
    operator's staff are bound to no company.
    """
    of_both = and_(_NOTICE.company_id == _COMPANY.id, _NOTICE.processor_id == _PROCESSOR.id)
    return (
        select(*shown)
        .select_from(Processor.__table__)
        .join(Company.__table__, _COMPANY.created_at <= _PROCESSOR.created_at)
        .outerjoin(ProcessorNotice.__table__, of_both)
        .where(_COMPANY.erasing_since.is_(None))
    )

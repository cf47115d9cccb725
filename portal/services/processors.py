"""Sub-processors: the operator's register, told to companies before a new one begins, and what companies answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, or_, select

from portal.db import UnitOfWork, without_company
from portal.domain.incidents import ProcessorAnswerKind
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.company import Company
from portal.models.employee import Employee
from portal.models.processor import Processor, ProcessorAnswer
from portal.services import audit, licences, outbox
from portal.services.operator_work import OperatorWork, Staff
from portal.services.permission_holders import active_holders

#: So long before a processor begins companies are told of it.
NOTICE = timedelta(days=30)
LONGEST, LONGEST_NOTE = 300, 1000
_COMPANY, _ANSWER = Company.__table__.c, ProcessorAnswer.__table__.c


@dataclass(frozen=True)
class Described:
    """What the register says of one."""

    name: str
    purpose: str
    data: str
    place: str
    contract: str
    since: date


@dataclass(frozen=True)
class ProcessorLine:
    """One of the register, with what the reading company said to it."""

    processor: Processor
    planned: bool
    over: bool
    answer: ProcessorAnswerKind | None = None
    note: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""


@dataclass(frozen=True)
class Objection:
    """What the operator has to settle with a company before a processor begins."""

    company: str
    processor_id: UUID
    note: str
    answered_at: datetime


def add(work: OperatorWork, staff: Staff, wanted: Described) -> Processor:
    """In use already, which is a record of what is; or from a day on that leaves companies the time of the notice."""
    for field in ("name", "purpose", "data", "place", "contract"):
        text = getattr(wanted, field)
        if not text:
            raise Refusal(Reason.MISSING, field=field)
        if len(text) > LONGEST:
            raise Refusal(Reason.TOO_LONG, field=field, limit=LONGEST)
    today = work.clock.now().date()
    if today < wanted.since < today + NOTICE:
        raise Refusal(Reason.PROCESSOR_TOO_SOON, field="since", earliest=(today + NOTICE).isoformat())
    processor = Processor(id=uuid4(), announced_at=work.clock.now(), **wanted.__dict__)
    work.session.add(processor)
    work.note("added a processor", staff.email)
    return processor


def end(work: OperatorWork, staff: Staff, processor_id: UUID) -> None:
    """From today on; one that never began loses its place in the register's future."""
    processor = work.session.get(Processor, processor_id)
    if processor is None:
        raise Refusal(Reason.NOT_FOUND)
    if processor.ends_on is None:
        processor.ends_on = max(work.clock.now().date(), processor.since)
        work.note("ended a processor", staff.email)


def announce(uow: UnitOfWork, processor: Processor) -> None:
    """Tells one company, by mail to its admins and in its log."""
    for person in active_holders(uow, Permission.COMPANY_EDIT):
        outbox.queue_mail(
            uow,
            person,
            "processor_announced",
            processor=processor.name,
            purpose=processor.purpose,
            data=processor.data,
            place=processor.place,
            since=licences.in_letter(person.language, processor.since),
            link=f"{uow.outside.url}/c/{uow.company.slug}/processors",
        )
    audit.record(
        uow, audit.Action.PROCESSOR_ANNOUNCED, processor=processor.name, on=processor.since.isoformat()
    )


def register(today: date) -> list[ProcessorLine]:
    """The public one: in use, and announced."""
    with without_company() as session:
        found = session.scalars(_live(today)).all()
        session.expunge_all()  # they are shown after the look is over
    return [_line(one, today) for one in found]


def of_operator(work: OperatorWork) -> list[ProcessorLine]:
    """All of them, ended ones last."""
    today = work.clock.now().date()
    found = work.session.scalars(
        select(Processor).order_by(Processor.ends_on.is_not(None), Processor.name).limit(200)
    )
    return [_line(one, today) for one in found]


def objections(work: OperatorWork) -> list[Objection]:
    rows = work.session.execute(
        select(_COMPANY.name, _ANSWER.processor_id, _ANSWER.note, _ANSWER.answered_at)
        .join(Company.__table__, _COMPANY.id == _ANSWER.company_id)
        .where(_ANSWER.answer == ProcessorAnswerKind.OBJECTED)
        .order_by(_ANSWER.answered_at.desc())
        .limit(200)
    )
    return [Objection(*row) for row in rows]


def list_for_company(uow: UnitOfWork) -> list[ProcessorLine]:
    """The register with the company's own answers, in two statements."""
    today = uow.today()
    said = {
        answer.processor_id: (answer, who)
        for answer, who in uow.session.execute(
            select(ProcessorAnswer, Employee).join(Employee, Employee.id == ProcessorAnswer.answered_by_id)
        )
    }
    lines = []
    for one in uow.session.scalars(_live(today)):
        answered = said.get(one.id)
        lines.append(_line(one, today, *answered) if answered else _line(one, today))
    return lines


def find(uow: UnitOfWork, processor_id: UUID) -> Processor:
    found = uow.session.get(Processor, processor_id)
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return found


def answer(uow: UnitOfWork, processor: Processor, kind: ProcessorAnswerKind, note: str) -> None:
    """The latest answer counts; an objection says why, because the operator has to settle it."""
    if kind is ProcessorAnswerKind.OBJECTED and not note:
        raise Refusal(Reason.MISSING, field="note")
    if len(note) > LONGEST_NOTE:
        raise Refusal(Reason.TOO_LONG, field="note", limit=LONGEST_NOTE)
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_FOUND)
    row = uow.session.scalars(
        select(ProcessorAnswer).where(ProcessorAnswer.processor_id == processor.id).with_for_update()
    ).one_or_none()
    if row is None:
        row = ProcessorAnswer(processor_id=processor.id)
        uow.session.add(row)
    row.processor_name, row.answer, row.note = processor.name, kind, note
    row.answered_at, row.answered_by_id = uow.clock.now(), uow.actor.employee_id
    audit.record(uow, audit.Action.PROCESSOR_ANSWERED, subject=row)


def _live(today: date) -> Select[Processor]:
    return (
        select(Processor)
        .where(or_(Processor.ends_on.is_(None), Processor.ends_on >= today))
        .order_by(Processor.name)
    )


def _line(
    one: Processor, today: date, said: ProcessorAnswer | None = None, who: Employee | None = None
) -> ProcessorLine:
    over = one.ends_on is not None and one.ends_on <= today
    if said is None:
        return ProcessorLine(one, planned=today < one.since, over=over)
    return ProcessorLine(
        one,
        planned=today < one.since,
        over=over,
        answer=said.answer,
        note=said.note,
        answered_at=said.answered_at,
        answered_by=who.name if who is not None else "",
    )

"""Sub-processors: the operator's register, and what companies answer. How they hear of it: processor_notices.py."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, or_, select

from portal.db import UnitOfWork, without_company
from portal.domain.incidents import ProcessorAnswerKind
from portal.domain.processors import NOTICE, is_late, usable_from
from portal.domain.refusals import Reason, Refusal
from portal.models.company import Company
from portal.models.employee import Employee
from portal.models.processor import Processor, ProcessorAnswer, ProcessorNotice
from portal.services import audit
from portal.services.operator_work import OperatorWork, Staff

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
    """One of the register, with what the reading company was told and said; for all other readers, all companies."""

    processor: Processor
    planned: bool
    over: bool
    #: The first day on which it may handle the data; None: the notice has not begun.
    begins: date | None
    #: None while not told, and where it stood on the register before the company came.
    told_on: date | None
    late: bool
    here_before: bool = False
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


def register(today: date) -> list[ProcessorLine]:
    """The public one: in use, and announced."""
    with without_company() as session:
        found = session.scalars(_live(today)).all()
        session.expunge_all()  # they are shown after the look is over
    return [_of_all(one, today, told_at=one.told_at) for one in found]


def of_operator(work: OperatorWork) -> list[ProcessorLine]:
    """All of them, ended ones last."""
    today = work.clock.now().date()
    found = work.session.scalars(
        select(Processor).order_by(Processor.ends_on.is_not(None), Processor.name).limit(200)
    )
    return [_of_all(one, today, told_at=one.told_at) for one in found]


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
    """The register with what the company was told and answered, in two statements."""
    today = uow.today()
    said = {
        answer.processor_id: (answer, who)
        for answer, who in uow.session.execute(
            select(ProcessorAnswer, Employee).join(Employee, Employee.id == ProcessorAnswer.answered_by_id)
        )
    }
    began = select(Company.created_at).where(Company.id == uow.company.id).scalar_subquery()
    told = (
        _live(today)
        .add_columns(ProcessorNotice, Processor.created_at < began)
        .outerjoin(ProcessorNotice, ProcessorNotice.processor_id == Processor.id)
    )
    return [
        _with_answer(_of_company(one, notice, today, earlier=earlier), *said.get(one.id, (None, None)))
        for one, notice, earlier in uow.session.execute(told)
    ]


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


def _of_company(
    one: Processor, notice: ProcessorNotice | None, today: date, *, earlier: bool
) -> ProcessorLine:
    """Its notice counts from when it was told itself."""
    if notice is not None:
        return _line(one, today, begins=notice.begins_on, told_on=notice.told_at.date())
    if earlier:
        return replace(_line(one, today, begins=one.since, told_on=None), late=False, here_before=True)
    return _of_all(one, today, told_at=None)


def _of_all(one: Processor, today: date, *, told_at: datetime | None) -> ProcessorLine:
    """As it is for everybody: the notice counts from when the last company was told."""
    told_on = told_at.date() if told_at is not None else None
    begins = usable_from(one.since, entered_on=one.announced_at.date(), told_on=told_on)
    return _line(one, today, begins=begins, told_on=told_on)


def _line(one: Processor, today: date, *, begins: date | None, told_on: date | None) -> ProcessorLine:
    return ProcessorLine(
        one,
        planned=begins is None or today < begins,
        over=one.ends_on is not None and one.ends_on <= today,
        begins=begins,
        told_on=told_on,
        late=is_late(begins, told_on=told_on, today=today),
    )


def _with_answer(line: ProcessorLine, said: ProcessorAnswer | None, who: Employee | None) -> ProcessorLine:
    if said is None:
        return line
    return replace(
        line,
        answer=said.answer,
        note=said.note,
        answered_at=said.answered_at,
        answered_by=who.name if who is not None else "",
    )

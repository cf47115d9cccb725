"""Shift templates: code, colour, times and break of the shifts that a company plans with.

Shifts keep the times they were made with, so the times of a template in use never change: a new one is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.shift_times import ShiftTimes
from portal.models.shift import PublishedShift, Shift, ShiftTemplate
from portal.services import access, audit


@dataclass(frozen=True)
class TemplateFacts:
    """A template as planners see it."""

    id: UUID
    code: str
    name: str
    colour: str
    times: ShiftTimes
    used: bool = False

    @property
    def clock(self) -> str:
        """06:00–14:30."""
        return clock_times(self.times.starts_minute, self.times.ends_minute)

    @property
    def paid_minutes(self) -> int:
        """In a night without a clock change."""
        return self.times.ends_minute - self.times.starts_minute - self.times.break_minutes


def list_templates(uow: UnitOfWork) -> list[TemplateFacts]:
    """All of the company, by the time of day at which they begin."""
    query = select(ShiftTemplate).order_by(ShiftTemplate.starts_minute, ShiftTemplate.code)
    return [facts_of(template) for template in uow.session.scalars(query)]


def list_with_use(uow: UnitOfWork) -> list[TemplateFacts]:
    """The same, and whether any shift was made from each."""
    query = select(ShiftTemplate, _used()).order_by(ShiftTemplate.starts_minute, ShiftTemplate.code)
    return [facts_of(template, used=used) for template, used in uow.session.execute(query)]


def get_template(uow: UnitOfWork, template_id: UUID) -> TemplateFacts:
    query = select(ShiftTemplate, _used()).where(ShiftTemplate.id == template_id)
    found = uow.session.execute(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return facts_of(found[0], used=found[1])


def create(uow: UnitOfWork, *, code: str, name: str, colour: str, times: ShiftTimes) -> ShiftTemplate:
    _refuse_taken(uow, code)
    template = ShiftTemplate(
        code=code,
        name=name,
        colour=colour,
        starts_minute=times.starts_minute,
        ends_minute=times.ends_minute,
        break_minutes=times.break_minutes,
    )
    uow.session.add(template)
    uow.session.flush()
    audit.record(uow, audit.Action.SHIFT_TEMPLATE_CREATED, subject=template)
    return template


def change(
    uow: UnitOfWork, template_id: UUID, *, code: str, name: str, colour: str, times: ShiftTimes
) -> ShiftTemplate:
    """Name, code and colour always; the times only while no shift was made from them."""
    # The lock keeps a shift from being made of it meanwhile: its reference would wait here.
    query = select(ShiftTemplate).where(ShiftTemplate.id == template_id).with_for_update()
    template = access.one_or_refuse(uow, query)
    if times != facts_of(template).times and get_template(uow, template_id).used:
        raise Refusal(Reason.SHIFT_TEMPLATE_IN_USE, field="starts")
    _refuse_taken(uow, code, but=template.id)
    template.code, template.name, template.colour = code, name, colour
    template.starts_minute, template.ends_minute = times.starts_minute, times.ends_minute
    template.break_minutes = times.break_minutes
    audit.record(uow, audit.Action.SHIFT_TEMPLATE_CHANGED, subject=template)
    return template


def facts_of(template: ShiftTemplate, *, used: bool = False) -> TemplateFacts:
    times = ShiftTimes(template.starts_minute, template.ends_minute, template.break_minutes)
    return TemplateFacts(template.id, template.code, template.name, template.colour, times, used)


def clock_times(starts_minute: int, ends_minute: int) -> str:
    """Two times of the clock, as every language here writes them: 22:00–06:30."""
    return "–".join(f"{minute // 60 % 24:02}:{minute % 60:02}" for minute in (starts_minute, ends_minute))


def _used() -> ColumnElement[bool]:
    drafted = select(Shift.id).where(Shift.shift_template_id == ShiftTemplate.id).exists()
    shared = select(PublishedShift.id).where(PublishedShift.shift_template_id == ShiftTemplate.id).exists()
    return or_(drafted, shared).label("used")


def _refuse_taken(uow: UnitOfWork, code: str, *, but: UUID | None = None) -> None:
    """Codes are told apart as the keyboard types them: e and E are the same key."""
    same = select(ShiftTemplate.id).where(func.lower(ShiftTemplate.code) == code.lower())
    if set(uow.session.scalars(same)) - {but}:
        raise Refusal(Reason.SHIFT_TEMPLATE_CODE_TAKEN, field="code")

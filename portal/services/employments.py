"""The dated terms of a person's work: begun on a day, changed from a day on, ended, resumed. Never overwritten."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select

from portal.db import UnitOfWork
from portal.domain.periods import DAY_MINUTES
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import WorkingPattern
from portal.models.employee import Employment
from portal.services import audit
from portal.services.staffing import notice

_ONE_DAY = timedelta(days=1)
#: Forty hours, for people of whom nothing else is said.
FULL_TIME = WorkingPattern.spread(40 * 60)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed: when work is scheduled, and where."""

    pattern: WorkingPattern
    site_id: UUID | None
    #: Whether the published roster decides what a day costs.
    by_roster: bool = False

    def agrees_with(self, row: Employment) -> bool:
        return _of(row) == self


def list_of(uow: UnitOfWork, employee_id: UUID) -> list[Employment]:
    """All segments of a person, the first one first."""
    return list(
        uow.session.scalars(
            select(Employment).where(Employment.employee_id == employee_id).order_by(Employment.start_date)
        )
    )


def lists_of(uow: UnitOfWork, employee_ids: Collection[UUID]) -> dict[UUID, list[Employment]]:
    """The same of many people in one statement; nobody is missing, though some lists may be empty."""
    found: dict[UUID, list[Employment]] = {one: [] for one in employee_ids}
    wanted = literal(list(found), ARRAY(Uuid))
    query = select(Employment).where(Employment.employee_id == any_(wanted)).order_by(Employment.start_date)
    for row in uow.session.scalars(query):
        found[row.employee_id].append(row)
    return found


def begin(
    uow: UnitOfWork, employee_id: UUID, terms: Terms, start_date: date, *, opens_period: bool = False
) -> None:
    """A new segment without an end. The database refuses one that overlaps another."""
    row = segment(employee_id, terms, start_date)
    row.opens_period = opens_period
    _add(uow, row)


def change_from(uow: UnitOfWork, employee_id: UUID, terms: Terms, day: date) -> bool:
    """Other terms from `day` until the segment of that day ends; says whether anything changed."""
    segments = list_of(uow, employee_id)
    changed, added = change_segments(segments, employee_id, terms, day)
    _record(uow, *(one for one in segments if uow.session.is_modified(one)))
    if added is not None:
        uow.session.flush()  # the old segment ends before the new one may begin
        _add(uow, added)
    return changed


def change_segments(
    segments: list[Employment], employee_id: UUID, terms: Terms, day: date
) -> tuple[bool, Employment | None]:
    """Ends what must end; says whether anything changes, and the segment to add once that is flushed.

    Somebody who has yet to start begins with the new terms; somebody whose employment is over begins anew.
    """
    current = _segment_on(segments, day)
    if current is None:
        return True, segment(employee_id, terms, day)
    if terms.agrees_with(current):
        return False, None
    day = max(day, segments[0].start_date)
    if current.start_date == day:
        current.site_id = terms.site_id
        current.working_pattern, current.by_roster = terms.pattern, terms.by_roster
        return True, None
    until = current.end_date
    current.end_date = day - _ONE_DAY
    return True, segment(employee_id, terms, day, until)


def end_after(uow: UnitOfWork, employee_id: UUID, last_day: date) -> None:
    """Nothing agreed holds after `last_day`; what was to begin later shrinks to its first day."""
    for segment in list_of(uow, employee_id):
        if segment.end_date is None or segment.end_date > last_day:
            segment.end_date = max(last_day, segment.start_date)
            _record(uow, segment)


def resume(uow: UnitOfWork, employee_id: UUID, day: date) -> None:
    """Employed again from `day` on the last terms; an end on `day` itself or later is simply taken back."""
    segments = list_of(uow, employee_id)
    if not segments:
        return
    last = segments[-1]
    if last.end_date is None:
        return
    if last.end_date >= day - _ONE_DAY:
        last.end_date = None
        _record(uow, last)
        return
    begin(uow, employee_id, _of(last), day)


def first_day(segments: list[Employment]) -> date | None:
    """The day on which the person began to work here."""
    return segments[0].start_date if segments else None


def terms_at(segments: list[Employment], day: date) -> Terms:
    """What holds on `day`, or last held; a full week for somebody without any employment."""
    current = _segment_on(segments, day) or (segments[-1] if segments else None)
    return _of(current) if current else Terms(FULL_TIME, None)


def rescaled(pattern: WorkingPattern, weekly_minutes: int) -> WorkingPattern:
    """The same days with more or fewer hours on average; evenly over Monday to Friday where that cannot be."""
    if pattern.weekly_minutes == weekly_minutes:
        return pattern
    if pattern.agreed_days is not None:
        fixed = rescaled(replace(pattern, agreed_days=None), weekly_minutes)
        return fixed.agreeing(min(pattern.agreed_days, fixed.possible_days))
    if not pattern.weekly_minutes:
        return WorkingPattern.spread(weekly_minutes)
    now, wanted = sum(pattern.days), weekly_minutes * len(pattern.weeks)
    minutes = [one * wanted // now for one in pattern.days]
    left = wanted - sum(minutes)
    for day in [place for place, one in enumerate(pattern.days) if one][:left]:
        minutes[day] += 1
    if max(minutes) > DAY_MINUTES:
        return WorkingPattern.spread(weekly_minutes)
    return WorkingPattern.taking_turns(minutes, pattern.begins)


def check_day(segments: list[Employment], day: date) -> None:
    """Refuses a day before the person began."""
    began = first_day(segments)
    if began is not None and day < began:
        raise Refusal(Reason.NO_EMPLOYMENT, field="terms_from", date=day)


def _add(uow: UnitOfWork, row: Employment) -> None:
    uow.session.add(row)
    _record(uow, row)


def _record(uow: UnitOfWork, *rows: Employment) -> None:
    if rows:
        notice.ask(uow)
    for row in rows:
        audit.record(uow, audit.Action.EMPLOYMENT_CHANGED, subject=row, employee=str(row.employee_id))


def _segment_on(segments: list[Employment], day: date) -> Employment | None:
    """The segment of that day, or the first one when everything lies ahead."""
    if segments and segments[0].start_date > day:
        return segments[0]
    begun = [one for one in segments if one.start_date <= day]
    return next((one for one in begun if one.end_date is None or day <= one.end_date), None)


def segment(employee_id: UUID, terms: Terms, start_date: date, end_date: date | None = None) -> Employment:
    """The row that holds these terms."""
    row = Employment(employee_id=employee_id, site_id=terms.site_id, start_date=start_date, end_date=end_date)
    row.working_pattern, row.by_roster = terms.pattern, terms.by_roster
    return row


def _of(row: Employment) -> Terms:
    return Terms(row.working_pattern, row.site_id, bool(row.by_roster))

"""Who leads whom, from when until when. A change is dated; what was, stays; and nobody is ever above themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, literal, or_, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain import line_managers
from portal.domain.line_managers import Span
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.line_management import LineManagement
from portal.services import audit
from portal.services.company_lock import lock_company
from portal.services.name_order import by_name

_ONE_DAY = timedelta(days=1)
_MOST_SUGGESTIONS = 200


@dataclass
class Change:
    """Rows of one person that go, that are different, and that come; written together by `write`."""

    gone: list[LineManagement] = field(default_factory=list)
    #: With the day on which they end now.
    different: list[tuple[LineManagement, date | None]] = field(default_factory=list)
    added: list[LineManagement] = field(default_factory=list)

    @property
    def rows(self) -> list[LineManagement]:
        return [*self.gone, *(row for row, _ in self.different), *self.added]


def holds(link: Any, day: date) -> ColumnElement[bool]:
    """The condition that a row of LineManagement holds on that day."""
    return and_(link.start_date <= day, or_(link.end_date.is_(None), link.end_date >= day))


def leads(link: Any, employee_id: Any, day: date) -> ColumnElement[bool]:
    """The condition by which the row is joined that says who leads this person on that day: one at most."""
    return and_(link.employee_id == employee_id, holds(link, day))


def find(uow: UnitOfWork, email: str) -> UUID | None:
    """The person with this address; nobody for none, and refused when unknown."""
    email = email.strip().lower()
    if not email:
        return None
    manager_id = uow.session.scalar(select(Employee.id).where(Employee.email == email))
    if manager_id is None:
        raise Refusal(Reason.MANAGER_UNKNOWN, field="line_manager_email")
    return manager_id


def begin(uow: UnitOfWork, employee_id: UUID, manager_id: UUID | None, start_date: date) -> None:
    """Somebody new is led from today on, though they start later: their first day wants preparing."""
    rows = beginning(employee_id, manager_id, min(start_date, uow.today()))
    write(uow, [Change(added=rows)])
    _record(uow, rows)


def beginning(employee_id: UUID, manager_id: UUID | None, day: date) -> list[LineManagement]:
    """The row, if any, by which somebody new is led."""
    if manager_id is None:
        return []
    return [LineManagement(employee_id=employee_id, manager_id=manager_id, start_date=day)]


def change_from(uow: UnitOfWork, employee_id: UUID, manager_id: UUID | None, day: date) -> bool:
    """Another manager (or nobody) from `day` until the next change that is planned; says whether anything changes."""
    rows = rows_of(uow, [employee_id])[employee_id]
    if line_managers.manager_on(_spans(rows), day) == manager_id:
        return False
    if manager_id is not None:
        _refuse_circle(uow, employee_id, manager_id, day, _spans(rows))
    change = planned(rows, employee_id, manager_id, day, uow.today())
    write(uow, [change])
    _record(uow, change.rows)
    return True


def planned(
    rows: Sequence[LineManagement], employee_id: UUID, manager_id: UUID | None, day: date, today: date
) -> Change:
    """What the change does to a person's rows. Nothing is written yet."""
    wanted = {
        (one.manager_id, one.start): one
        for one in line_managers.changed(_spans(rows), manager_id, day, today)
    }
    change = Change()
    for row in rows:
        span = wanted.pop((row.manager_id, row.start_date), None)
        if span is None:
            change.gone.append(row)
        elif span.end != row.end_date:
            change.different.append((row, span.end))
    change.added = [
        LineManagement(
            employee_id=employee_id, manager_id=one.manager_id, start_date=one.start, end_date=one.end
        )
        for one in wanted.values()
    ]
    return change


def write(uow: UnitOfWork, changes: Sequence[Change]) -> None:
    """What goes makes room first: the database refuses two managers on one day."""
    for change in changes:
        for row in change.gone:
            uow.session.delete(row)
    uow.session.flush()
    for change in changes:
        for row, end in change.different:
            row.end_date = end
    uow.session.flush()
    uow.session.add_all(row for change in changes for row in change.added)
    uow.session.flush()


def end_after(uow: UnitOfWork, employee_ids: Collection[UUID], last_day: date) -> list[LineManagement]:
    """Led by nobody after `last_day`; says which rows end. Whom these people lead keeps them, until HR decides."""
    ended = [
        row
        for rows in rows_of(uow, employee_ids).values()
        for row in rows
        if row.end_date is None or row.end_date > last_day
    ]
    for row in ended:
        row.end_date = max(last_day, row.start_date)
    return ended


def leave(uow: UnitOfWork, employee_id: UUID, last_day: date) -> None:
    """As `end_after` of one person, told in the log."""
    _record(uow, end_after(uow, [employee_id], last_day))


def resume(uow: UnitOfWork, employee_id: UUID, day: date) -> None:
    """Led again by whoever led them last, if that closes no circle by now."""
    rows = rows_of(uow, [employee_id])[employee_id]
    last = rows[-1] if rows else None
    if last is None or last.end_date is None:
        return
    lock_company(uow)
    if line_managers.closing(_above(uow, last.manager_id, day), last.manager_id, {employee_id: None}, day):
        return
    if last.end_date >= day - _ONE_DAY:
        last.end_date = None
        _record(uow, [last])
    else:
        begin(uow, employee_id, last.manager_id, day)


def rows_of(uow: UnitOfWork, employee_ids: Collection[UUID]) -> defaultdict[UUID, list[LineManagement]]:
    """All rows of each of these people, the first one first."""
    found: defaultdict[UUID, list[LineManagement]] = defaultdict(list)
    query = select(LineManagement).where(
        LineManagement.employee_id == any_(literal(list(employee_ids), ARRAY(Uuid)))
    )
    for row in uow.session.scalars(query.order_by(LineManagement.start_date)):
        found[row.employee_id].append(row)
    return found


def everybody_from(uow: UnitOfWork, day: date) -> dict[UUID, list[Span]]:
    """Who leads everybody on `day` and later."""
    return _by_person(
        uow.session.execute(select(*_COLUMNS).where(_not_over(LineManagement, day)).order_by(_COLUMNS[2]))
    )


def refuse_circles(uow: UnitOfWork) -> None:
    """For whoever has written the managers of many people: on no day to come may anybody be above themselves."""
    if line_managers.circles(everybody_from(uow, uow.today()), uow.today()):
        raise Refusal(Reason.MANAGER_CYCLE, field="line_manager_email")


def suggestions(uow: UnitOfWork) -> list[tuple[str, str]]:
    """People who lead somebody already, as (e-mail, name); anybody else can be typed."""
    leading = select(LineManagement.manager_id).where(_not_over(LineManagement, uow.today()))
    rows = uow.session.execute(
        select(Employee.email, Employee.first_name, Employee.last_name)
        .where(Employee.active, Employee.id.in_(leading))
        .order_by(*by_name(uow))
        .limit(_MOST_SUGGESTIONS)
    )
    return [(row.email, f"{row.first_name} {row.last_name}") for row in rows]


def _refuse_circle(
    uow: UnitOfWork, employee_id: UUID, manager_id: UUID, day: date, spans: Sequence[Span]
) -> None:
    lock_company(uow)  # two changes at once could close a circle that neither sees
    until = line_managers.last_day_of_change(spans, day, uow.today())
    if line_managers.closing(_above(uow, manager_id, day), manager_id, {employee_id: until}, day):
        raise Refusal(Reason.MANAGER_CYCLE, field="line_manager_email")


def _above(uow: UnitOfWork, employee_id: UUID, day: date) -> Mapping[UUID, Sequence[Span]]:
    """Who leads the person, whoever leads those, and so on, on `day` or later; in one query."""
    from_day = _not_over(LineManagement, day)
    chain = (
        select(*_COLUMNS)
        .where(LineManagement.employee_id == employee_id, from_day)
        .cte("chain", recursive=True)
    )
    link = aliased(LineManagement)
    chain = chain.union(
        select(link.employee_id, link.manager_id, link.start_date, link.end_date).join(
            chain, and_(link.employee_id == chain.c.manager_id, _not_over(link, day))
        )
    )
    return _by_person(uow.session.execute(select(chain)))


def _not_over(link: Any, day: date) -> ColumnElement[bool]:
    return or_(link.end_date.is_(None), link.end_date >= day)


def _by_person(rows: Iterable[Any]) -> dict[UUID, list[Span]]:
    found: dict[UUID, list[Span]] = {}
    for employee_id, manager_id, start, end in rows:
        found.setdefault(employee_id, []).append(Span(manager_id, start, end))
    return found


def _spans(rows: Sequence[LineManagement]) -> list[Span]:
    return [Span(row.manager_id, row.start_date, row.end_date) for row in rows]


def _record(uow: UnitOfWork, rows: Iterable[LineManagement]) -> None:
    for row in rows:
        audit.record(
            uow,
            audit.Action.LINE_MANAGER_CHANGED,
            subject=row,
            employee=str(row.employee_id),
            manager=str(row.manager_id),
        )


_COLUMNS = (
    LineManagement.employee_id,
    LineManagement.manager_id,
    LineManagement.start_date,
    LineManagement.end_date,
)

"""What waits for the actor's decision, with all that one needs to know to decide it. Deciding is in absences.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, and_, func, or_, select, true, union_all
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.permissions import Permission
from portal.models.absence import Absence
from portal.models.employee import Employee
from portal.services import absence_cancellations, absence_sight, away, balances, overtime_lists
from portal.services.absence_cancellations import AskedCancellation
from portal.services.absence_lists import LINES, AbsenceLine, line_of
from portal.services.approvals import deputising, shown_routes, turns
from portal.services.approvals.deputising import Principal
from portal.services.approvals.shown_routes import ShownStep
from portal.services.away import AwayBeside
from portal.services.freed_shifts import holes
from portal.services.freed_shifts.holes import Hole
from portal.services.staffing import checks as staffing
from portal.services.staffing.checks import Breach
from portal.services.substitutes import reading
from portal.services.substitutes.reading import ShownSubstitute

PAGE_SIZE = 25
_NOBODY = AwayBeside()
_REPLACED = aliased(Absence)


@dataclass(frozen=True)
class WaitingRequest:
    """A request with what one needs to know to decide it."""

    line: AbsenceLine
    employee_id: UUID
    name: str
    own: bool
    #: None where the actor may not read reasons.
    note: str | None
    #: What is left of each year once this and everything else that waits is approved.
    left: dict[int, int]
    away: AwayBeside
    #: It is their turn; else it is listed for whoever may decide out of turn.
    its_turn: bool
    #: Empty: whoever's right reaches the person decides.
    route: list[ShownStep]
    #: The days that would break a rule of staffing.
    breaches: list[Breach]
    substitutes: list[ShownSubstitute]
    #: The published shifts that approving it would free.
    holes: list[Hole]
    #: What it costs more than the approved absence that it replaces; None: it replaces none.
    difference: int | None = None
    #: Time off may be planned from what a plan has not given yet.
    earns_ahead: bool = False
    #: Whoever rejects it has to say why.
    no_needs_note: bool = False


@dataclass(frozen=True)
class Waiting:
    """The oldest requests that wait, and how many there are in all."""

    requests: list[WaitingRequest]
    total: int
    #: Proposals of overtime that wait for the actor too.
    overtime: int = 0
    #: Approved time off that its owners ask to give up.
    cancellations: Sequence[AskedCancellation] = ()


def list_waiting(uow: UnitOfWork) -> Waiting:
    """What waits within the actor's reach, oldest first; the same few queries for one request and for many."""
    return _waiting(uow, None)


def find_waiting(uow: UnitOfWork, absence_id: UUID) -> WaitingRequest | None:
    """One of them; None: it does not wait, or not for the actor."""
    return next(iter(_waiting(uow, absence_id).requests), None)


def _waiting(uow: UnitOfWork, absence_id: UUID | None) -> Waiting:
    acting_for = deputising.principals(uow)
    oldest = _oldest(uow, acting_for, absence_id)
    overtime_waiting = overtime_lists.waiting_count(uow, acting_for)
    reads = or_(
        deputising.within(uow, acting_for, Permission.ABSENCE_VIEW_REASON), turns.asked(uow, acting_for)
    )
    reads = and_(reads, absence_sight.sees_opened(uow, Absence.employee_id))
    sees_kind = absence_sight.sees_opened(uow, Absence.employee_id).label("sees_kind")
    may_read, its_turn = reads.label("may_read"), turns.decides(uow, acting_for).label("its_turn")
    query = (
        LINES.add_columns(
            *(Employee.first_name, Employee.last_name, may_read, its_turn, sees_kind),
            *(oldest.c.total, staffing.any_rule(), shown_routes.column(), reading.column(uow)),
            *(_REPLACED.charge.label("replaced"), balances.earns_ahead().label("earns_ahead")),
            *(holes.column(uow), overtime_waiting),
        )
        .join(oldest, oldest.c.id == Absence.id)
        .join(Employee, Employee.id == Absence.employee_id)
        .outerjoin(_REPLACED, _REPLACED.id == Absence.replaces_id)
        .order_by(Absence.requested_at, Absence.start_date, Absence.id)
    )
    rows = uow.session.execute(query).all()
    if not rows:
        return Waiting([], 0, uow.session.scalars(select(overtime_waiting)).one())
    asked = [row for row in rows if row[0].status is AbsenceStatus.REQUESTED]
    cancellations = [_cancellation(uow, row) for row in rows if row[0].status is AbsenceStatus.APPROVED]
    requests = _requests(uow, asked) if asked else []
    total = asked[0].total if asked else 0
    return Waiting(
        requests, total, rows[0].overtime_waiting, sorted(cancellations, key=attrgetter("asked_at"))
    )


def _requests(uow: UnitOfWork, rows: Sequence[Any]) -> list[WaitingRequest]:
    """With what it takes to decide them."""
    absences = [row[0] for row in rows]
    left = _left_by_absence(uow, absences)
    beside = away.away_beside(uow, absences)
    breaches = staffing.of_waiting(uow, absences) if rows[0].any_staffing_rule else {}
    return [
        WaitingRequest(
            line=line_of(uow, *row[:4], may_approve=True, sees_kind=bool(row.sees_kind)),
            employee_id=row[0].employee_id,
            name=f"{row.first_name} {row.last_name}",
            own=row[0].employee_id == uow.actor.employee_id,
            note=row[0].note if row.may_read else None,
            left=left[row[0].id],
            away=beside.get(row[0].id, _NOBODY),
            its_turn=bool(row.its_turn),
            route=shown_routes.read(row.route),
            breaches=breaches.get(row[0].id, []),
            substitutes=reading.read(row.substitutes),
            holes=holes.read(row.holes),
            difference=None if row.replaced is None else row[0].charge - row.replaced,
            earns_ahead=bool(row.earns_ahead),
            no_needs_note=row[1].rejection_needs_note,
        )
        for row in rows
    ]


def _cancellation(uow: UnitOfWork, row: Any) -> AskedCancellation:
    absence = row[0]
    return AskedCancellation(
        line=line_of(uow, *row[:4], may_approve=True),
        name=f"{row.first_name} {row.last_name}",
        asked_at=absence.cancel_asked_at,
        note=absence.cancel_note if row.may_read else None,
        no_needs_note=row[1].rejection_needs_note,
    )


def _oldest(uow: UnitOfWork, acting_for: Sequence[Principal], absence_id: UUID | None) -> CTE:
    """What the page shows, found before anything is joined to it: of thousands, few are shown."""
    requests = (
        select(Absence.id, func.count().over().label("total"))
        .where(
            Absence.status == AbsenceStatus.REQUESTED,
            or_(turns.decides(uow, acting_for), turns.out_of_turn(uow)),
            true() if absence_id is None else Absence.id == absence_id,
        )
        .order_by(Absence.requested_at, Absence.start_date, Absence.id)
        .limit(PAGE_SIZE)
    )
    found = (
        requests
        if absence_id is not None
        else union_all(requests, absence_cancellations.waiting_ids(uow, acting_for))
    )
    # Once, whatever the database believes of its tables: asked anew for each row it would take minutes.
    return found.cte("oldest").prefix_with("MATERIALIZED")


def _left_by_absence(uow: UnitOfWork, absences: Iterable[Absence]) -> dict[UUID, dict[int, int]]:
    """For each request the rest of the years it touches, all waiting requests counted."""
    absences = list(absences)
    left = balances.left_by_year(uow, {absence.employee_id for absence in absences})
    return {
        absence.id: {
            year: left[key]
            for year in range(absence.start_date.year, absence.end_date.year + 1)
            if (key := (absence.employee_id, absence.absence_type_id, year)) in left
        }
        for absence in absences
    }

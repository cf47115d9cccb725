"""Takes shifts out of both copies of a roster when an absence counts, and puts them back when it is given up.

In the transaction of the decision, so that nobody stays published who is away. The roster gets a new version: who has
it open publishes nothing that they have not seen. A shift comes back only while nobody else was planned for it and
the person's time is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import Select, and_, delete, exists, or_, select, update

from portal.db import UnitOfWork
from portal.domain.absences import CLOSED, AbsenceStatus
from portal.domain.periods import Part
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.feed import WithdrawnShift
from portal.models.released_shift import ReleasedShift
from portal.models.roster import Roster
from portal.models.shift import PublishedShift, Shift
from portal.models.team import Site, Team, TeamMembership
from portal.services import audit, withdrawn_shifts
from portal.services.freed_shifts import letters
from portal.services.freed_shifts.holes import freed_by, same_planned


def free(uow: UnitOfWork, absence: Absence) -> None:
    """The caller holds the person's balance, the lock that planners wait for too."""
    uow.session.flush()
    rosters = _locked(uow, _freed_rosters(uow, absence))
    for roster in rosters:
        _free_in(uow, roster, absence)


def give_back(uow: UnitOfWork, absence: Absence) -> None:
    """What it had freed on the days that it does not cover any more."""
    uow.session.flush()
    covered = (
        select(AbsencePart.id)
        .where(
            AbsencePart.absence_id == ReleasedShift.absence_id,
            AbsencePart.date == ReleasedShift.date,
            AbsencePart.live,
        )
        .exists()
    )
    gone = ReleasedShift.absence_id == absence.id, ReleasedShift.settled_at.is_(None)
    query = select(ReleasedShift).where(*gone, ReleasedShift.date >= uow.today())
    if absence.status not in CLOSED:
        query = query.where(~covered)
    rows = uow.session.scalars(query.order_by(ReleasedShift.during)).all()
    for roster in _locked(uow, {row.roster_id for row in rows}):
        _give_back_in(uow, roster, absence, [row for row in rows if row.roster_id == roster.id])


def carry_over(uow: UnitOfWork, old: Absence, new: Absence) -> None:
    """What the old one had freed is the new one's, which gives back what it does not cover."""
    uow.session.execute(
        update(ReleasedShift).where(ReleasedShift.absence_id == old.id).values(absence_id=new.id)
    )
    give_back(uow, new)


def free_group(uow: UnitOfWork, entry_id: UUID) -> None:
    """Of an absence that was entered for many at once: those of whom somebody was to work."""
    for absence in uow.session.scalars(_of_group(entry_id, PublishedShift)).all():
        free(uow, absence)


def give_back_group(uow: UnitOfWork, entry_id: UUID) -> None:
    query = _of_group(entry_id, ReleasedShift).execution_options(populate_existing=True)
    for absence in uow.session.scalars(query).all():
        give_back(uow, absence)


def _of_group(entry_id: UUID, shift: type[PublishedShift] | type[ReleasedShift]) -> Select[Absence]:
    theirs = exists().where(
        shift.employee_id == Absence.employee_id,
        shift.date.between(Absence.start_date, Absence.end_date),
    )
    return select(Absence).where(Absence.group_entry_id == entry_id, theirs).order_by(Absence.id)


def _freed_rosters(uow: UnitOfWork, absence: Absence) -> set[UUID]:
    query = (
        select(PublishedShift.roster_id)
        .join(Roster, Roster.id == PublishedShift.roster_id)
        .join(Team, Team.id == Roster.team_id)
        .outerjoin(Site, Site.id == Team.site_id)
        .where(
            PublishedShift.employee_id == absence.employee_id,
            ~exists().where(AbsenceType.id == absence.absence_type_id, AbsenceType.at_work),
            freed_by(uow, absence.id),
        )
    )
    return set(uow.session.scalars(query))


def _locked(uow: UnitOfWork, ids: set[UUID]) -> Sequence[Roster]:
    """Publishing waits here, or is waited for; always in the same order."""
    if not ids:
        return []
    query = select(Roster).where(Roster.id.in_(ids)).order_by(Roster.id).with_for_update(key_share=True)
    return uow.session.scalars(query.execution_options(populate_existing=True)).all()


def _free_in(uow: UnitOfWork, roster: Roster, absence: Absence) -> None:
    """Read again under the lock: who published meanwhile may have taken some of them away."""
    query = (
        select(PublishedShift)
        .join(Roster, Roster.id == PublishedShift.roster_id)
        .join(Team, Team.id == Roster.team_id)
        .outerjoin(Site, Site.id == Team.site_id)
        .where(
            PublishedShift.roster_id == roster.id,
            PublishedShift.employee_id == absence.employee_id,
            freed_by(uow, absence.id),
        )
        .order_by(PublishedShift.during)
    )
    shifts = uow.session.scalars(query).all()
    if not shifts:
        return
    ids = [one.id for one in shifts]
    same = and_(Shift.id.in_(ids), Shift.employee_id == absence.employee_id)
    uow.session.execute(delete(Shift).where(same).execution_options(synchronize_session="fetch"))
    roster.version += 1
    withdrawn_shifts.note(uow, roster.id, ids, version=roster.version)
    rows = [_row(absence, one) for one in shifts]
    uow.session.execute(
        delete(PublishedShift)
        .where(PublishedShift.id.in_(ids))
        .execution_options(synchronize_session="fetch")
    )
    uow.session.add_all(rows)
    uow.session.flush()
    planned = select(ReleasedShift.id, same_planned(ReleasedShift))
    counted = uow.session.execute(planned.where(ReleasedShift.id.in_([row.id for row in rows])))
    beside = {row_id: count for row_id, count in counted}  # noqa: C416 - rows are no pairs to the type checker
    for row in rows:
        row.beside = beside[row.id]
    person = str(absence.employee_id)
    audit.record(uow, audit.Action.ROSTER_SHIFTS_FREED, subject=roster, employee=person, count=len(rows))
    letters.tell_planners(uow, roster, absence.employee_id, rows, letters.FREED)


def _row(absence: Absence, shift: PublishedShift) -> ReleasedShift:
    return ReleasedShift(
        id=uuid4(),
        shift_id=shift.id,
        absence_id=absence.id,
        roster_id=shift.roster_id,
        employee_id=shift.employee_id,
        shift_template_id=shift.shift_template_id,
        date=shift.date,
        during=shift.during,
        paid_minutes=shift.paid_minutes,
        beside=0,
    )


def _give_back_in(uow: UnitOfWork, roster: Roster, absence: Absence, rows: Sequence[ReleasedShift]) -> None:
    free = set(uow.session.scalars(_still_free(roster, [row.id for row in rows])))
    back = [row for row in rows if row.id in free]
    now = uow.clock.now()
    for row in rows:
        row.settled_at, row.returned = now, row.id in free
    if back:
        roster.version += 1
        for row in back:
            _put_back(uow, row, version=roster.version)
        uow.session.flush()
        person = str(absence.employee_id)
        audit.record(
            uow, audit.Action.ROSTER_SHIFTS_RETURNED, subject=roster, employee=person, count=len(back)
        )
        letters.tell_planners(uow, roster, absence.employee_id, back, letters.RETURNED)
        letters.tell_person(uow, roster, absence.employee_id, back)
    taken = [row for row in rows if row.id not in free]
    if taken:
        letters.tell_planners(uow, roster, absence.employee_id, taken, letters.TAKEN)


def _still_free(roster: Roster, ids: list[UUID]) -> Select[UUID]:
    """Nobody else was planned for it; the person is in the team, works on no other shift, and is not away otherwise."""
    row = ReleasedShift
    busy = [
        exists().where(copy.employee_id == row.employee_id, copy.during.overlaps(row.during))
        for copy in (Shift, PublishedShift)
    ]
    away = exists().where(
        AbsencePart.employee_id == row.employee_id,
        AbsencePart.date == row.date,
        AbsencePart.part == Part.FULL,
        AbsencePart.live,
        Absence.id == AbsencePart.absence_id,
        Absence.status == AbsenceStatus.APPROVED,
    )
    member = exists().where(
        TeamMembership.employee_id == row.employee_id,
        TeamMembership.team_id == roster.team_id,
        TeamMembership.start_date <= row.date,
        or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= row.date),
        Employee.id == row.employee_id,
        Employee.active,
    )
    unplanned = same_planned(row) <= row.beside
    return select(row.id).where(row.id.in_(ids), unplanned, member, ~away, *(~one for one in busy))


def _put_back(uow: UnitOfWork, row: ReleasedShift, *, version: int) -> None:
    """With its old id, so that calendars take the cancellation back."""
    facts = {
        "id": row.shift_id,
        "roster_id": row.roster_id,
        "employee_id": row.employee_id,
        "shift_template_id": row.shift_template_id,
        "date": row.date,
        "during": row.during,
        "paid_minutes": row.paid_minutes,
    }
    uow.session.add(Shift(**facts))
    uow.session.add(PublishedShift(**facts, shared_version=version))
    uow.session.execute(
        delete(WithdrawnShift).where(
            WithdrawnShift.shift_id == row.shift_id, WithdrawnShift.employee_id == row.employee_id
        )
    )

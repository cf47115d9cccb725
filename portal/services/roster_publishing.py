"""Publishing a roster: what it would change for whom, and doing it in one step for everybody.

Only what differs is read and written; the shared copy is afterwards the draft as the planner has seen it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.local_time import elapsed_minutes
from portal.domain.refusals import Reason, Refusal
from portal.domain.rosters import RosterChanges, ShiftFacts, changes
from portal.domain.shift_times import ShiftMoments
from portal.models.employee import Employee
from portal.models.roster import Roster
from portal.models.shift import PublishedShift, Shift, ShiftTemplate
from portal.models.team import Site, Team
from portal.services import audit, roster_letters
from portal.services.name_order import by_name
from portal.services.rosters import RosterFacts, get_roster, same_shift
from portal.services.shift_rules import EXCLUSION_VIOLATED, as_moments, local_times


@dataclass(frozen=True)
class PersonChanges:
    """What publishing means for one person."""

    employee: Employee
    changes: RosterChanges

    @property
    def name(self) -> str:
        return self.employee.name


@dataclass(frozen=True)
class Publication:
    """Everything that publishing would change now. `seen` names exactly this state."""

    facts: RosterFacts
    people: list[PersonChanges]
    seen: str

    @property
    def counts(self) -> dict[str, int]:
        return {
            "added": sum(len(one.changes.added) for one in self.people),
            "removed": sum(len(one.changes.removed) for one in self.people),
            "changed": sum(len(one.changes.changed) for one in self.people),
        }


@dataclass(frozen=True)
class _Difference:
    """The drafted shifts that are not published as they are, and the published ones they replace."""

    draft: list[tuple[Shift, str]]
    published: list[tuple[PublishedShift, str]]


def preview(uow: UnitOfWork, roster_id: UUID) -> Publication:
    """What publishing would change."""
    facts = _to_publish(uow, roster_id)
    return _publication(uow, facts, _difference(uow, facts))


def publish(uow: UnitOfWork, roster_id: UUID, *, version: int, seen: str) -> Publication:
    """Makes the draft what everybody sees, and writes to whom it changes something for.

    One planner at a time: who waited for the lock finds a version they have not seen (T158).
    """
    facts = _to_publish(uow, roster_id)
    locked = select(Roster).where(Roster.id == facts.id).with_for_update(key_share=True)
    roster = uow.session.scalars(locked.execution_options(populate_existing=True)).one()
    difference = _difference(uow, facts)
    publication = _publication(uow, facts, difference)
    if roster.version != version or publication.seen != seen:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    if not publication.people:
        raise Refusal(Reason.ROSTER_UNCHANGED)
    _refuse_overlaps(uow, facts)
    _share(uow, difference)
    roster.version += 1
    roster.published_at, roster.published_by_id = uow.clock.now(), uow.actor.employee_id
    audit.record(
        uow,
        audit.Action.ROSTER_PUBLISHED,
        subject=roster,
        people=len(publication.people),
        **publication.counts,
    )
    for one in publication.people:
        roster_letters.tell_of_changes(uow, facts, one.employee, one.changes)
    return publication


def _to_publish(uow: UnitOfWork, roster_id: UUID) -> RosterFacts:
    facts = get_roster(uow, roster_id)
    if not (facts.may_publish and facts.may_edit):
        raise Refusal(Reason.NOT_PERMITTED)
    return facts


def _difference(uow: UnitOfWork, facts: RosterFacts) -> _Difference:
    """Two queries over the ids of both copies."""
    shared, kept, draft = aliased(PublishedShift), aliased(PublishedShift), aliased(Shift)
    new: Select[Shift, str] = (
        select(Shift, ShiftTemplate.code)
        .join(ShiftTemplate, ShiftTemplate.id == Shift.shift_template_id)
        .outerjoin(shared, same_shift(Shift, shared))
        .where(Shift.roster_id == facts.id, shared.id.is_(None))
        .order_by(Shift.id)
    )
    same = select(kept.id).join(draft, same_shift(draft, kept)).where(kept.roster_id == facts.id)
    old: Select[PublishedShift, str] = (
        select(PublishedShift, ShiftTemplate.code)
        .join(ShiftTemplate, ShiftTemplate.id == PublishedShift.shift_template_id)
        .where(PublishedShift.roster_id == facts.id, PublishedShift.id.not_in(same))
        .order_by(PublishedShift.id)
    )
    return _Difference(
        [(shift, code) for shift, code in uow.session.execute(new)],
        [(shift, code) for shift, code in uow.session.execute(old)],
    )


def _publication(uow: UnitOfWork, facts: RosterFacts, difference: _Difference) -> Publication:
    now, was = _facts(difference.draft), _facts(difference.published)
    found = changes(now, was)
    people = select(Employee).where(Employee.id.in_(found)).order_by(*by_name(uow))
    return Publication(
        facts=facts,
        people=[PersonChanges(one, found[one.id]) for one in uow.session.scalars(people)],
        seen=hashlib.sha256(repr((was, now)).encode()).hexdigest(),
    )


def _facts(rows: Iterable[tuple[Shift | PublishedShift, str]]) -> list[ShiftFacts]:
    return [
        ShiftFacts(
            shift.id,
            shift.employee_id,
            shift.date,
            _moments(shift),
            code,
        )
        for shift, code in rows
    ]


def _moments(shift: Shift | PublishedShift) -> ShiftMoments:
    """As the row keeps them: what is not paid of its length is the break."""
    start_at, end_at = as_moments(shift.during)
    return ShiftMoments(start_at, end_at, elapsed_minutes(start_at, end_at) - shift.paid_minutes)


def _share(uow: UnitOfWork, difference: _Difference) -> None:
    """Removes first: a person may take over the time that another gives up."""
    gone = [shift.id for shift, _ in difference.published]
    uow.session.execute(delete(PublishedShift).where(PublishedShift.id.in_(gone)))
    columns = ("id", "roster_id", "employee_id", "shift_template_id", "date", "during", "paid_minutes")
    copies = [
        PublishedShift(**{name: getattr(shift, name) for name in columns}) for shift, _ in difference.draft
    ]
    try:
        with uow.session.begin_nested():
            uow.session.add_all(copies)
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != EXCLUSION_VIOLATED:
            raise
        raise Refusal(Reason.CHANGED_MEANWHILE) from None


def _refuse_overlaps(uow: UnitOfWork, facts: RosterFacts) -> None:
    """Somebody who is lent out is still published elsewhere at that time: that roster has to be published first."""
    other = aliased(PublishedShift)
    query = (
        select(other, ShiftTemplate.code, Team.name, Site.time_zone, Employee)
        .select_from(Shift)
        .join(
            other,
            and_(
                other.employee_id == Shift.employee_id,
                other.roster_id != Shift.roster_id,
                other.date.between(Shift.date - 1, Shift.date + 1),
                other.during.overlaps(Shift.during),
            ),
        )
        .join(ShiftTemplate, ShiftTemplate.id == other.shift_template_id)
        .join(Roster, Roster.id == other.roster_id)
        .join(Team, Team.id == Roster.team_id)
        .outerjoin(Site, Site.id == Team.site_id)
        .join(Employee, Employee.id == other.employee_id)
        .where(Shift.roster_id == facts.id)
        .order_by(other.date)
        .limit(1)
    )
    found = uow.session.execute(query).one_or_none()
    if found is None:
        return
    shift, code, team, time_zone, employee = found
    raise Refusal(
        Reason.SHIFT_OVERLAPS_PUBLISHED,
        name=employee.name,
        code=code,
        date=shift.date,
        times=local_times(as_moments(shift.during), ZoneInfo(time_zone or uow.company.time_zone)),
        team=team,
    )

"""Publishing a roster: what it would change for whom, and doing it in one step for everybody.

Only what differs is read and written; the shared copy is afterwards the draft as the planner has seen it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, delete, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.local_time import elapsed_minutes
from portal.domain.months import Month
from portal.domain.refusals import Reason, Refusal
from portal.domain.rosters import RosterChanges, ShiftFacts, changes
from portal.domain.shift_times import ShiftMoments
from portal.models.employee import Employee
from portal.models.roster import Roster
from portal.models.shift import PublishedShift, Shift, ShiftTemplate
from portal.models.team import Site, Team
from portal.services import (
    audit,
    roster_charges,
    roster_letters,
    roster_overtime,
    roster_prices,
    withdrawn_shifts,
)
from portal.services.name_order import by_name
from portal.services.roster_prices import RepricedLeave
from portal.services.rosters import RosterFacts, get_roster, same_shift
from portal.services.shift_rules import EXCLUSION_VIOLATED, as_moments, local_times
from portal.services.staffing import notice


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
    #: Leave that would cost something else, where that was asked for.
    repriced: list[RepricedLeave] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "added": sum(len(one.changes.added) for one in self.people),
            "removed": sum(len(one.changes.removed) for one in self.people),
            "changed": sum(len(one.changes.changed) for one in self.people),
        }


@dataclass(frozen=True)
class _Difference:
    """The drafted shifts that are not published as they are, and the published ones that they replace."""

    draft: list[ShiftFacts]
    published: list[ShiftFacts]


def preview(uow: UnitOfWork, roster_id: UUID) -> Publication:
    """What publishing would change."""
    facts = _to_publish(uow, roster_id)
    found = _publication(uow, facts, _difference(uow, facts))
    return replace(found, repriced=roster_prices.ahead(uow, facts)) if found.people else found


def publish(uow: UnitOfWork, roster_id: UUID, *, version: int, seen: str) -> Publication:
    """Makes the draft what everybody sees, and writes to whom it changes something for.

    One planner at a time: who waited for the lock finds a version they have not seen (T158).
    """
    facts = _to_publish(uow, roster_id)
    by_roster = roster_charges.hold(uow, facts)
    locked = select(Roster).where(Roster.id == facts.id).with_for_update(key_share=True)
    roster = uow.session.scalars(locked.execution_options(populate_existing=True)).one()
    difference = _difference(uow, facts)
    publication = _publication(uow, facts, difference)
    if roster.version != version or publication.seen != seen:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    if not publication.people:
        raise Refusal(Reason.ROSTER_UNCHANGED)
    _refuse_overlaps(uow, facts)
    roster.version += 1
    _share(uow, facts, difference, version=roster.version)
    roster.published_at, roster.published_by_id = uow.clock.now(), uow.actor.employee_id
    roster_charges.true_up(uow, facts, by_roster)
    roster_overtime.follow_roster(uow, by_roster, Month.of(facts.start_date))
    audit.record(
        uow,
        audit.Action.ROSTER_PUBLISHED,
        subject=roster,
        people=len(publication.people),
        **publication.counts,
    )
    notice.ask(uow)
    freed = roster_charges.freed(uow, [one.shift_id for one in difference.draft]) if by_roster else set()
    for one in publication.people:
        told = replace(one.changes, added=tuple(s for s in one.changes.added if s.shift_id not in freed))
        if told != RosterChanges():
            roster_letters.tell_of_changes(uow, facts, one.employee, told)
    return publication


def _to_publish(uow: UnitOfWork, roster_id: UUID) -> RosterFacts:
    facts = get_roster(uow, roster_id)
    if not (facts.may_publish and facts.may_edit):
        raise Refusal(Reason.NOT_PERMITTED)
    return facts


def _difference(uow: UnitOfWork, facts: RosterFacts) -> _Difference:
    """Two queries over the ids of both copies."""
    shared, kept, draft = aliased(PublishedShift), aliased(PublishedShift), aliased(Shift)
    new = (
        _columns(Shift)
        .outerjoin(shared, same_shift(Shift, shared))
        .where(Shift.roster_id == facts.id, shared.id.is_(None))
    )
    same = select(kept.id).join(draft, same_shift(draft, kept)).where(kept.roster_id == facts.id)
    old = _columns(PublishedShift).where(PublishedShift.roster_id == facts.id, PublishedShift.id.not_in(same))
    return _Difference(_facts(uow, new), _facts(uow, old))


def _columns(copy: type[Shift] | type[PublishedShift]) -> Select[Any]:
    return (
        select(
            copy.id,
            copy.employee_id,
            copy.date,
            func.lower(copy.during),
            func.upper(copy.during),
            copy.paid_minutes,
            ShiftTemplate.code,
        )
        .join(ShiftTemplate, ShiftTemplate.id == copy.shift_template_id)
        .order_by(copy.id)
    )


def _facts(uow: UnitOfWork, query: Select[Any]) -> list[ShiftFacts]:
    """What is not paid of a shift's length is its break."""
    return [
        ShiftFacts(
            shift_id,
            employee_id,
            day,
            ShiftMoments(start_at, end_at, elapsed_minutes(start_at, end_at) - paid_minutes),
            code,
        )
        for shift_id, employee_id, day, start_at, end_at, paid_minutes, code in uow.session.execute(query)
    ]


def _publication(uow: UnitOfWork, facts: RosterFacts, difference: _Difference) -> Publication:
    found = changes(difference.draft, difference.published)
    people = select(Employee).where(Employee.id.in_(found)).order_by(*by_name(uow))
    return Publication(
        facts=facts,
        people=[PersonChanges(one, found[one.id]) for one in uow.session.scalars(people)],
        seen=_fingerprint(difference),
    )


def _fingerprint(difference: _Difference) -> str:
    """Says whether two planners looked at the same changes."""
    said = repr(
        [
            [
                (one.shift_id, one.employee_id, one.moments.start_at, one.moments.end_at, one.label)
                for one in copy
            ]
            for copy in (difference.draft, difference.published)
        ]
    )
    return hashlib.sha256(said.encode()).hexdigest()


#: Copied inside the database: a first publishing is thousands of rows. Row security holds here as well.
_COPY = text(
    "INSERT INTO published_shift"
    " (company_id, id, roster_id, employee_id, shift_template_id, date, during, paid_minutes, shared_version)"
    " SELECT company_id, id, roster_id, employee_id, shift_template_id, date, during, paid_minutes, :version"
    " FROM shift WHERE company_id = :company_id AND roster_id = :roster_id AND id = ANY(:ids)"
)


def _share(uow: UnitOfWork, facts: RosterFacts, difference: _Difference, *, version: int) -> None:
    """Removes first: a person may take over the time that another gives up."""
    gone = [shift.shift_id for shift in difference.published]
    withdrawn_shifts.note(uow, facts.id, gone, version=version)
    uow.session.execute(delete(PublishedShift).where(PublishedShift.id.in_(gone)))
    ids = [shift.shift_id for shift in difference.draft]
    copied = {"company_id": uow.company.id, "roster_id": facts.id, "ids": ids, "version": version}
    try:
        with uow.session.begin_nested():
            uow.session.execute(_COPY, copied)
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

"""Prices the days off of people who work by the roster anew when their roster is published.

Before it is published an average day was taken; then each day costs its shift, and a free day nothing. What changes is
given back and taken again in rows of the ledger that say why. It never stops the publishing: a balance may fall short.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from portal.db import UnitOfWork
from portal.domain.absence_costs import charge_of
from portal.domain.absences import ACTIVE, AbsenceStatus
from portal.domain.ledger import consumption, release
from portal.domain.periods import DayPart
from portal.domain.refusals import Refusal
from portal.domain.working_patterns import scheduled_minutes, terms_on
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employment
from portal.models.released_shift import ReleasedShift
from portal.models.shift import PublishedShift, Shift
from portal.models.team import TeamMembership
from portal.services import absence_postings, audit, balance_ahead, balances, entitlements, type_rules
from portal.services.freed_shifts import freeing
from portal.services.holiday_book import book_of
from portal.services.holiday_effects import regions_of_sites
from portal.services.ledger_rules import ROSTER_PUBLISHED
from portal.services.rosters import RosterFacts
from portal.services.working_time import terms_of

#: What is true costs what it costs, also below zero.
_WHATEVER_IT_COSTS = 10**9


def hold(uow: UnitOfWork, facts: RosterFacts) -> list[UUID]:
    """Who works by this roster. Their balances are held until the end, before the roster is: as decisions hold them."""
    member = TeamMembership
    team = select(member.employee_id).where(
        member.team_id == facts.team_id,
        member.start_date <= facts.end_date,
        or_(member.end_date.is_(None), member.end_date >= facts.start_date),
    )
    planned = [select(copy.employee_id).where(copy.roster_id == facts.id) for copy in (Shift, PublishedShift)]
    query = select(Employment.employee_id).where(
        Employment.by_roster,
        Employment.start_date <= facts.end_date,
        or_(Employment.end_date.is_(None), Employment.end_date >= facts.start_date),
        or_(Employment.employee_id.in_(team), *(Employment.employee_id.in_(one) for one in planned)),
    )
    ids = sorted(set(uow.session.scalars(query)))
    if ids:
        entitlements.lock(uow, ids)
    return ids


def true_up(uow: UnitOfWork, facts: RosterFacts, ids: Sequence[UUID]) -> int:
    """Frees what was planned on days off, and prices every day off of the roster's time; how many absences changed."""
    if not ids:
        return 0
    uow.session.flush()
    _free_planned(uow, facts, ids)
    parts: dict[UUID, list[AbsencePart]] = {}
    owners: dict[UUID, tuple[Absence, AbsenceType]] = {}
    query = (
        select(AbsencePart, Absence, AbsenceType)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(AbsencePart.live, AbsencePart.date.between(facts.start_date, facts.end_date))
        .where(AbsencePart.employee_id.in_(ids), Absence.status.in_(ACTIVE))
        .order_by(AbsencePart.during)
        .execution_options(populate_existing=True)
    )
    for part, absence, kind in uow.session.execute(query):
        parts.setdefault(absence.id, []).append(part)
        owners[absence.id] = absence, kind
    prices = _prices(uow, facts, parts, owners)
    return sum(_change(uow, *owners[one], changed) for one, changed in prices.items())


def freed(uow: UnitOfWork, shift_ids: Sequence[UUID]) -> set[UUID]:
    """Of these shifts those that are open because the person is away: nobody is told to work them."""
    open_ones = select(ReleasedShift.shift_id).where(
        ReleasedShift.shift_id.in_(shift_ids), ReleasedShift.settled_at.is_(None)
    )
    return set(uow.session.scalars(open_ones))


def _free_planned(uow: UnitOfWork, facts: RosterFacts, ids: Sequence[UUID]) -> None:
    query = (
        select(Absence)
        .join(AbsencePart, AbsencePart.absence_id == Absence.id)
        .join(PublishedShift, PublishedShift.employee_id == Absence.employee_id)
        .where(Absence.employee_id.in_(ids), Absence.status == AbsenceStatus.APPROVED, AbsencePart.live)
        .where(PublishedShift.roster_id == facts.id, PublishedShift.date == AbsencePart.date)
        .order_by(Absence.id)
    )
    for absence in uow.session.scalars(query).unique().all():
        freeing.free(uow, absence)
    uow.session.flush()


def _prices(
    uow: UnitOfWork,
    facts: RosterFacts,
    parts: dict[UUID, list[AbsencePart]],
    owners: dict[UUID, tuple[Absence, AbsenceType]],
) -> dict[UUID, dict[AbsencePart, int]]:
    """Of each absence the parts that cost something else by now, with their new price."""
    people = {absence.employee_id for absence, _kind in owners.values()}
    terms = terms_of(uow, people, (facts.start_date, facts.end_date))
    regions, book = regions_of_sites(uow), book_of(uow)
    found: dict[UUID, dict[AbsencePart, int]] = {}
    for absence_id, own in parts.items():
        absence, kind = owners[absence_id]
        for row in own:
            at = terms_on(terms[absence.employee_id], row.date)
            if at is None or not at.by_roster:
                continue
            part = DayPart(row.date, row.part, row.starts_minute, row.ends_minute)
            free = book.free(regions[at.site_id], row.date, absence.employee_id)
            price = charge_of(part, scheduled_minutes([at], row.date), free, kind.counting)
            if price != row.charge:
                found.setdefault(absence_id, {})[row] = price
    return found


def _change(uow: UnitOfWork, absence: Absence, kind: AbsenceType, prices: dict[AbsencePart, int]) -> bool:
    """Rows of the ledger for what is approved; what only waits has none yet."""
    if absence.status is AbsenceStatus.APPROVED and not _post(uow, absence, kind, prices):
        return False
    for part, price in prices.items():
        absence.charge += price - part.charge
        part.charge = price
    absence.version += 1
    audit.record(uow, audit.Action.ABSENCE_PRICED_BY_ROSTER, subject=absence)
    uow.session.flush()
    return True


def _post(uow: UnitOfWork, absence: Absence, kind: AbsenceType, prices: dict[AbsencePart, int]) -> bool:
    """Whole days are given back and taken again, so that one look at a day shows all of it."""
    if not type_rules.rules_of(uow, kind, absence.start_date).keeps_balance:
        return True
    days = {part.date for part in prices}
    entries = balances.entries_of(uow, absence.employee_id, kind.id)
    own = balances.entries_of(uow, absence.employee_id, kind.id, absence_id=absence.id)
    released = release(one for one in own if one.effective_date in days)
    rows = uow.session.scalars(
        select(AbsencePart).where(AbsencePart.absence_id == absence.id, AbsencePart.date.in_(days))
    )
    charges = [(row.date, prices.get(row, row.charge)) for row in rows if row.live]
    charges = [(day, amount) for day, amount in charges if amount]
    through = balance_ahead.last_day(charges, (), entries) if charges else uow.today()
    ahead = balance_ahead.expected(uow, [absence.employee_id], kind, through) if charges else {}
    known = [*entries, *released, *ahead.get(absence.employee_id, [])]
    try:
        taken = consumption(known, charges, overdraft=_WHATEVER_IT_COSTS)
    except Refusal:
        return False  # there is no entitlement at all on that day: the price stays as it was agreed
    absence_postings.post(uow, absence, [*released, *taken], rule=ROSTER_PUBLISHED)
    uow.session.flush()
    return True

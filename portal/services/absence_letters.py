"""The letters around a request for time off: who gets which, in the receiver's language and form of dates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from babel.dates import format_date, format_interval
from babel.units import format_unit
from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.permissions import Permission
from portal.integrations.letters import in_language
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.line_management import LineManagement
from portal.services import line_managers, outbox, written_moments
from portal.services.approvals import decision_links, deputising
from portal.services.permission_holders import holding
from portal.services.staffing import letters as staffing_letters

#: The key of the type every company begins with; its name is translated.
VACATION = "vacation"
#: And that of the type by which a closure charges nobody.
CLOSURE = "closure"
#: The letters that ask for a decision: on a request, and on one that its owner has changed since.
REQUESTED, CHANGED = "absence_requested", "absence_changed"
#: On one that would take the place of an approved absence.
REPLACING = "absence_replacing"


def tell_manager_of_request(
    uow: UnitOfWork, absence: Absence, kind: AbsenceType, *, template: str = REQUESTED
) -> None:
    """The line manager is asked, if they may decide. Else nobody is told at once: the person's page says so, and the
    nightly job asks those who decide for everybody.
    """
    owner, manager = _owner_and_manager(uow, absence, who_decides=True)
    if manager is not None:
        _ask(uow, absence, kind, owner, _with_deputies(uow, absence, kind, owner, manager), template=template)


def tell_of_shortening(
    uow: UnitOfWork, absence: Absence, kind: AbsenceType, their_turn: Collection[UUID]
) -> None:
    """It only became shorter: who has agreed need not agree again, and only those whose turn it is get a link.

    Without steps (`their_turn` is empty) it is the line manager's.
    """
    if not their_turn:
        tell_manager_of_request(uow, absence, kind, template=CHANGED)
        return
    ask_to_decide(uow, absence, kind, their_turn, template=CHANGED)
    owner, manager = _owner_and_manager(uow, absence)
    if manager is not None and manager.id not in their_turn:
        page = _link(uow, absence)
        _tell_approver(uow, absence, kind, CHANGED, owner, manager, link=page, page=page, expires="")


def ask_to_decide(
    uow: UnitOfWork,
    absence: Absence,
    kind: AbsenceType,
    people: Iterable[UUID],
    *,
    template: str = REQUESTED,
    handed_by: str = "",
    note: str = "",
) -> None:
    """Those whose turn it is, and their deputies. `handed_by`: whoever handed the request over to them, and why."""
    asked = set(people)
    for one in sorted(asked):
        asked |= {deputy.id for deputy in deputising.deputies(uow, one, absence, kind)}
    asked.discard(absence.employee_id)
    if not asked:
        return
    owner, _ = _owner_and_manager(uow, absence)
    query = select(Employee).where(Employee.active, Employee.id.in_(asked)).order_by(Employee.email)
    readers = uow.session.scalars(query).all()
    _ask(uow, absence, kind, owner, readers, template=template, handed_by=handed_by, note=note)


def tell_of_handover(
    uow: UnitOfWork, absence: Absence, kind: AbsenceType, before: Employee, approver: Employee, note: str
) -> None:
    """Whoever's turn it was: somebody else decides, and the link of their letter is worth nothing any more."""
    owner, _ = _owner_and_manager(uow, absence)
    outbox.queue_mail(
        uow,
        before,
        "absence_handed_over",
        employee_name=owner.name,
        decided_by=approver.name,
        actor_name=uow.actor.name,
        absence_type=type_name(kind, before.language),
        period=period(absence.start_date, absence.end_date, before.language),
        note=note,
        link=_approvals(uow),
    )


def tell_manager_of_absence(uow: UnitOfWork, absence: Absence, kind: AbsenceType) -> None:
    """Of a type that nobody has to approve: nothing is to decide, but somebody will not be there."""
    _tell_manager(uow, absence, kind, "absence_noted")


def tell_manager_of_withdrawal(uow: UnitOfWork, absence: Absence, kind: AbsenceType) -> None:
    """Withdrawn or, by its owner, cancelled: nothing is left to decide. Deputies hear of it too."""
    _tell_manager(uow, absence, kind, "absence_withdrawn")


def tell_owner_of_decision(uow: UnitOfWork, absence: Absence, kind: AbsenceType, *, approved: bool) -> None:
    _tell_owner(uow, absence, kind, "absence_decided", approved=approved)


def tell_owner_of_cancellation(uow: UnitOfWork, absence: Absence, kind: AbsenceType) -> None:
    _tell_owner(uow, absence, kind, "absence_cancelled")


def tell_manager_of_cancel_request(uow: UnitOfWork, absence: Absence, kind: AbsenceType, note: str) -> None:
    """Somebody wants to give up what is approved, and needs a yes. Deputies hear of it too."""
    _tell_manager(uow, absence, kind, "absence_cancel_asked", who_decides=True, note=note)


def tell_owner_it_is_kept(uow: UnitOfWork, absence: Absence, kind: AbsenceType, note: str) -> None:
    _tell_owner(uow, absence, kind, "absence_kept", note=note)


def tell_of_entry(uow: UnitOfWork, absence: Absence, kind: AbsenceType) -> None:
    """The person learns what was put down for them, and their manager that they will not be there."""
    owner, manager = _owner_and_manager(uow, absence)
    for person in (owner, manager):
        if person is not None and person.id != uow.actor.employee_id:
            outbox.queue_mail(
                uow,
                person,
                "absence_entered",
                employee_name=owner.name,
                decided_by=uow.actor.name,
                absence_type=type_name(kind, person.language),
                period=period(absence.start_date, absence.end_date, person.language),
                amount=amount_text(absence.charge, kind, person.language),
                link=_link(uow, absence),
            )


def tell_of_group_entry(
    uow: UnitOfWork,
    person: Employee,
    kind: AbsenceType,
    template: str,
    *,
    dates: tuple[date, date],
    charge: int,
) -> None:
    """Of an absence that was entered for many at once, or taken back."""
    outbox.queue_mail(
        uow,
        person,
        template,
        employee_name=person.name,
        decided_by=uow.actor.name,
        absence_type=type_name(kind, person.language),
        period=period(*dates, person.language),
        amount=amount_text(charge, kind, person.language),
        note="",
        link=f"{uow.outside.url}/c/{uow.company.slug}/absences",
    )


def tell_of_days_given_back(uow: UnitOfWork, absence: Absence, kind: AbsenceType, days: list[date]) -> None:
    """The manager, whose plan has changed, and the owner where somebody else did it."""
    owner, manager = _owner_and_manager(uow, absence)
    told = [manager, owner if owner.id != uow.actor.employee_id else None]
    for person in told:
        if person is not None and person.id != uow.actor.employee_id:
            outbox.queue_mail(
                uow,
                person,
                "absence_days_given_back",
                employee_name=owner.name,
                decided_by=uow.actor.name,
                absence_type=type_name(kind, person.language),
                period=period(absence.start_date, absence.end_date, person.language),
                given_back=", ".join(written_date(day, person.language) for day in days),
                link=_link(uow, absence),
            )


def tell_owner_of_holiday(
    uow: UnitOfWork, absence: Absence, kind: AbsenceType, *, before: int, holiday: str
) -> None:
    """A holiday has made the absence cheaper, after it was asked for."""
    owner, _ = _owner_and_manager(uow, absence)
    before_after = (amount_text(amount, kind, owner.language) for amount in (before, absence.charge))
    _tell_owner(
        uow,
        absence,
        kind,
        "absence_cheaper",
        **dict(zip(("cost_before", "cost_after"), before_after, strict=True)),
        holiday=holiday,
    )


@lru_cache(maxsize=4096)
def period(start_date: date, end_date: date, language: str) -> str:
    """3–7 Aug 2026, as the language writes it."""
    if start_date == end_date:
        return written_date(end_date, language)
    if language != "en":
        return str(format_interval(start_date, end_date, "yMMMd", locale=language))
    if (start_date.year, start_date.month) == (end_date.year, end_date.month):
        return f"{start_date.day}–{written_date(end_date, language)}"
    first = format_date(start_date, "d MMM" if start_date.year == end_date.year else "d MMM y", locale="en")
    return f"{first} – {written_date(end_date, language)}"


def written_date(day: date, language: str) -> str:
    """In English the day stands before the month, as on the pages; Babel's plain English is American."""
    return str(format_date(day, "d MMM y" if language == "en" else "medium", locale=language))


def _tell_manager(
    uow: UnitOfWork,
    absence: Absence,
    kind: AbsenceType,
    template: str,
    *,
    who_decides: bool = False,
    **more: str,
) -> None:
    owner, manager = _owner_and_manager(uow, absence, who_decides=who_decides)
    if manager is None:
        return
    for reader in _with_deputies(uow, absence, kind, owner, manager):
        _tell_approver(uow, absence, kind, template, owner, reader, link=_link(uow, absence), **more)


def _with_deputies(
    uow: UnitOfWork, absence: Absence, kind: AbsenceType, owner: Employee, manager: Employee
) -> Sequence[Employee]:
    hands = deputising.deputies(uow, manager.id, absence, kind)
    return (manager, *(one for one in hands if one.id != owner.id))


def _ask(
    uow: UnitOfWork,
    absence: Absence,
    kind: AbsenceType,
    owner: Employee,
    readers: Iterable[Employee],
    *,
    template: str,
    handed_by: str = "",
    note: str = "",
) -> None:
    """Each with a link of their own to decide by; where a yes takes more than a press, with the way to the portal."""
    staffing = staffing_letters.warned(uow, absence, kind)
    for reader in readers:
        link = decision_links.make(uow, absence, reader)
        expires = written_moments.for_letter(uow, reader, link.expires_at)
        _tell_approver(
            uow,
            absence,
            kind,
            template,
            owner,
            reader,
            link=link.address,
            expires=expires,
            page=_link(uow, absence),
            handed_by=handed_by,
            note=note,
            **staffing.written(reader.language),
        )


def _tell_approver(
    uow: UnitOfWork,
    absence: Absence,
    kind: AbsenceType,
    template: str,
    owner: Employee,
    reader: Employee,
    **more: Any,
) -> None:
    outbox.queue_mail(
        uow,
        reader,
        template,
        employee_name=owner.name,
        absence_type=type_name(kind, reader.language),
        period=period(absence.start_date, absence.end_date, reader.language),
        amount=amount_text(absence.charge, kind, reader.language),
        **more,
    )


def _tell_owner(uow: UnitOfWork, absence: Absence, kind: AbsenceType, template: str, **more: Any) -> None:
    owner, _ = _owner_and_manager(uow, absence)
    outbox.queue_mail(
        uow,
        owner,
        template,
        decided_by=_decider(uow, absence, owner.language),
        absence_type=type_name(kind, owner.language),
        period=period(absence.start_date, absence.end_date, owner.language),
        link=_link(uow, absence),
        **{"note": absence.decision_note or "", **more},
    )


def _decider(uow: UnitOfWork, absence: Absence, language: str) -> str:
    """Who has decided, and for whom: Bea Nová for Ana Malá."""
    if absence.decided_for_id is None:
        return uow.actor.name
    principal = uow.session.scalars(select(Employee).where(Employee.id == absence.decided_for_id)).one()
    return in_place_of(uow.actor.name, principal.name, language)


def in_place_of(deputy: str, principal: str, language: str) -> str:
    return in_language(language, "%(deputy)s for %(name)s") % {"deputy": deputy, "name": principal}


def _owner_and_manager(
    uow: UnitOfWork, absence: Absence, *, who_decides: bool = False
) -> tuple[Employee, Employee | None]:
    """`who_decides`: a manager without a role that decides counts as none."""
    manager, link = aliased(Employee), aliased(LineManagement)
    here = (manager.id == link.manager_id) & manager.active
    if who_decides:
        here &= manager.id.in_(holding(Permission.ABSENCE_APPROVE))
    query = (
        select(Employee, manager)
        .outerjoin(link, line_managers.leads(link, Employee.id, uow.today()))
        .outerjoin(manager, here)
        .where(Employee.id == absence.employee_id)
    )
    owner, found = uow.session.execute(query).one()
    return owner, found


def type_name(kind: AbsenceType, language: str) -> str:
    if kind.key == CLOSURE:
        return in_language(language, "Company closure")
    return in_language(language, "Vacation") if kind.key == VACATION else kind.name


def amount_text(charge: int, kind: AbsenceType, language: str) -> str:
    if kind.counting is CountingMethod.HOURS:
        return f"{charge // 60}:{charge % 60:02d} h"
    return str(format_unit(charge / 1000, "duration-day", locale=language))


def _link(uow: UnitOfWork, absence: Absence) -> str:
    return f"{uow.outside.url}/c/{uow.company.slug}/absences/{absence.id}"


def _approvals(uow: UnitOfWork) -> str:
    return f"{uow.outside.url}/c/{uow.company.slug}/absences/approvals"

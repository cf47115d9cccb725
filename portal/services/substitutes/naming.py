"""Naming who covers: with a request, and afterwards for as long as the absence stands.

Anybody who works here can be named, by their work e-mail. They are told at once, and asked whether they can.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import or_, select

from portal.db import UnitOfWork
from portal.domain.absence_types import TypeRules
from portal.domain.absences import ACTIVE
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.substitutes import LONGEST_COVER_NOTE, MOST_SUBSTITUTES, SubstituteAnswer, SubstituteRule
from portal.models.absence import Absence
from portal.models.absence_substitute import AbsenceSubstitute
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.services import access, audit, type_rules
from portal.services.substitutes import letters


def find_named(
    uow: UnitOfWork, owner_id: UUID, rules: TypeRules, emails: Sequence[str], note: str
) -> list[Employee]:
    """Whom a request names, refused when the type wants somebody and nobody is named, or wants nobody."""
    if len(note) > LONGEST_COVER_NOTE:
        raise Refusal(Reason.TOO_LONG, field="cover_note", limit=LONGEST_COVER_NOTE)
    if not emails:
        if rules.substitutes is SubstituteRule.REQUIRED:
            raise Refusal(Reason.SUBSTITUTE_MISSING, field="substitute_1")
        return []
    _refuse_not_asked(rules)
    if len(emails) > MOST_SUBSTITUTES:
        raise Refusal(Reason.SUBSTITUTES_TOO_MANY, field="substitute_1", limit=MOST_SUBSTITUTES)
    found: list[Employee] = []
    for place, email in enumerate(emails, start=1):
        person = _person(uow, owner_id, email, field=f"substitute_{place}")
        if person not in found:
            found.append(person)
    return found


def put_down(uow: UnitOfWork, absence: Absence, people: Sequence[Employee], note: str) -> None:
    """With a request that was just sent: its status is known by now, and the letters say it."""
    if not people:
        return
    absence.cover_note = note.strip() or None
    for person in people:
        _add(uow, absence, person)
    uow.session.flush()
    for person in people:
        letters.tell(uow, absence, person, letters.NAMED)


def name_one(uow: UnitOfWork, absence_id: UUID, email: str, note: str) -> Absence:
    """One more, by the owner or whoever may enter time off for them. The note is one for all who cover."""
    if len(note) > LONGEST_COVER_NOTE:
        raise Refusal(Reason.TOO_LONG, field="cover_note", limit=LONGEST_COVER_NOTE)
    absence = _locked(uow, absence_id)
    kind = access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == absence.absence_type_id))
    _refuse_not_asked(type_rules.rules_of(uow, kind, absence.start_date), field="substitute")
    person = _person(uow, absence.employee_id, email, field="substitute")
    named = select(AbsenceSubstitute.employee_id).where(AbsenceSubstitute.absence_id == absence.id)
    already = set(uow.session.scalars(named))
    if person.id in already:
        raise Refusal(Reason.ALREADY_SO, field="substitute")
    if len(already) >= MOST_SUBSTITUTES:
        raise Refusal(Reason.SUBSTITUTES_TOO_MANY, field="substitute", limit=MOST_SUBSTITUTES)
    absence.cover_note = note.strip() or None
    _add(uow, absence, person)
    uow.session.flush()
    letters.tell(uow, absence, person, letters.NAMED)
    return absence


def remove(uow: UnitOfWork, absence_id: UUID, substitute_id: UUID) -> None:
    """They need not cover any more, and are told."""
    absence = _locked(uow, absence_id)
    query = select(AbsenceSubstitute).where(
        AbsenceSubstitute.id == substitute_id, AbsenceSubstitute.absence_id == absence.id
    )
    row = access.one_or_refuse(uow, query)
    uow.session.delete(row)
    audit.record(
        uow,
        audit.Action.ABSENCE_SUBSTITUTE_REMOVED,
        subject=absence,
        substitute=str(row.employee_id),
    )
    person = uow.session.scalars(select(Employee).where(Employee.id == row.employee_id)).one()
    letters.tell(uow, absence, person, letters.ENDED)


def ask_again(uow: UnitOfWork, absence: Absence) -> None:
    """It is about other days now: what they have said to the old ones says nothing any more."""
    query = select(AbsenceSubstitute, Employee).join(Employee, Employee.id == AbsenceSubstitute.employee_id)
    for row, person in uow.session.execute(query.where(AbsenceSubstitute.absence_id == absence.id)).all():
        row.answer, row.answered_at, row.reminded_on = SubstituteAnswer.OPEN, None, None
        letters.tell(uow, absence, person, letters.CHANGED)


def _add(uow: UnitOfWork, absence: Absence, person: Employee) -> None:
    uow.session.add(
        AbsenceSubstitute(
            id=uuid4(),
            absence_id=absence.id,
            employee_id=person.id,
            named_by_id=uow.actor.employee_id,
            answer=SubstituteAnswer.OPEN,
        )
    )
    audit.record(uow, audit.Action.ABSENCE_SUBSTITUTE_NAMED, subject=absence, substitute=str(person.id))


def _locked(uow: UnitOfWork, absence_id: UUID) -> Absence:
    """One that stands and is not over, of the actor or within reach; locked, so that nobody is named twice at once."""
    me = uow.actor.employee_id
    own = Absence.employee_id == me
    allowed = or_(own, access.employees_within(uow, Permission.ABSENCE_ENTER, Absence.employee_id))
    query = select(Absence).where(Absence.id == absence_id, ~Absence.sick, allowed)
    absence = access.one_or_refuse(uow, query.with_for_update(key_share=True))
    if absence.employee_id == me and not access.can(uow, Permission.ABSENCE_REQUEST):
        raise Refusal(Reason.NOT_PERMITTED)
    if absence.status not in ACTIVE or absence.end_date < uow.today():
        raise Refusal(Reason.ALREADY_DECIDED, status=absence.status)
    return absence


def _person(uow: UnitOfWork, owner_id: UUID, email: str, *, field: str) -> Employee:
    query = select(Employee).where(Employee.email == email.strip().lower(), Employee.active)
    found = uow.session.scalars(query).one_or_none()
    if found is None:
        raise Refusal(Reason.PERSON_UNKNOWN, field=field)
    if found.id == owner_id:
        raise Refusal(Reason.SUBSTITUTE_IS_OWNER, field=field)
    return found


def _refuse_not_asked(rules: TypeRules, *, field: str = "substitute_1") -> None:
    if rules.substitutes is SubstituteRule.OFF:
        raise Refusal(Reason.SUBSTITUTE_NOT_ASKED, field=field)

"""People as a directory service keeps them: found, taken in, changed, let go, within one company.

The directory writes name, address, title, number, language, whether somebody is still there, and who leads them, if it
says so. Terms of work, teams and sites stay with HR.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.permissions import combine, covers
from portal.domain.provisioning import ORDINARY, DirectoryPerson, KnownPerson, Led, Slice, tidied
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.line_management import LineManagement
from portal.models.provisioning import ScimPerson
from portal.models.role import RoleGrant
from portal.services import (
    audit,
    employments,
    invitations,
    licences,
    line_managers,
    people,
    provisioned_roles,
    roles,
)
from portal.services.company_lock import lock_company
from portal.services.employments import Terms


def search(uow: UnitOfWork, wanted: Mapping[str, str], *, start: int, count: int) -> Slice[KnownPerson]:
    """The people for whom all of `wanted` holds, in a lasting order; `start` counts from 1."""
    query = _visible(uow)
    for attribute, value in wanted.items():
        query = query.where(_condition(attribute, value))
    total = uow.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = uow.session.execute(
        query.order_by(Employee.created_at, Employee.id).offset(start - 1).limit(count)
    )
    return Slice([_known(row) for row in rows], total, start)


def get(uow: UnitOfWork, employee_id: UUID, *, lock: bool = False) -> KnownPerson:
    """One person; whoever the directory deleted is not found any more. `lock`: a change follows from what is read."""
    return _known(_row(uow, employee_id, lock=lock))


def create(uow: UnitOfWork, typed: DirectoryPerson, *, invites: bool) -> KnownPerson:
    """Takes somebody in, or back when it is provably the same person; never another one with a known address."""
    facts = tidied(typed)
    again = _deleted_before(uow, facts)
    if again is not None:
        return replace(uow, again, facts, returning=True)
    employee_id = people.create(
        uow,
        people.PersonFacts(
            email=facts.user_name,
            first_name=facts.first_name,
            last_name=facts.last_name,
            employee_number=facts.employee_number,
            job_title=facts.job_title,
            language=facts.language or uow.company.language,
            line_manager_email="",
            team_ids=frozenset(),
            terms=Terms(employments.FULL_TIME, None),
            terms_from=uow.today(),
        ),
    )
    employee = uow.session.get_one(Employee, (uow.company.id, employee_id))
    person = ScimPerson(employee_id=employee_id, external_id=facts.external_id, synced_at=uow.clock.now())
    uow.session.add(person)
    if not facts.active:
        people.let_go(uow, employee)
    else:
        _lead(uow, employee_id, facts.led)
        if invites:
            invitations.invite(uow, employee)
    uow.session.flush()
    return get(uow, employee_id)


def replace(
    uow: UnitOfWork, employee_id: UUID, typed: DirectoryPerson, *, returning: bool = False
) -> KnownPerson:
    """Writes all that the directory says; a leaver is out when this returns."""
    facts = tidied(typed)
    if not facts.active:
        roles.keep_somebody(uow, employee_id)
    else:
        licences.hold_places(uow)
    employee, person = _rows(uow, employee_id, lock=True, deleted=returning)
    if person is None:
        person = ScimPerson(employee_id=employee.id, synced_at=uow.clock.now())
        uow.session.add(person)
    _write(uow, employee, facts)
    person.external_id, person.synced_at = facts.external_id, uow.clock.now()
    person.deleted_at = None
    if uow.session.is_modified(employee):
        audit.record(uow, audit.Action.EMPLOYEE_CHANGED, subject=employee)
    if not facts.active:
        people.let_go(uow, employee)
    elif not employee.active:
        people.take_back(uow, employee)
        provisioned_roles.refresh(uow, {employee.id})
    if facts.active:
        _lead(uow, employee_id, facts.led)
    uow.session.flush()
    return get(uow, employee_id)


def let_go(uow: UnitOfWork, employee_id: UUID) -> KnownPerson:
    """A leaver is out when this returns; what else the directory says of them is left for another day."""
    roles.keep_somebody(uow, employee_id)
    employee, _person = _rows(uow, employee_id, lock=True)
    people.let_go(uow, employee)
    uow.session.flush()
    return get(uow, employee_id)


def delete(uow: UnitOfWork, employee_id: UUID) -> None:
    """Lets the person go, and hides them from the directory. Their record stays as long as HR must keep it."""
    roles.keep_somebody(uow, employee_id)
    employee, person = _rows(uow, employee_id, lock=True)
    if person is None:
        person = ScimPerson(employee_id=employee.id)
        uow.session.add(person)
    person.synced_at = person.deleted_at = uow.clock.now()
    people.let_go(uow, employee)
    audit.record(uow, audit.Action.EMPLOYEE_CHANGED, subject=employee, deleted_by_directory=True)


def latest(uow: UnitOfWork, limit: int = 10) -> list[tuple[UUID, str, ScimPerson]]:
    """Whom the directory wrote last: id, name, and what it said."""
    rows = uow.session.execute(
        select(Employee.id, Employee.first_name, Employee.last_name, ScimPerson)
        .join(ScimPerson, ScimPerson.employee_id == Employee.id)
        .order_by(ScimPerson.synced_at.desc(), Employee.last_name)
        .limit(limit)
    )
    return [(row.id, f"{row.first_name} {row.last_name}", row.ScimPerson) for row in rows]


def _write(uow: UnitOfWork, employee: Employee, facts: DirectoryPerson) -> None:
    email = people.free_email(uow, facts.user_name, employee.id)
    if email != employee.email:
        _refuse_extraordinary(uow, employee.id)
        people.move_sign_in(uow, employee, email)
        employee.email = email
    employee.employee_number = people.free_number(uow, facts.employee_number, employee.id)
    employee.first_name, employee.last_name = facts.first_name, facts.last_name
    employee.job_title = facts.job_title
    employee.language = facts.language or employee.language


def _refuse_extraordinary(uow: UnitOfWork, employee_id: UUID) -> None:
    """A directory must not become HR or admin by redirecting their mail."""
    held = set(uow.session.scalars(select(RoleGrant.role_id).where(RoleGrant.employee_id == employee_id)))
    contents = [grants for role_id, grants in roles.permissions_by_role(uow).values() if role_id in held]
    if not covers(ORDINARY, combine(*contents)):
        raise Refusal(Reason.EMAIL_ABOVE_OWN, field="userName")


def _deleted_before(uow: UnitOfWork, facts: DirectoryPerson) -> UUID | None:
    """Addresses change hands: only the directory's own id proves that it is the same person."""
    if facts.external_id is None:
        return None
    return uow.session.scalar(
        select(Employee.id)
        .join(ScimPerson, ScimPerson.employee_id == Employee.id)
        .where(
            Employee.email == facts.user_name,
            ScimPerson.external_id == facts.external_id,
            ScimPerson.deleted_at.is_not(None),
        )
    )


def _lead(uow: UnitOfWork, employee_id: UUID, led: Led | None) -> None:
    """Led by whom the directory says from today on, until HR has planned another change; what was, stays."""
    if led is None:
        return
    if led.by is not None:
        query = select(Employee.id).where(Employee.id == led.by, Employee.erased_at.is_(None))
        if uow.session.scalar(query) is None:
            raise Refusal(Reason.SCIM_MEMBER_UNKNOWN, field="manager", member=str(led.by))
    try:
        line_managers.change_from(uow, employee_id, led.by, uow.today())
    except Refusal as refused:
        refused.field = "manager"  # as the directory calls it
        raise


def _visible(uow: UnitOfWork, *, deleted: bool = False) -> Select[Any, Any, Any, Any]:
    """Each person with what the directory said last, and with whoever leads them today, if that one is visible too."""
    people_seen = (
        select(Employee, ScimPerson, _MANAGER.id.label("manager_id"), _MANAGER_NAME.label("manager_name"))
        .join(ScimPerson, ScimPerson.employee_id == Employee.id, isouter=True)
        .join(_LINK, line_managers.leads(_LINK, Employee.id, uow.today()), isouter=True)
        .join(_OF_MANAGER, _OF_MANAGER.employee_id == _LINK.manager_id, isouter=True)
        .join(
            _MANAGER,
            and_(
                _MANAGER.id == _LINK.manager_id,
                _MANAGER.erased_at.is_(None),
                _OF_MANAGER.deleted_at.is_(None),
            ),
            isouter=True,
        )
    )
    if deleted:
        return people_seen
    return people_seen.where(Employee.erased_at.is_(None), ScimPerson.deleted_at.is_(None))


def _rows(
    uow: UnitOfWork, employee_id: UUID, *, lock: bool = False, deleted: bool = False
) -> tuple[Employee, ScimPerson | None]:
    found = _row(uow, employee_id, lock=lock, deleted=deleted)
    return found.Employee, found.ScimPerson


def _row(uow: UnitOfWork, employee_id: UUID, *, lock: bool = False, deleted: bool = False) -> Any:
    if lock:
        lock_company(uow)  # before the person, as everybody does who changes roles
        query = select(Employee).where(Employee.id == employee_id).with_for_update(key_share=True)
        uow.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    found = uow.session.execute(_visible(uow, deleted=deleted).where(Employee.id == employee_id)).first()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return found


def _condition(attribute: str, value: str) -> ColumnElement[bool]:
    if attribute in {"userName", "emails"}:
        return Employee.email == value.strip().lower()
    if attribute == "externalId":
        return ScimPerson.external_id == value
    if attribute == "active":
        return Employee.active.is_(value == "true")
    if attribute == "displayName":
        return Employee.first_name + " " + Employee.last_name == value
    return _of_id(attribute, value)


def _of_id(attribute: str, value: str) -> ColumnElement[bool]:
    try:
        return {"id": Employee.id, "manager": _MANAGER.id}[attribute] == UUID(value)
    except (KeyError, ValueError):
        return false()


def _known(row: Any) -> KnownPerson:
    employee, person = row.Employee, row.ScimPerson
    return KnownPerson(
        id=employee.id,
        facts=DirectoryPerson(
            user_name=employee.email,
            first_name=employee.first_name,
            last_name=employee.last_name,
            job_title=employee.job_title,
            employee_number=employee.employee_number,
            language=employee.language,
            external_id=person.external_id if person else None,
            active=employee.active,
        ),
        created_at=employee.created_at,
        changed_at=person.synced_at if person else employee.created_at,
        manager=(row.manager_id, row.manager_name) if row.manager_id else None,
    )


_LINK, _MANAGER, _OF_MANAGER = aliased(LineManagement), aliased(Employee), aliased(ScimPerson)
_MANAGER_NAME = _MANAGER.first_name + " " + _MANAGER.last_name

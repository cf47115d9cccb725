"""Taking people in, changing their record, letting them go and taking them back.

Terms of work are in employments.py, teams in memberships.py, roles in roles.py, what may be seen of a person
in person_record.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import exists, select, update

from portal.db import UnitOfWork
from portal.domain.people_import import cells
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.integrations import phone_numbers
from portal.models.employee import Employee, Employment
from portal.models.identity import Identity, LinkPurpose
from portal.models.line_management import LineManagement
from portal.models.role import Role, RoleGrant
from portal.models.team import Site
from portal.services import (
    access,
    audit,
    employments,
    entitlements,
    feeds,
    licences,
    line_managers,
    memberships,
    outbox,
    roles,
    sealing,
    sessions,
    sign_in_links,
    written_moments,
)
from portal.services.employments import Terms


@dataclass(frozen=True)
class PersonFacts:
    """What HR says about a person. `phone` None leaves the number as it is, "" removes it."""

    email: str
    first_name: str
    last_name: str
    employee_number: str | None
    job_title: str | None
    language: str
    line_manager_email: str
    team_ids: frozenset[UUID]
    terms: Terms
    #: When the terms begin: the first day of somebody new, else the day from which a change counts.
    terms_from: date
    phone: str | None = None
    #: From when the line manager leads, if that is another one; None: from today.
    manager_from: date | None = None


def create(uow: UnitOfWork, facts: PersonFacts) -> UUID:
    """Takes a new person in, with the role that everybody has. They are invited apart."""
    if not access.can(uow, Permission.EMPLOYEE_EDIT, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)
    licences.refuse_newcomers(uow)
    employee = Employee(id=uuid4(), email=free_email(uow, facts.email, None))
    _write_facts(uow, employee, facts)
    uow.session.add(employee)
    uow.session.flush()  # everything else refers to it
    check_site(uow, facts.terms.site_id)
    employments.begin(uow, employee.id, facts.terms, facts.terms_from)
    memberships.set_teams(uow, employee.id, facts.team_ids, facts.terms_from)
    manager_id = line_managers.find(uow, facts.line_manager_email)
    line_managers.begin(uow, employee.id, manager_id, facts.terms_from)
    everyone = uow.session.scalars(select(Role.id).where(Role.key == roles.EVERYONE)).one()
    uow.session.add(RoleGrant(employee_id=employee.id, role_id=everyone))
    entitlements.ensure_grants(uow, [employee.id], [uow.today().year])
    audit.record(
        uow,
        audit.Action.EMPLOYEE_CREATED,
        subject=employee,
        start_date=facts.terms_from.isoformat(),
        weekly_minutes=facts.terms.pattern.weekly_minutes,
        teams=len(facts.team_ids),
    )
    return employee.id


def check_may_edit(uow: UnitOfWork, employee_id: UUID) -> None:
    """Refuses as not found before anything of a form is looked at."""
    access.employee_for(uow, Permission.EMPLOYEE_EDIT, employee_id)


def edit(uow: UnitOfWork, employee_id: UUID, facts: PersonFacts, *, seen: str) -> None:
    """Changes a record whose `fingerprint` was `seen` when the form was opened."""
    employee = locked(uow, Permission.EMPLOYEE_EDIT, employee_id)
    segments = employments.list_of(uow, employee_id)
    led = line_managers.rows_of(uow, [employee_id])[employee_id]
    if fingerprint(employee, segments, memberships.current_teams(uow, employee_id), led) != seen:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    email = free_email(uow, facts.email, employee.id)
    if email != employee.email:
        roles.refuse_above_own(uow, employee.id)
        move_sign_in(uow, employee, email)
    _write_facts(uow, employee, facts)
    check_site(uow, facts.terms.site_id)
    employments.check_day(segments, facts.terms_from)
    new_terms = employments.change_from(uow, employee_id, facts.terms, facts.terms_from)
    joined, left = memberships.set_teams(
        uow, employee_id, facts.team_ids, max(uow.today(), _began(uow, employee_id))
    )
    _set_manager(uow, employee_id, facts, segments)
    changed = {"terms_from": facts.terms_from.isoformat()} if new_terms else {}
    audit.record(
        uow, audit.Action.EMPLOYEE_CHANGED, subject=employee, teams_joined=joined, teams_left=left, **changed
    )


def deactivate(uow: UnitOfWork, employee_id: UUID) -> None:
    """The person has left: signed out at once, no way back in, employment and teams end today."""
    if employee_id == uow.actor.employee_id:
        raise Refusal(Reason.NOT_PERMITTED)
    roles.keep_somebody(uow, employee_id)
    let_go(uow, locked(uow, Permission.EMPLOYEE_EDIT, employee_id))


def let_go(uow: UnitOfWork, employee: Employee) -> None:
    """Ends everything that lets the person in. The caller has checked who may, and that somebody stays."""
    if not employee.active:
        return
    employee.active = False
    employments.end_after(uow, employee.id, uow.today())
    memberships.end_after(uow, employee.id, uow.today())
    line_managers.leave(uow, employee.id, uow.today())
    sign_in_links.kill_all(uow, employee.id, *LinkPurpose)
    sessions.end_all_of(uow, employee.id)
    feeds.end_all_of(uow, employee.id)
    audit.record(uow, audit.Action.EMPLOYEE_DEACTIVATED, subject=employee, last_day=uow.today().isoformat())


def reactivate(uow: UnitOfWork, employee_id: UUID) -> None:
    """The person is back: employed from today on the last terms, in the teams they left last."""
    licences.hold_places(uow)
    take_back(uow, locked(uow, Permission.EMPLOYEE_EDIT, employee_id))


def take_back(uow: UnitOfWork, employee: Employee) -> None:
    """Lets the person in again, if the licence has a place for them. The caller has checked who may."""
    if employee.active:
        return
    licences.refuse_newcomers(uow)
    employee.active = True
    employments.resume(uow, employee.id, uow.today())
    memberships.resume(uow, employee.id, uow.today())
    line_managers.resume(uow, employee.id, uow.today())
    audit.record(uow, audit.Action.EMPLOYEE_REACTIVATED, subject=employee, first_day=uow.today().isoformat())


def end_sessions(uow: UnitOfWork, employee_id: UUID) -> int:
    """Signs somebody out everywhere, for an admin."""
    access.employee_for(uow, Permission.SESSION_END_OTHERS, employee_id)
    return sessions.end_all_of(uow, employee_id)


def fingerprint(
    employee: Employee,
    segments: Iterable[Employment],
    team_ids: Iterable[UUID],
    led: Iterable[LineManagement],
) -> str:
    """What the record holds, in short: by it a form notices that somebody else was faster."""
    values = [
        employee.email,
        employee.first_name,
        employee.last_name,
        employee.employee_number,
        employee.job_title,
        employee.language,
        employee.active,
        (employee.phone_sealed or b"").hex(),
        *(
            (one.start_date, one.end_date, one.working_pattern, one.site_id, one.by_roster)
            for one in segments
        ),
        *sorted(map(str, team_ids)),
        *((one.manager_id, one.start_date, one.end_date) for one in led),
    ]
    return hashlib.sha256(repr(values).encode()).hexdigest()


def seal_phone(uow: UnitOfWork, employee: Employee, number: str) -> None:
    """Keeps the number (E.164) that HR knows, sealed; an empty one is removed."""
    if not number:
        employee.phone_sealed = None
        return
    employee.phone_sealed = sealing.seal(uow, number, row=Employee, column="phone_sealed", row_id=employee.id)


def normalised_phone(uow: UnitOfWork, phone: str) -> str:
    """The mobile number as E.164, read as one of the company's country unless it says otherwise."""
    country = uow.company.country
    return phone_numbers.normalise(phone, country, allowed_regions={country, *uow.outside.sms_regions})


def open_phone(uow: UnitOfWork, employee: Employee) -> str:
    """The number that HR knows, or an empty text. Whoever shows it records that."""
    if employee.phone_sealed is None:
        return ""
    return sealing.open_text(
        uow, employee.phone_sealed, row=Employee, column="phone_sealed", row_id=employee.id
    )


def _write_facts(uow: UnitOfWork, employee: Employee, facts: PersonFacts) -> None:
    employee.email = facts.email.strip().lower()
    employee.first_name = facts.first_name
    employee.last_name = facts.last_name
    employee.job_title = facts.job_title or None
    employee.language = facts.language
    employee.employee_number = free_number(uow, facts.employee_number, employee.id)
    if facts.phone is not None:
        _change_phone(uow, employee, facts.phone)


def _set_manager(uow: UnitOfWork, employee_id: UUID, facts: PersonFacts, segments: list[Employment]) -> None:
    manager_id = line_managers.find(uow, facts.line_manager_email)
    began = employments.first_day(segments)
    day = facts.manager_from or uow.today()
    if began is not None and day < min(began, uow.today()):
        raise Refusal(Reason.NO_EMPLOYMENT, field="manager_from", date=day)
    line_managers.change_from(uow, employee_id, manager_id, day)


def _change_phone(uow: UnitOfWork, employee: Employee, phone: str) -> None:
    """Sealing the same number again would look like a change."""
    number = normalised_phone(uow, phone) if phone.strip() else ""
    if number != open_phone(uow, employee):
        seal_phone(uow, employee, number)


def locked(uow: UnitOfWork, permission: Permission, employee_id: UUID) -> Employee:
    """The person within reach, with the row held until the end."""
    employee = access.employee_for(uow, permission, employee_id)
    uow.session.refresh(employee, with_for_update={"key_share": True})
    if employee.erased_at is not None:
        raise Refusal(Reason.NOT_FOUND)  # what is left is nobody any more
    return employee


def free_email(uow: UnitOfWork, typed: str, owner: UUID | None) -> str:
    """The address in lower case; the same address in another company is nobody's business (T101)."""
    try:
        email = cells.email(typed.strip())
    except cells.CellError:
        raise Refusal(Reason.EMAIL_INVALID, field="email") from None
    holder = uow.session.scalar(select(Employee.id).where(Employee.email == email))
    if holder is not None and holder != owner:
        raise Refusal(Reason.EMAIL_TAKEN, field="email")
    return email


def free_number(uow: UnitOfWork, number: str | None, owner: UUID) -> str | None:
    """The number, if nobody else in the company has it."""
    if not number:
        return None
    holder = uow.session.scalar(select(Employee.id).where(Employee.employee_number == number))
    if holder is not None and holder != owner:
        raise Refusal(Reason.EMPLOYEE_NUMBER_TAKEN, field="employee_number")
    return number


def check_site(uow: UnitOfWork, site_id: UUID | None) -> None:
    """Refuses a site that this company does not have (T100)."""
    if site_id is not None and uow.session.scalar(select(Site.id).where(Site.id == site_id)) is None:
        raise Refusal(Reason.NOT_FOUND, field="site")


def _began(uow: UnitOfWork, employee_id: UUID) -> date:
    return employments.first_day(employments.list_of(uow, employee_id)) or uow.today()


def move_sign_in(uow: UnitOfWork, employee: Employee, email: str) -> None:
    """The password follows the new address; links that lie in the old mailbox are dead, and both mailboxes are told.

    Who never had a way in is told nothing: what HR corrects then is a slip of the pen, and the mailbox a stranger's.
    """
    if uow.session.scalar(select(exists().where(Identity.employee_id == employee.id))):
        _tell_both_mailboxes(uow, employee, email)
    uow.session.execute(
        update(Identity)
        .where(Identity.employee_id == employee.id, Identity.provider == "password")
        .values(subject=email)
    )
    sign_in_links.kill_all(uow, employee.id, *LinkPurpose)


def _tell_both_mailboxes(uow: UnitOfWork, employee: Employee, email: str) -> None:
    old = employee.email
    for mailbox in (old, email):
        outbox.queue_mail(
            uow,
            employee,
            "email_changed",
            to=mailbox,
            old=old,
            new=email,
            changed_at=written_moments.for_letter(uow, employee, uow.clock.now()),
            link=f"{uow.outside.url}/c/{uow.company.slug}/sessions",
        )

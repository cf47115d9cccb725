"""Coming in by a provider: found by (company, provider, subject) alone, or joined in one of two narrow ways.

Nobody is ever found by e-mail. Whoever stays outside is told nothing about the company; its admin reads why.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import Asserted, Check, CheckName, Encounter, Heard, Verdict, Way, failed, judge
from portal.models.employee import Employee
from portal.models.identity import Identity, LinkPurpose, SignInLink
from portal.models.identity_provider import IdentityProvider
from portal.services import audit, employments, licences, sign_in, sign_in_links
from portal.services.sign_in import Browser, Opened
from portal.services.sso import provider_access, role_mapping, trip_limits
from portal.services.sso.transactions import Trip


def enter(
    uow: UnitOfWork, provider: IdentityProvider, trip: Trip, heard: Heard, *, browser: Browser
) -> Opened:
    """Opens a session for whom the provider vouches for; refuses everybody else, with the reason on record."""
    asserted = genuine(uow, provider, heard)
    verdict, person = weigh(uow, provider, asserted, invitation_id=trip.invitation_id)
    if verdict.way is None:
        raise deny(uow, provider, failed(verdict.checks), asserted)
    uow.keep_when_refused = False
    if verdict.way is Way.KNOWN and person is not None:
        identity = _identity(uow, provider, asserted)
    elif verdict.way is Way.INVITATION and person is not None and trip.invitation_id is not None:
        identity = _accept_invitation(uow, provider, asserted, person, trip.invitation_id)
    else:
        person = _take_in(uow, provider, asserted)
        identity = add_identity(uow, provider, asserted, person)
    trip_limits.note_arrival(uow, person, provider.name)
    return sign_in.open_by_provider(
        uow, person, identity, browser, how=provider.name, vouched=provider.asks_second_factor
    )


def weigh(
    uow: UnitOfWork, provider: IdentityProvider, asserted: Asserted, *, invitation_id: UUID | None = None
) -> tuple[Verdict, Employee | None]:
    """Would this person be let in, and as whom? Reads only; a test asks the same."""
    known = uow.session.scalars(
        select(Employee)
        .join(Identity, Identity.employee_id == Employee.id)
        .where(Identity.provider == str(provider.id), Identity.subject == asserted.subject)
    ).one_or_none()
    invited = _invited(uow, invitation_id) if known is None and invitation_id is not None else None
    person = known or invited
    met = Encounter(
        joining=provider.joining,
        domains=provider_access.domains(uow),
        known=known is not None,
        active=person is None or person.active,
        invited=invited.email if invited is not None else None,
        address_taken=_taken(uow, asserted.email),
    )
    return judge(asserted, met), person


def genuine(uow: UnitOfWork, provider: IdentityProvider, heard: Heard) -> Asserted:
    """Of whom the provider speaks, if it is the provider that speaks; refused and on record otherwise."""
    wrong = failed(heard.checks)
    if wrong is not None or heard.asserted is None:
        raise deny(uow, provider, wrong, None)
    return heard.asserted


def deny(
    uow: UnitOfWork, provider: IdentityProvider, why: Check | None, asserted: Asserted | None
) -> Refusal:
    """Puts the reason on record for the admin, and makes the refusal that tells an outsider nothing."""
    uow.keep_when_refused = True
    name = why.name if why is not None else CheckName.READABLE
    if name not in _NOBODYS_FAULT:
        trip_limits.note_failure(uow)
    facts = {"email": asserted.email, "account": asserted.subject} if asserted is not None else {}
    if why is not None and why.seen:
        facts["seen"] = why.seen[:200]
    audit.record(
        uow, audit.Action.SSO_DENIED, subject=provider, provider=provider.name, reason=name.value, **facts
    )
    return Refusal(_PAGES.get(name, Reason.SSO_NOT_ADMITTED if asserted else Reason.SSO_NOT_GENUINE))


def add_identity(
    uow: UnitOfWork, provider: IdentityProvider, asserted: Asserted, person: Employee
) -> Identity:
    """From now on this account of the provider is a way in for the person."""
    identity = Identity(employee_id=person.id, provider=str(provider.id), subject=asserted.subject)
    uow.session.add(identity)
    uow.session.flush()  # a session refers to it, and of two at once the second is refused here
    audit.record(uow, audit.Action.SSO_LINKED, subject=person, provider=provider.name, person=person.email)
    return identity


#: The provider was out of reach, or the person turned back there: no guess at anything.
_NOBODYS_FAULT = {CheckName.REACHED, CheckName.CREDENTIALS, CheckName.COMPLETED}
#: What the person can do something about has a page of its own.
_PAGES = {
    CheckName.CONFIRMATION_TIME: Reason.SSO_CLOCK,
    CheckName.EXPIRY: Reason.SSO_CLOCK,
    CheckName.ISSUED: Reason.SSO_CLOCK,
    CheckName.NOT_BEFORE: Reason.SSO_CLOCK,
    CheckName.SIGNED_IN_AT: Reason.SSO_CLOCK,
    CheckName.ADDRESS_GIVEN: Reason.SSO_ATTRIBUTE_MISSING,
    CheckName.NAME_GIVEN: Reason.SSO_ATTRIBUTE_MISSING,
    CheckName.SUBJECT: Reason.SSO_ATTRIBUTE_MISSING,
}


def _identity(uow: UnitOfWork, provider: IdentityProvider, asserted: Asserted) -> Identity:
    return uow.session.scalars(
        select(Identity).where(Identity.provider == str(provider.id), Identity.subject == asserted.subject)
    ).one()


def _invited(uow: UnitOfWork, invitation_id: UUID) -> Employee | None:
    """Whom the invitation was sent to, while its link works."""
    return uow.session.scalars(
        select(Employee)
        .join(SignInLink, SignInLink.employee_id == Employee.id)
        .where(
            SignInLink.id == invitation_id,
            SignInLink.purpose == LinkPurpose.INVITATION,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > uow.clock.now(),
        )
    ).one_or_none()


def _taken(uow: UnitOfWork, email: str) -> bool:
    found = uow.session.scalar(select(Employee.id).where(Employee.email == email)) if email else None
    return found is not None


def _accept_invitation(
    uow: UnitOfWork, provider: IdentityProvider, asserted: Asserted, person: Employee, invitation_id: UUID
) -> Identity:
    """The link is used up as if a password had been chosen behind it."""
    sign_in_links.use_up_by_id(uow, invitation_id)
    sign_in.act_as(uow, person)
    identity = add_identity(uow, provider, asserted, person)
    audit.record(uow, audit.Action.INVITATION_ACCEPTED, subject=person, provider=provider.name)
    return identity


def _take_in(uow: UnitOfWork, provider: IdentityProvider, asserted: Asserted) -> Employee:
    """Somebody new of the company's own domain: employed full time from today until HR says more precisely."""
    licences.refuse_newcomers(uow)
    person = Employee(
        id=uuid4(),
        email=asserted.email,
        first_name=asserted.first_name,
        last_name=asserted.last_name,
        language=uow.company.language,
    )
    uow.session.add(person)
    uow.session.flush()  # everything else refers to it
    sign_in.act_as(uow, person)
    employments.begin(uow, person.id, employments.Terms(employments.FULL_TIME, None), uow.today())
    audit.record(uow, audit.Action.EMPLOYEE_CREATED, subject=person, provider=provider.name)
    role_mapping.grant(uow, person.id, asserted.groups, provider.role_mapping)
    return person

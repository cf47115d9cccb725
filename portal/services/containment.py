"""What stops an incident in one company, with one press of the operator: its admins read each in their log."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.incidents import Containment
from portal.domain.sso import ProviderState
from portal.models.company import Company
from portal.models.identity_provider import IdentityProvider
from portal.services import audit, sealing, sessions
from portal.services.sso import notices


def contain(uow: UnitOfWork, measure: Containment, *, incident: str) -> int:
    """Does it and says how many sessions or providers it met; 0 or 1 for the state of the company."""
    done = _MEASURES[measure](uow)
    audit.record(uow, audit.Action.INCIDENT_CONTAINED, incident=incident, measure=measure.value, number=done)
    return done


def _end_sessions(uow: UnitOfWork) -> int:
    return sessions.end_all(uow)


def _switch_off_providers(uow: UnitOfWork) -> int:
    """All of them, also the last one: who has no other way in waits for an admin with the emergency password."""
    active = select(IdentityProvider).where(IdentityProvider.state == ProviderState.ACTIVE).with_for_update()
    found = uow.session.scalars(active).all()
    for provider in found:
        provider.state = ProviderState.OFF
        sessions.end_all_by(uow, str(provider.id))
        audit.record(uow, audit.Action.IDENTITY_PROVIDER_SWITCHED_OFF, subject=provider)
    if found:
        notices.tell_managers(uow)
    return len(found)


def _new_key(uow: UnitOfWork) -> int:
    """From now on values and files are sealed with a key that nobody has seen; what lies there opens as before."""
    return sealing.renew_company_key(uow)


def _hold(uow: UnitOfWork) -> int:
    company = _locked(uow)
    if company.read_only_since is not None:
        return 0
    company.read_only_since = uow.clock.now()
    audit.record(uow, audit.Action.COMPANY_HELD, subject=company)
    return 1


def _lift(uow: UnitOfWork) -> int:
    company = _locked(uow)
    if company.read_only_since is None:
        return 0
    company.read_only_since = None
    audit.record(uow, audit.Action.COMPANY_FREED, subject=company)
    return 1


def _locked(uow: UnitOfWork) -> Company:
    return uow.session.scalars(select(Company).where(Company.id == uow.company.id).with_for_update()).one()


_MEASURES = {
    Containment.SESSIONS: _end_sessions,
    Containment.PROVIDERS: _switch_off_providers,
    Containment.KEYS: _new_key,
    Containment.READ_ONLY: _hold,
    Containment.LIFT: _lift,
}

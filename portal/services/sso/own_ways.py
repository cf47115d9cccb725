"""One's own ways in: the password, and the accounts of providers that are linked with oneself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import ProviderKind, ProviderState
from portal.models.employee import Employee
from portal.models.identity import Identity, OneTimeCode, SignInSession
from portal.models.identity_provider import IdentityProvider
from portal.services import access, audit, outbox, sign_in_policy, written_moments
from portal.services.company_lock import lock_company
from portal.services.sign_in_policy import PASSWORD


@dataclass(frozen=True)
class OwnWay:
    """A provider of the company and whether the actor's account there is linked. `in_use`: this session's own."""

    provider_id: UUID
    kind: ProviderKind
    name: str
    linked_at: datetime | None
    in_use: bool


@dataclass(frozen=True)
class OwnWays:
    providers: list[OwnWay]
    has_password: bool
    #: A password of the actor opens something.
    password_counts: bool


def list_mine(uow: UnitOfWork) -> OwnWays:
    """The actor's password and every active or linked provider."""
    mine = uow.session.scalars(select(Identity).where(Identity.employee_id == uow.actor.employee_id)).all()
    by_provider = {one.provider: one for one in mine}
    current = uow.session.scalar(
        select(SignInSession.identity_id).where(SignInSession.id == uow.request.session_id)
    )
    rows = uow.session.scalars(select(IdentityProvider).order_by(IdentityProvider.created_at))
    ways = []
    for row in rows:
        identity = by_provider.get(str(row.id))
        if identity is not None or row.state is ProviderState.ACTIVE:
            linked_at = identity.created_at if identity is not None else None
            in_use = identity is not None and identity.id == current
            ways.append(OwnWay(row.id, row.kind, row.name, linked_at, in_use))
    password = by_provider.get(PASSWORD)
    shut_out = uow.actor.employee_id is not None and sign_in_policy.current(uow).shuts_out(
        uow.actor.employee_id
    )
    return OwnWays(ways, password is not None and password.password_hash is not None, not shut_out)


def unlink(uow: UnitOfWork, provider_id: UUID) -> None:
    """Takes an account away from the actor's ways in, unless this session came by it or no other way is left."""
    lock_company(uow)
    provider = access.one_or_refuse(uow, select(IdentityProvider).where(IdentityProvider.id == provider_id))
    ways = list_mine(uow)
    way = next((one for one in ways.providers if one.provider_id == provider_id), None)
    if way is None or way.linked_at is None:
        raise Refusal(Reason.NOT_FOUND)
    others = [one for one in ways.providers if one.linked_at is not None and one is not way]
    if way.in_use or not (others or (ways.has_password and ways.password_counts)):
        raise Refusal(Reason.SSO_LAST_WAY)
    _delete(uow, str(provider_id))
    person = uow.session.scalars(select(Employee).where(Employee.id == uow.actor.employee_id)).one()
    audit.record(uow, audit.Action.SSO_UNLINKED, subject=person, provider=provider.name, person=person.email)
    outbox.queue_mail(
        uow,
        person,
        "sign_in_unlinked",
        provider=provider.name,
        removed_at=written_moments.for_letter(uow, person, uow.clock.now()),
        link=f"{uow.outside.url}/c/{uow.company.slug}/sign-in-methods",
    )


def _delete(uow: UnitOfWork, provider: str) -> None:
    """The sessions that came by the account go with it, and the codes that were sent to them."""
    mine = select(Identity.id).where(
        and_(Identity.employee_id == uow.actor.employee_id, Identity.provider == provider)
    )
    by_it = select(SignInSession.id).where(SignInSession.identity_id.in_(mine))
    for statement in (
        delete(OneTimeCode).where(OneTimeCode.session_id.in_(by_it)),
        delete(SignInSession).where(SignInSession.identity_id.in_(mine)),
        delete(Identity).where(Identity.employee_id == uow.actor.employee_id, Identity.provider == provider),
    ):
        uow.session.execute(statement.execution_options(synchronize_session=False))

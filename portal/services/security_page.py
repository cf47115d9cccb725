"""What a person's own security page shows: their second factors, and who read what is sealed of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from portal.db import UnitOfWork
from portal.domain.second_factors import Factor
from portal.integrations import phone_numbers
from portal.models.employee import Employee
from portal.models.factor import Authenticator
from portal.models.identity import PhoneFactor
from portal.services import own_factors, passkeys, sealed_reads, second_factors
from portal.services.passkeys import PasskeyLine
from portal.services.sealed_reads import Looks

_LOOKS = 5


@dataclass(frozen=True)
class OwnFactors:
    """The actor's factors. `phone` is masked, and empty where there is none."""

    asked: bool
    #: Whether the company asks for a factor and none but this kind works.
    last: Factor | None
    passkeys: list[PasskeyLine]
    authenticator_since: datetime | None
    authenticator_stopped: bool
    phone: str
    phone_stopped: bool
    recovery_codes: int
    has_any: bool


@dataclass(frozen=True)
class SecurityPage:
    factors: OwnFactors
    #: The latest readings of the actor's sealed values.
    looks: Looks


def show(uow: UnitOfWork) -> SecurityPage:
    """Reads only what belongs to the actor."""
    standing = own_factors.standing(uow, uow.actor.employee_id)
    keys = passkeys.list_mine(uow) if Factor.PASSKEY in standing.bound else []
    since, phone, looks = _app_phone_and_looks(uow)
    protected = [one for one in standing.bound if not standing.may_lose(one)]
    if Factor.PASSKEY in protected and len(keys) > 1:
        protected = []  # one of several passkeys may go
    factors = OwnFactors(
        asked=standing.asked,
        last=protected[0] if len(protected) == 1 else None,
        passkeys=keys,
        authenticator_since=since,
        authenticator_stopped=Factor.AUTHENTICATOR in standing.stopped,
        phone=phone,
        phone_stopped=Factor.SMS in standing.stopped,
        recovery_codes=standing.recovery_codes,
        has_any=bool(standing.bound),
    )
    return SecurityPage(factors, looks)


def _app_phone_and_looks(uow: UnitOfWork) -> tuple[datetime | None, str, Looks]:
    """Since when there is an app, the masked number, the latest readings; one more statement for the number's key."""
    app = select(Authenticator.confirmed_at).where(
        Authenticator.employee_id == uow.actor.employee_id, Authenticator.confirmed_at.is_not(None)
    )
    bound = and_(PhoneFactor.employee_id == Employee.id, PhoneFactor.confirmed_at.is_not(None))
    query = (
        select(app.scalar_subquery(), PhoneFactor, sealed_reads.latest_of_mine(uow, _LOOKS))
        .select_from(Employee)
        .join(PhoneFactor, bound, isouter=True)
        .where(Employee.id == uow.actor.employee_id)
    )
    row = uow.session.execute(query).one()
    since: datetime | None = row[0]
    factor: PhoneFactor | None = row[1]
    phone = phone_numbers.masked(second_factors.number_of(uow, factor)) if factor is not None else ""
    return since, phone, sealed_reads.read_latest(row[2], _LOOKS)

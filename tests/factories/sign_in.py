"""Companies that ask for second factors, and people who have some: a number, an app, recovery codes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import select, update

from portal.db import UnitOfWork
from portal.domain.second_factors import Policy
from portal.models import Authenticator, Company, Employee, PhoneFactor
from portal.services import one_time_codes, recovery_codes, sealing, sessions
from tests.factories.people import identity_of

PHONE = "+420601123456"


def ask_for_codes(uow: UnitOfWork, *, on: bool = True) -> None:
    """Asks everybody for a second factor, or nobody, as the company's admin would."""
    policy = Policy.EVERYONE if on else Policy.OFF
    uow.session.execute(
        update(Company).where(Company.id == uow.company.id).values(second_factor_policy=policy)
    )


def bind_phone(uow: UnitOfWork, employee_id: UUID, number: str = PHONE) -> None:
    """A number that has been confirmed by a code before."""
    factor = PhoneFactor(
        employee_id=employee_id, phone_sealed=b"", phone_index=b"", confirmed_at=uow.clock.now()
    )
    uow.session.add(factor)
    uow.session.flush()
    factor.phone_sealed = sealing.seal(uow, number, row=PhoneFactor, column="phone_sealed", row_id=factor.id)
    factor.phone_index = one_time_codes.number_index(uow, number)


def tell_hr_the_number(uow: UnitOfWork, employee_id: UUID, number: str = PHONE) -> None:
    """The number that HR has in the person's record."""
    employee = uow.session.scalars(select(Employee).where(Employee.id == employee_id)).one()
    employee.phone_sealed = sealing.seal(uow, number, row=Employee, column="phone_sealed", row_id=employee_id)


def factor_of(uow: UnitOfWork, employee_id: UUID) -> PhoneFactor:
    """The number the person has bound or is about to bind."""
    return uow.session.scalars(select(PhoneFactor).where(PhoneFactor.employee_id == employee_id)).one()


def set_up_app(uow: UnitOfWork, employee_id: UUID) -> str:
    """An authenticator app that was proven before; its secret."""
    session, _ = sessions.start(uow, identity_of(uow, employee_id), browser="phone", complete=True)
    row_id, secret = uuid4(), pyotp.random_base32()
    sealed = sealing.seal(uow, secret, row=Authenticator, column="secret_sealed", row_id=row_id)
    uow.session.add(
        Authenticator(
            id=row_id,
            employee_id=employee_id,
            session_id=session.id,
            secret_sealed=sealed,
            confirmed_at=uow.clock.now(),
        )
    )
    uow.session.flush()
    return secret


def app_code(secret: str, clock, *, steps: int = 0) -> str:
    """What the app shows at the portal's time, or so many steps later."""
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


def list_codes(uow: UnitOfWork) -> list[str]:
    """A new list of recovery codes of whoever `uow` acts for."""
    return recovery_codes.make(uow)

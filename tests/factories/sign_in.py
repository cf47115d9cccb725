"""Companies that ask for codes, and people with a bound number."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from portal.db import UnitOfWork
from portal.models import Company, Employee, PhoneFactor
from portal.services import one_time_codes, sealing

PHONE = "+420601123456"


def ask_for_codes(uow: UnitOfWork, *, on: bool = True) -> None:
    """Switches the company's second factor, as its admin would."""
    uow.session.execute(update(Company).where(Company.id == uow.company.id).values(second_factor=on))


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

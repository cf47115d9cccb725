"""A company's own settings, changed by its admins."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.integrations.public_holidays import countries, subdivisions
from portal.models.company import Company
from portal.services import audit, companies

_LONGEST_NAME = 120


@dataclass(frozen=True)
class CompanySettings:
    """What the settings page asks for."""

    name: str
    language: str
    time_zone: str
    country: str
    subdivision: str | None


def current(uow: UnitOfWork) -> CompanySettings:
    """As they stand."""
    company = uow.company
    return CompanySettings(
        company.name,
        company.language,
        company.time_zone,
        company.country,
        company.subdivision,
    )


def change(uow: UnitOfWork, wanted: CompanySettings) -> None:
    """Writes them. How people sign in is changed elsewhere: second_factor_policy.py."""
    _check(wanted)
    company = uow.session.scalars(select(Company).where(Company.id == uow.company.id).with_for_update()).one()
    company.name = wanted.name
    company.language = wanted.language
    company.time_zone = wanted.time_zone
    company.country = wanted.country
    company.subdivision = wanted.subdivision
    audit.record(uow, audit.Action.COMPANY_CHANGED, subject=company)
    uow.company = companies.facts(company)


def _check(wanted: CompanySettings) -> None:
    if not wanted.name:
        raise Refusal(Reason.MISSING, field="name")
    if len(wanted.name) > _LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=_LONGEST_NAME)
    if wanted.time_zone not in available_timezones():
        raise Refusal(Reason.MISSING, field="time_zone")
    if wanted.country not in countries():
        raise Refusal(Reason.UNKNOWN_REGION, field="country")
    if wanted.subdivision is not None and wanted.subdivision not in subdivisions(wanted.country):
        raise Refusal(Reason.UNKNOWN_REGION, field="subdivision")

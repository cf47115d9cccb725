"""Companies themselves: founding one, finding one from outside, changing its settings."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select

from portal.actors import CompanyFacts
from portal.db import UnitOfWork, without_company
from portal.domain.licences import Licence, LicenceKind
from portal.domain.permissions import BUILT_IN_ROLES
from portal.domain.refusals import Reason, Refusal
from portal.integrations.dns import ascii_name
from portal.models.absence_type import AbsenceType
from portal.models.company import Company, VerifiedDomain
from portal.models.role import Role, RolePermission
from portal.models.shift import ShiftTemplate
from portal.services import audit, domains, sealing

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


def find_slug(typed: str) -> str | None:
    """The short name of the company meant by a short name or a work e-mail; None when there is none."""
    typed = typed.strip().lower()
    with without_company() as session:
        if "@" not in typed:
            return session.scalar(select(Company.slug).where(Company.slug == typed))
        domain = _as_kept(typed.rpartition("@")[2])
        return session.scalar(
            select(Company.slug)
            .join(VerifiedDomain, VerifiedDomain.company_id == Company.id)
            .where(VerifiedDomain.domain == domain)
        )


def _as_kept(domain: str) -> str:
    try:
        return ascii_name(domain.removesuffix("."))
    except ValueError:
        return domain


def all_companies() -> list[CompanyFacts]:
    """Every company, for the jobs and commands that visit one after the other."""
    with without_company() as session:
        return [facts(company) for company in session.scalars(select(Company).order_by(Company.slug))]


def company_facts(company_id: UUID) -> CompanyFacts | None:
    """The company with this id, if it is still there."""
    with without_company() as session:
        company = session.get(Company, company_id)
        return facts(company) if company is not None else None


def find_facts(slug: str) -> CompanyFacts | None:
    """The company with this short name."""
    with without_company() as session:
        query = select(Company).where(Company.slug == slug.strip().lower())
        company = session.scalars(query).one_or_none()
        return facts(company) if company is not None else None


def facts(company: Company) -> CompanyFacts:
    """What every unit of work carries of its company."""
    return CompanyFacts(
        id=company.id,
        slug=company.slug,
        name=company.name,
        language=company.language,
        time_zone=company.time_zone,
        country=company.country,
        subdivision=company.subdivision,
        second_factor_policy=company.second_factor_policy,
        licence=licence_of(company),
        read_only=company.read_only_since is not None,
    )


def licence_of(company: Company) -> Licence:
    """The dates in the company's row."""
    return Licence(
        company.licence_kind or LicenceKind.UNLIMITED,
        company.licence_ends_on,
        company.overdue_since,
        company.closed_on,
        erasing=company.erasing_since is not None,
    )


def check_slug(slug: str) -> None:
    """Refuses a short name that no address could carry or that is taken."""
    if not _SLUG.fullmatch(slug):
        raise Refusal(Reason.COMPANY_SLUG_INVALID, field="slug")
    if find_slug(slug) is not None:
        raise Refusal(Reason.COMPANY_SLUG_TAKEN, field="slug")


def found(uow: UnitOfWork) -> Company:
    """Writes the company that `uow` was opened for: its row, key, built-in roles, types and shifts."""
    check_slug(uow.company.slug)
    company = Company(
        id=uow.company.id,
        slug=uow.company.slug,
        name=uow.company.name,
        language=uow.company.language,
        time_zone=uow.company.time_zone,
        country=uow.company.country,
        subdivision=uow.company.subdivision,
        second_factor_policy=uow.company.second_factor_policy,
        licence_kind=uow.company.licence.kind,
        licence_ends_on=uow.company.licence.ends_on,
    )
    uow.session.add(company)
    uow.session.flush()  # everything else refers to it
    sealing.new_company_key(uow)
    _add_built_in_roles(uow)
    _add_first_types(uow)
    audit.record(uow, audit.Action.COMPANY_CREATED, subject=company)
    return company


def verify_domain(uow: UnitOfWork, domain: str) -> None:
    """Makes an e-mail domain lead to this company. The operator vouches for it; admins prove theirs by DNS."""
    domains.vouch(uow, domain)


def _add_built_in_roles(uow: UnitOfWork) -> None:
    for key, grants in BUILT_IN_ROLES.items():
        role = Role(key=key, name=key.capitalize())
        uow.session.add(role)
        uow.session.flush()  # its permissions refer to it
        for permission, reach in grants.items():
            uow.session.add(RolePermission(role_id=role.id, permission=permission.value, reach=reach.value))


def _add_first_types(uow: UnitOfWork) -> None:
    uow.session.add_all(
        [
            AbsenceType(key="vacation", name="Vacation", code="V", colour="green", yearly_entitlement=25_000),
            ShiftTemplate(
                code="E", name="Early", colour="blue", starts_minute=360, ends_minute=870, break_minutes=30
            ),
            ShiftTemplate(
                code="L", name="Late", colour="orange", starts_minute=840, ends_minute=1350, break_minutes=30
            ),
            ShiftTemplate(
                code="N",
                name="Night",
                colour="purple",
                starts_minute=1320,
                ends_minute=1830,
                break_minutes=30,
            ),
        ]
    )

"""A company with its key, roles and types, as `flask company create` makes it."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from portal.actors import Actor, CompanyFacts, RequestFacts
from portal.db import UnitOfWork, unit_of_work
from portal.domain.second_factors import Policy
from portal.models import Role
from portal.services import companies

OPERATOR = Actor(employee_id=None, name="Operator", email="operator@staffroom.example")
REQUEST = RequestFacts(ip="192.0.2.1", request_id="tests")


def make_company(staffroom, slug: str, name: str, **facts) -> CompanyFacts:
    """Founds a company and commits."""
    values = {"language": "en", "time_zone": "Europe/Prague", "country": "CZ", "subdivision": None}
    company = CompanyFacts(uuid4(), slug, name, **{**values, "second_factor_policy": Policy.OFF, **facts})
    with work(staffroom, company) as uow:
        companies.found(uow)
    return company


def work(staffroom, company: CompanyFacts, actor: Actor = OPERATOR):
    """A unit of work of the company for a test's own set-up; it commits at the end of the block."""
    return unit_of_work(
        company,
        actor=actor,
        clock=staffroom.clock,
        request=REQUEST,
        version=staffroom.settings.version,
        outside=staffroom.outside,
    )


def role_named(uow: UnitOfWork, key: str):
    """The built-in role of the company."""
    return uow.session.scalars(select(Role).where(Role.key == key)).one()

"""The unit of work of a job: one company, named by the job itself, acted for by the portal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import current_app

from portal.db import Actor, RequestFacts, UnitOfWork, unit_of_work
from portal.services import companies

PORTAL_ITSELF = Actor(employee_id=None, name="Staffroom", email="")


class CompanyGone(Exception):
    """The job's company no longer exists; there is nothing left to do."""


@contextmanager
def company_job(company_id: str, *, job: str) -> Iterator[UnitOfWork]:
    """Opens the unit of work for the company that the job was queued for (T103)."""
    staffroom = current_app.extensions["staffroom"]
    company = companies.company_facts(UUID(company_id))
    if company is None:
        raise CompanyGone(company_id)
    with unit_of_work(
        company,
        actor=PORTAL_ITSELF,
        clock=staffroom.clock,
        request=RequestFacts(ip="", request_id=f"job:{job}"),
        version=staffroom.settings.version,
        outside=staffroom.outside,
    ) as uow:
        yield uow

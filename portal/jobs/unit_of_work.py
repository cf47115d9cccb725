"""The unit of work of a job: one company, named by the job itself, acted for by the portal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.exc import DBAPIError

from portal.actors import Actor, RequestFacts
from portal.db import UnitOfWork, unit_of_work
from portal.jobs.fenced import Fenced
from portal.services import companies
from portal.services.backups import damage

_LOG = logging.getLogger("portal.jobs")
PORTAL_ITSELF = Actor(employee_id=None, name="Staffroom", email="")


class CompanyGone(Exception):
    """The job's company no longer exists; there is nothing left to do."""


@contextmanager
def company_job(company_id: str, *, job: str) -> Iterator[UnitOfWork]:
    """Opens the unit of work for the company that the job was queued for (T103)."""
    staffroom = current_app.extensions["staffroom"]
    if staffroom.fence.stands:
        raise Fenced(
            f"{job} waits: the data are damaged and nothing is written, see `flask integrity fence`."
        )
    company = companies.company_facts(UUID(company_id))
    if company is None:
        raise CompanyGone(company_id)
    with (
        _fencing_damage(staffroom),
        unit_of_work(
            company,
            actor=PORTAL_ITSELF,
            clock=staffroom.clock,
            request=RequestFacts(ip="", request_id=f"job:{job}"),
            version=staffroom.settings.version,
            outside=staffroom.outside,
        ) as uow,
    ):
        yield uow


@contextmanager
def _fencing_damage(staffroom: Any) -> Iterator[None]:
    """A job that meets a broken page stops all writing, as a page of the web does."""
    try:
        yield
    except DBAPIError as error:
        damage.stops_writing(error, staffroom.fence, at=staffroom.clock.now())
        raise


def in_every_company(*steps: Callable[[UnitOfWork], object], job: str) -> None:
    """Each step in a transaction of its own."""

    def work(company_id: str) -> None:
        for step in steps:
            with company_job(company_id, job=job) as uow:
                step(uow)

    for_every_company(work, job=job)


def for_every_company(work: Callable[[str], object], *, job: str) -> None:
    """The work that opens its own transactions, for each company by its id. Trouble in one company keeps no other from
    its turn; the next run makes up for it.
    """
    for company in companies.all_companies():
        try:
            work(str(company.id))
        except CompanyGone:
            continue
        except Fenced:
            raise  # for every other company too
        except Exception:  # noqa: BLE001 - whatever it is, it is logged, and the others have their turn
            _LOG.exception("%s failed for company %s; the next run tries again", job, company.id)

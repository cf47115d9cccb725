"""Loads the demo companies, each in one transaction: a kill leaves all of a company or nothing of it."""

from __future__ import annotations

from uuid import uuid4

from portal.actors import Actor, CompanyFacts, RequestFacts
from portal.db import unit_of_work
from portal.demo import (
    absences,
    documents,
    entitlements,
    operator,
    overtime,
    people,
    planning,
    rosters,
    sickness,
    staffing,
)
from portal.demo.companies import COMPANIES, DemoCompany
from portal.demo.story import Story
from portal.domain.clock import Clock
from portal.domain.second_factors import Policy
from portal.services import companies
from portal.services.outside import Outside

_OPERATOR = Actor(employee_id=None, name="Operator", email="")
_REQUEST = RequestFacts(ip="", request_id="demo")


def missing() -> list[DemoCompany]:
    """The demo companies that are not there, unless the portal has companies of its own."""
    present = {company.slug for company in companies.all_companies()}
    known = {demo.slug for demo in COMPANIES}
    return [] if present - known else [demo for demo in COMPANIES if demo.slug not in present]


def load(demo: DemoCompany, *, clock: Clock, outside: Outside, version: str) -> None:
    """Tells the company's story from its founding to this morning."""
    company = CompanyFacts(
        id=uuid4(),
        slug=demo.slug,
        name=demo.name,
        language="en",
        time_zone=demo.time_zone,
        country=demo.country,
        subdivision=None,
        second_factor_policy=Policy.EVERYONE if demo.second_factor else Policy.OFF,
    )
    incident = operator.prepare(clock, outside)
    with unit_of_work(
        company, actor=_OPERATOR, clock=clock, request=_REQUEST, version=version, outside=outside
    ) as uow:
        story = Story(uow)
        people.found(story, demo)
        operator.tell(story, demo, incident)
        absences.tell(story, demo)
        rosters.tell(story, demo)
        sickness.tell(story, demo)
        overtime.tell(story, demo)
        staffing.tell(story, demo)
        planning.tell(story, demo)
        documents.tell(story, demo)
        entitlements.tell(story, demo)

"""Measures the bar beside a wish, as it answers while somebody chooses dates, in a company of 300 people.

`python -m benchmarks.wishes` prints the rows.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, select
from werkzeug.test import Client, TestResponse

from benchmarks.floors import bare_app
from benchmarks.floors.wishes import add_wishes
from benchmarks.large_company import LargeCompany, _hr, make
from benchmarks.pages import PEOPLE, TEAM_SIZE, Pair, Side, _compare, _portal, _signed_in
from portal.app import calm_the_collector
from portal.domain.staffing import Effect, Measure, Metric, StaffingRule
from portal.models import AbsenceType, Employee, Team
from portal.services.staffing import rules
from portal.services.staffing.crowd import RuleFacts
from tests.factories.companies import work

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
#: From today: two weeks in which others are away and the year may end.
AHEAD, LENGTH = 35, 12


@dataclass
class FormSide(Side):
    """Sends a form, as the page does at each change of it."""

    form: dict[str, str]

    def ask(self) -> TestResponse:
        return self.client.post(self.path, data=self.form, headers={"HX-Request": "true"})


def measure() -> list[dict[str, Any]]:
    """Four rows: time, tail, statements, bytes."""
    with _portal(lambda staffroom: [_company(staffroom)]) as (app, database, companies):
        (company,) = companies
        with app.app_context(), work(app.extensions["staffroom"], company.facts) as uow:
            type_id = uow.session.scalars(select(AbsenceType.id)).one()
        begins = company.today + timedelta(days=AHEAD)
        form = {
            "absence_type_id": str(type_id),
            "start_date": begins.isoformat(),
            "end_date": (begins + timedelta(days=LENGTH)).isoformat(),
            "first_part": "full",
            "last_part": "full",
            "key": str(uuid4()),
        }
        engine = create_engine(database.admin_url)
        bare = bare_app(database.admin_url, company.facts.id, company.roster_id, company.today)
        add_wishes(bare, engine, company.facts.id, company.employee_id)
        calm_the_collector()
        client = _signed_in(app, company)
        home = f"/c/{company.facts.slug}/"
        found = _TOKEN.search(client.get(home).text)
        assert found is not None, "a page of the portal has a form with a token"
        page = FormSide(client, f"{home}absences/preview", [], {**form, "csrf_token": found.group(1)})
        rows = _compare(_pair(company), page, FormSide(Client(bare), "/bar", [], form))
        engine.dispose()
        return rows


def _company(staffroom: Any) -> LargeCompany:
    """With a rule that says how many of the first team have to be there."""
    company = make(staffroom, "wishes", PEOPLE, team_size=TEAM_SIZE)
    with work(staffroom, company.facts) as uow:
        team_id = uow.session.scalars(select(Team.id).where(Team.name == "Ward 1")).one()
        employee = uow.session.scalars(select(Employee).where(Employee.id == company.employee_id)).one()
        uow.actor = _hr(employee)
        rule = StaffingRule(
            Metric.LEAST_PRESENT, Measure.PEOPLE, TEAM_SIZE // 2, Effect.REASON, company.today
        )
        rules.create(uow, RuleFacts(uuid4(), "Half of the ward", rule, team_id=team_id))
    return company


def _pair(company: LargeCompany) -> Pair:
    conditions = (
        f"price of {LENGTH + 1} days, balance, who of a team of {TEAM_SIZE} is away, a rule of staffing by day and"
        f" better dates, for one of {PEOPLE} people; answers not compressed; floor: bare view of the same rows"
    )
    return Pair("page.absences.preview.300", company, "/absences/preview", "/bar", conditions)


if __name__ == "__main__":
    for row in measure():
        print(json.dumps(row))

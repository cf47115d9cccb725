"""How many statements a page may send to the database: every page that the portal has, in companies of every size."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from benchmarks.large_company import make
from portal.database_url import libpq
from portal.domain.entitlement_plans import Frequency, Milestone, Plan, SeniorityUnit
from portal.models import Absence, AbsencePart, Employee, Employment, LedgerEntry, Team, TeamMembership
from portal.services import accruals, entitlement_plans
from portal.web.session_cookies import SESSION_COOKIE
from tests.factories.absences import vacation
from tests.factories.staffing import make_rule
from tests.web.test_companies_apart import acme_ids, addresses  # noqa: F401

MOST = 8
#: They ask a provider with nothing held in between, in two units of work; each of them is counted.
ASK_OUTSIDE = {"sso_settings.start_test"}
#: The dry run of a whole round reads the sheet, what everybody holds of all types that people wish for, and what the
#: law of each site says about late dates. Neither types nor people add to it, but for a type that may be taken before
#: it is earned (tests/web/planning_rounds/test_rounds.py).
MORE = {"planning_rounds.look": 19}
BEGINS = "SELECT set_config('app.company_id', id::text"


@pytest.mark.parametrize("who", ["ana", "eve"])
def test_no_page_needs_more_than_eight_statements(app, client, cast, statements, acme_ids, who):  # noqa: F811
    """A session that has just begun is measured: its access token is made and its idle limit moved on the way."""
    counted = {}
    for rule, address in addresses(app, "GET", acme_ids, "acme"):
        client.sign_in(cast.people[who])
        statements.clear()
        client.get(address)
        counted[rule.endpoint] = len(statements)
        if rule.endpoint in ASK_OUTSIDE:
            begins = [number for number, statement in enumerate(statements) if statement.startswith(BEGINS)]
            parts = [*begins, len(statements)]
            counted[rule.endpoint] = max(end - begin for begin, end in pairwise(parts))
    assert len(counted) > 30
    assert {page: count for page, count in counted.items() if count > MORE.get(page, MOST)} == {}


@pytest.mark.parametrize(
    "more",
    [{}, {"substitute_1": "pia@acme.example"}, {"start_date": "2026-11-30", "end_date": "2027-01-08"}],
    ids=["plain", "with who covers", "across a year"],
)
def test_the_bar_beside_a_wish_needs_no_more_than_eight(client, as_, cast, statements, more):
    """Its price by a plan that still earns, what lapses, who is away, how each day is staffed, and better dates."""
    with as_(cast.ana) as uow:
        kind = vacation(uow)
        monthly = Plan(
            date(2026, 1, 1),
            (Milestone(0, SeniorityUnit.DAYS, 24_000),),
            Frequency.MONTHLY,
            balance_cap=90_000,
        )
        entitlement_plans.change(uow, kind.id, monthly)
        entitlement_plans.allow_ahead(uow, kind.id, allowed=True)
        uow.session.flush()
        accruals.post(uow)
        make_rule(uow, amount=1, team_id=cast.teams["care"])
        asked = {"absence_type_id": str(kind.id), "start_date": "2026-08-03", "end_date": "2026-08-14"}
    form = {**asked, "key": str(uuid4()), "first_part": "full", "last_part": "full"} | more
    client.sign_in(cast.eve)
    client.send("absences/preview", form, htmx=True)
    statements.clear()
    page = client.send("absences/preview", form, htmx=True).text
    assert len(statements) <= MOST
    assert "still to be earned" in page and ("there, " in page or "of 3" in page)


def test_the_count_does_not_grow_with_the_company(app, client, staffroom, statements, connection, database):
    """10, 300 and 3,000 people, each with absences, seen by HR: a page costs what it shows, not what is stored.

    The database believes that its tables are as good as empty, as it does a moment after an import: no page may hang
    on what it believes.
    """
    with psycopg.connect(libpq(database.admin_url), autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE")
    company = make(staffroom, "bench", 10, team_size=10)
    of_ten = _counted(app, client, company, statements)
    _multiply(connection, company, 30)
    of_three_hundred = _counted(app, client, company, statements)
    _multiply(connection, company, 10)
    assert len(of_ten) > 15
    assert of_ten == of_three_hundred == _counted(app, client, company, statements)


def _multiply(connection, company, times):
    """As many teams of as many people with the same absences, written by the database a table at a time."""
    connection.execute(text("SELECT set_config('app.company_id', :id, true)"), {"id": str(company.facts.id)})
    for model in (Team, Employee, Employment, TeamMembership, Absence, AbsencePart, LedgerEntry):
        columns = [column.name for column in model.__table__.columns]
        copied = ", ".join(COPIED.get(name, name) for name in columns)
        connection.execute(
            text(
                f"INSERT INTO {model.__tablename__} ({', '.join(columns)})"  # noqa: S608  # Names of our own tables.
                f" SELECT {copied} FROM {model.__tablename__},"
                f" (SELECT '{times}.' || number AS copy FROM generate_series(2, {times}) AS number) AS copies"
            )
        )


#: What is another in a copied row; the rest is the same.
COPIED = {
    name: f"md5({name}::text || copy)::uuid" for name in ("id", "employee_id", "absence_id", "team_id")
} | {
    "name": "copy || '-' || name",
    "email": "copy || '-' || email",
    "employee_number": "copy || '-' || employee_number",
}


def _counted(app, client, company, statements):
    """The statements of each page that needs no other id than those of a person and a roster."""
    values = {
        "company": company.facts.slug,
        "employee_id": company.employee_id,
        "roster_id": company.roster_id,
    }
    client.set_cookie(SESSION_COOKIE, company.token, domain="localhost", secure=True, httponly=True)
    rules = [
        rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and "company" in rule.arguments
    ]
    counted = {}
    for rule in rules:
        if rule.arguments <= values.keys():
            address = rule.build({name: values[name] for name in rule.arguments})[1]
            client.get(address)  # with the access token that this brings, the next request is like most
            statements.clear()
            if client.get(address).status_code == 200:  # of refusals the first of an hour cost one more
                counted[rule.endpoint] = len(statements)
    client.sign_out()
    return counted

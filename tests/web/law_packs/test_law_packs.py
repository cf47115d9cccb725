"""Which site runs which law pack from when, on its page; and the finding of a vacation that is too short."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, true

from portal.domain.absence_costs import CountingMethod
from portal.domain.entitlement_plans import Milestone, Plan, SeniorityUnit
from portal.domain.law_packs.rules import Law, Question, RuleKey
from portal.domain.law_packs.shelf import PACKS
from portal.models import Employee, Employment, Site
from portal.models.absence_type import AbsenceTypeVersion
from portal.models.holiday import SiteRegion
from portal.services import data_health, entitlement_plans, law_packs
from portal.services.data_health import Problem
from portal.web import law_words
from tests.factories.absences import vacation


def _move(uow, name, country, valid_from=None):
    """The site is in another country, always or from a day on."""
    site = uow.session.scalars(select(Site).where(Site.name.startswith(name))).one()
    if valid_from is None:
        site.country = country
    else:
        uow.session.add(SiteRegion(site_id=site.id, valid_from=valid_from, country=country))
    uow.session.flush()


def _version(type_id, valid_from, amount):
    rules = {"needs_approval": True, "colleagues_see": False, "notice_days": 0}
    return AbsenceTypeVersion(
        absence_type_id=type_id, valid_from=valid_from, yearly_entitlement=amount, **rules
    )


@pytest.fixture
def below(as_, cast):
    """What Ana finds: site, given, asked for."""

    def found():
        with as_(cast.ana) as uow:
            several = data_health.check(uow).findings.get(Problem.BELOW_LAW, [])
            return [
                (one.name.split()[0], one.below.pack.country, one.below.amount, one.below.least)
                for one in several
            ]

    return found


def test_each_site_runs_the_pack_of_its_country_on_the_day(client, as_, cast):
    with as_(cast.ana) as uow:
        _move(uow, "Brno", "DE", date(2027, 3, 1))
        law = law_packs.in_force(uow)
    ran = {
        site.name.partition(" ")[0]: (site.now.pack.name, [(one.day, one.pack.name) for one in site.later])
        for site in law.sites
    }
    assert ran["Prague"] == ran[""] == ("CZ 2026-01", [])
    assert ran["Brno"] == ("CZ 2026-01", [(date(2027, 3, 1), "DE 2026-01")])
    assert [one.pack.country for one in law.packs] == ["CZ", "DE"]
    page = client.sign_in(cast.ana).page("law-packs")
    for said in (
        "CZ 2026-01",
        "From 1 Mar 2027:",
        "§ 213",
        "C-684/16",
        "A lawyer must check",
        "160:00 h a year",
    ):
        assert said in page, said


def test_a_country_without_a_pack_is_said_to_have_none(client, as_, cast):
    with as_(cast.ana) as uow:
        _move(uow, "Brno", "CH")
    assert "None is known" in client.sign_in(cast.ana).page("law-packs")


def test_only_who_manages_types_reads_it_and_few_statements_do(client, as_, cast, statements):
    client.sign_in(cast.ana)
    statements.clear()
    client.page("law-packs")
    assert len(statements) <= 8
    for member in (cast.mats, cast.eve):
        client.sign_in(member)
        assert client.get("/c/acme/law-packs").status_code == 403


def test_a_vacation_below_the_least_of_a_site_with_people_is_a_finding(client, as_, cast, below):
    assert below() == []
    with as_(cast.ana) as uow:
        vacation(uow).yearly_entitlement = 22_000
        _move(uow, "Brno", "AT")
    assert below() == [("Brno", "AT", 22_000, 25_000), ("Brno", "AT", 22_000, 30_000)]
    page = client.sign_in(cast.ana).page("data-health")
    assert "Vacation gives 22 days a year, AT 2026-01 asks for at least 25 days." in page
    assert "Open the type" in page


def test_a_site_where_nobody_works_asks_for_nothing(as_, cast, below):
    with as_(cast.ana) as uow:
        vacation(uow).yearly_entitlement = 22_000
        _move(uow, "Brno", "AT")
        otto = uow.session.scalars(select(Employee).where(Employee.id == cast.otto.employee_id)).one()
        terms = uow.session.scalars(select(Employment).where(Employment.employee_id == otto.id)).one()
        terms.end_date = date(2026, 1, 31)
    assert below() == []


def test_a_type_in_hours_is_compared_in_hours(as_, cast, below):
    with as_(cast.ana) as uow:
        kind = vacation(uow)
        kind.counting, kind.yearly_entitlement = CountingMethod.HOURS, 159 * 60
    assert {(given, least) for _site, _country, given, least in below()} == {(159 * 60, 160 * 60)}
    with as_(cast.ana) as uow:
        vacation(uow).yearly_entitlement = 160 * 60
    assert below() == []


def test_the_rules_and_the_plan_of_today_are_compared(as_, cast, below):
    milestones = (Milestone(0, SeniorityUnit.YEARS, 18_000), Milestone(5, SeniorityUnit.YEARS, 25_000))
    with as_(cast.ana) as uow:
        kind = vacation(uow)
        kind.yearly_entitlement = 15_000
        uow.session.add(_version(kind.id, date(2026, 6, 1), 20_000))
        uow.session.add(_version(kind.id, date(2030, 1, 1), 10_000))
    assert below() == []
    with as_(cast.ana) as uow:
        row = entitlement_plans.change(uow, vacation(uow).id, Plan(date(2027, 1, 1), milestones))
        uow.session.flush()
        assert law_packs.below_least(uow, true()) == []
        row.valid_from = date(2026, 1, 1)
    assert {given for _site, _country, given, _least in below()} == {18_000}


def test_every_rule_law_and_example_has_words(app):
    assert set(law_words.RULES) == set(RuleKey)
    assert set(law_words.LAWS) == set(Law)
    with app.test_request_context():
        said = [law_words.value(rule) for pack in PACKS.values() for rule in pack.rules]
        said += [law_words.example(one) for pack in PACKS.values() for one in pack.examples]
    assert all(said)
    assert {one.question for pack in PACKS.values() for one in pack.examples} == set(Question)


def test_whom_the_reader_does_not_reach_asks_for_nothing(as_, cast):
    """Otto alone works in Brno."""
    with as_(cast.ana) as uow:
        vacation(uow).yearly_entitlement = 22_000
        _move(uow, "Brno", "AT")
        found = {
            reached: {one.site.split()[0] for one in law_packs.below_least(uow, Employee.id == employee_id)}
            for reached, employee_id in (("otto", cast.otto.employee_id), ("eve", cast.eve.employee_id))
        }
    assert found == {"otto": {"Brno"}, "eve": set()}


@pytest.mark.parametrize(
    ("milestones", "expected"),
    [
        # 25 days for all: from the year of turning 33 Slovakia asks for the same.
        ([(0, 25_000)], []),
        ([(0, 20_000)], [(20_000, 25_000)]),
        # Years of service are no age.
        ([(0, 20_000), (10, 25_000)], [(20_000, 25_000)]),
    ],
)
def test_a_higher_least_by_age_is_compared_with_what_everybody_gets(as_, cast, below, milestones, expected):
    with as_(cast.ana) as uow:
        _move(uow, "Brno", "SK")
        _give(uow, milestones)
    assert [(given, least) for site, _pack, given, least in below() if site == "Brno"] == expected


@pytest.mark.parametrize(
    ("milestones", "expected"),
    [
        ([(0, 26_000)], []),
        ([(0, 20_000), (10, 26_000)], []),
        ([(0, 20_000), (11, 26_000)], [(20_000, 26_000)]),
        ([(0, 20_000), (5, 26_000), (15, 24_000)], [(24_000, 26_000)]),
    ],
)
def test_a_higher_least_by_service_is_compared_with_what_that_service_brings(
    as_, cast, below, milestones, expected
):
    """Poland: 26 days after ten years."""
    with as_(cast.ana) as uow:
        _move(uow, "Brno", "PL")
        _give(uow, milestones)
    assert [(given, least) for site, _pack, given, least in below() if site == "Brno"] == expected


def _give(uow, milestones):
    years = tuple(Milestone(after, SeniorityUnit.YEARS, amount) for after, amount in milestones)
    entitlement_plans.change(uow, vacation(uow).id, Plan(date(2026, 1, 1), years))
    uow.session.flush()


def test_packs_and_the_types_of_absence_that_they_judge_lead_to_each_other(client, cast):
    client.sign_in(cast.ana)
    for page, other in (("law-packs", "absence-types"), ("absence-types", "law-packs")):
        header = client.page(page).partition('<div class="page-head-actions">')[2]
        assert f'href="{client.url(other)}"' in header.partition("</div>")[0], page

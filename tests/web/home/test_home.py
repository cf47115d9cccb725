"""The home page: what waits, and what comes next."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import select, update

from portal.domain.substitutes import SubstituteAnswer
from portal.models import Absence
from portal.models.absence_substitute import AbsenceSubstitute
from portal.services import lapse_notices, overtime
from portal.services.away import read_mates
from portal.services.overtime import Worked
from tests.factories.absences import ask, grant
from tests.factories.belongings import give_acme_everything
from tests.factories.people import make_employee
from tests.fixtures.cast import SENTINEL
from tests.fixtures.page_checks import without_tokens
from tests.web.entitlements.test_lapse_notices import entitled  # noqa: F401
from tests.web.overtime.test_overtime import WORKED, lieu  # noqa: F401


@pytest.fixture
def everything(as_, cast):
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)


def test_it_shows_what_comes_next_and_what_is_left(client, cast, everything):
    page = client.sign_in(cast.eve).page("/c/acme/")
    assert "Hello, Eve" in page
    assert "Monday, 15 June" in page
    assert f"Early {SENTINEL}" in page
    assert "18 Jun" in page
    assert "not decided yet" in page
    assert "24 days" in page  # 25 granted, one asked for
    assert "1 document" in page


def test_a_manager_sees_what_waits_for_a_decision(client, cast, everything):
    assert "1 request" in client.sign_in(cast.mats).page("/c/acme/")


@pytest.mark.parametrize("who", ["otto", "pia"])
def test_nobody_sees_what_is_for_others(client, cast, everything, who):
    """T87: nothing of Eve's, and no request to decide; Pia is only asked to cover for her."""
    page = client.sign_in(getattr(cast, who)).page("/c/acme/")
    assert "Nothing planned" in page
    assert "No shift planned" in page
    assert "to approve or reject" not in page
    assert ("Waiting for you" in page) == (who == "pia")


def test_proposals_of_overtime_wait_for_the_manager_alone(client, cast, as_, lieu):  # noqa: F811
    with as_(cast.eve) as uow:
        overtime.propose(uow, uuid4(), Worked(lieu, WORKED, 60))
    assert "1 proposal of overtime" in client.sign_in(cast.mats).page("/c/acme/")
    for member in (cast.eve, cast.otto):
        assert "of overtime" not in client.sign_in(member).page("/c/acme/")


def test_a_letter_about_days_that_lapse_waits_until_it_is_confirmed(client, cast, as_, entitled):  # noqa: F811
    with as_(cast.ana) as uow:
        lapse_notices.send(uow, date(2026, 12, 31))
    page = html.fromstring(client.sign_in(cast.eve).page("/c/acme/"))
    (letter,) = page.xpath("//a[contains(@href, '/lapse-notices/')]")
    assert "until 31 Dec 2026" in letter.text_content()
    assert letter.get("href") not in client.sign_in(cast.otto).page("/c/acme/")
    client.sign_in(cast.eve).send(letter.get("href").removeprefix("/c/acme/") + "/confirmation", {})
    assert "/lapse-notices/" not in client.page("/c/acme/")


@pytest.mark.parametrize(("answer", "shown"), [("open", False), ("cannot", False), ("can", True)])
def test_one_covers_once_one_has_said_so(client, cast, as_, answer, shown):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 8, 3), substitutes=(cast.pia.email,))
    with as_(cast.pia) as uow:
        row = uow.session.scalars(select(AbsenceSubstitute)).one()
        row.answer = SubstituteAnswer(answer)
    assert ("You cover for" in client.sign_in(cast.pia).page("/c/acme/")) is shown


def test_ones_own_request_is_not_for_oneself_to_decide(client, cast, as_, everything):
    with as_(cast.ana) as uow:
        uow.session.execute(update(Absence).values(employee_id=cast.mats.employee_id))
    assert "to approve or reject" not in client.sign_in(cast.mats).page("/c/acme/")


def test_what_is_over_is_not_next(client, cast, everything, clock):
    clock.advance(timedelta(days=10))
    page = client.sign_in(cast.eve).page("/c/acme/")
    assert "No shift planned" in page
    assert "Nothing planned" in page


def test_another_company_sees_nothing_of_it(client, cast, everything):
    """T99."""
    assert SENTINEL not in client.sign_in(cast.zoe).page("/c/beta/")


def test_as_many_statements_for_ten_people_as_for_a_hundred(client, cast, as_, everything, statements):
    client.sign_in(cast.mats)
    client.get("/c/acme/")
    statements.clear()
    client.page("/c/acme/")
    few = len(statements)
    with as_(cast.ana) as uow:
        for number in range(100):
            make_employee(uow, f"p{number}@acme.example", "P", str(number))
    statements.clear()
    client.get("/c/acme/")
    assert len(statements) == few <= 8


def test_without_signing_in_it_leads_to_the_door(client):
    answer = client.get("/c/acme/")
    assert answer.headers["Location"] == "/c/acme/sign-in?after=/c/acme/"


def test_it_names_the_team_mates_who_are_away_this_week(client, cast, as_, everything, clock):
    """Approved absences of one's own teams only, with their dates and without their kind."""
    heading = "Away in your teams this week"
    assert "Eve" not in without_tokens(client.sign_in(cast.mats).page("/c/acme/").split(heading)[1])
    with as_(cast.ana) as uow:
        uow.session.execute(update(Absence).values(status="approved"))
    away = client.page("/c/acme/").split(heading)[1]
    assert "Eve" in away
    assert "18 Jun" in away
    assert "Vacation" not in away
    assert "Eve" not in without_tokens(client.sign_in(cast.otto).page("/c/acme/").split(heading)[1])
    assert "Nobody" in client.sign_in(cast.eve).page("/c/acme/").split(heading)[1]


def test_whoever_is_ill_during_a_vacation_is_away_once():
    ana, bo = ["1", "Ana", "A"], ["2", "Bo", "B"]
    found = [
        [*ana, "2026-06-15", "2026-06-26"],
        [*bo, "2026-06-16", "2026-06-16"],
        [*ana, "2026-06-17", "2026-06-18"],
        [*bo, "2026-06-18", "2026-06-18"],
        [*ana, "2026-06-27", "2026-06-28"],
    ]
    assert [(one.name, one.start_date.day, one.end_date.day) for one in read_mates(found)] == [
        ("Ana A", 15, 28),
        ("Bo B", 16, 16),
        ("Bo B", 18, 18),
    ]

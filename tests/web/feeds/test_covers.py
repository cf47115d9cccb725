"""Who covers has it in their own calendar: for whom and when, as long as it holds (pain 7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.domain.substitutes import SubstituteAnswer
from portal.models import AbsenceSubstitute
from portal.services import absences
from portal.services.substitutes import answering
from tests.factories.absences import ask, grant

MONDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 7)


@pytest.fixture
def covered(as_, cast):
    """Eve asks for Monday to Friday, and has named Pia to cover."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        return ask(uow, MONDAY, FRIDAY, note="Surgery", substitutes=(cast.pia.email,)).id


def said(as_, cast, answer):
    with as_(cast.pia) as uow:
        answering.answer(uow, uow.session.scalars(select(AbsenceSubstitute.id)).one(), answer)


def test_it_stands_there_from_the_request_on_and_blocks_nothing(as_, cast, subscribe, fetch, covered):
    path = subscribe(cast.pia)
    line = f"You cover for {cast.eve.name}"
    event = fetch(path)[f"{line} (requested)"]
    assert (event["start"], event["end"]) == ("2026-08-03", "2026-08-08")
    assert (event["status"], event["transp"], event["sequence"]) == ("TENTATIVE", "TRANSPARENT", 0)
    with as_(cast.mats) as uow:
        absences.approve(uow, covered, version=1)
    agreed = fetch(path)[line]
    assert (agreed["uid"], agreed["status"]) == (event["uid"], "CONFIRMED")
    assert agreed["sequence"] > event["sequence"]
    assert "Surgery" not in str(fetch(path))


def test_each_answer_has_a_higher_number_and_a_no_takes_it_out(as_, cast, clock, subscribe, fetch, covered):
    path = subscribe(cast.pia)
    seen = []
    for answer in (SubstituteAnswer.CAN, SubstituteAnswer.CANNOT, SubstituteAnswer.CAN):
        clock.advance(timedelta(minutes=1))
        said(as_, cast, answer)
        (event,) = fetch(path).values()
        seen.append((event["status"], event["sequence"]))
    assert [status for status, _ in seen] == ["TENTATIVE", "CANCELLED", "TENTATIVE"]
    assert seen[0][1] < seen[1][1] < seen[2][1]


def test_what_is_withdrawn_is_cancelled_and_gone_after_a_month(as_, cast, clock, subscribe, fetch, covered):
    path = subscribe(cast.pia)
    with as_(cast.eve) as uow:
        absences.withdraw(uow, covered, version=1)
    (event,) = fetch(path).values()
    assert event["status"] == "CANCELLED"
    clock.advance(timedelta(days=32))
    assert fetch(path) == {}


def test_only_who_covers_has_it_and_no_feed_of_busy_times(client, as_, cast, subscribe, covered):
    for path in (
        subscribe(cast.pia, "own", "absences", "busy_only"),
        subscribe(cast.pia, "own", "shifts"),
        subscribe(cast.mats),
        subscribe(cast.mats, cast.teams["care"]),
    ):
        assert "cover" not in client.get(path).text

"""Days that people plan: they cost and hold nothing, are seen by few, and become a request with one press."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.domain.calendar_spans import Span, SpanKind
from portal.domain.months import Month
from portal.domain.planned_absences import PlannedStatus
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, AuditEvent, LedgerEntry, PlannedAbsence
from portal.services import balances, team_calendar
from portal.services.planned_absences import keeping
from portal.services.planned_absences.keeping import Planned
from portal.services.team_calendar import CalendarFilter
from tests.factories.absences import ask, grant, vacation

#: Monday to Friday, without a holiday; the cast's today lies before.
MONDAY, WEDNESDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 5), date(2026, 8, 7)


@pytest.fixture
def kind_id(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        return vacation(uow).id


def form(kind_id, **more):
    return {
        "key": str(uuid4()),
        "absence_type_id": str(kind_id),
        "start_date": MONDAY.isoformat(),
        "end_date": FRIDAY.isoformat(),
        "first_part": "full",
        "last_part": "full",
        "weight": "3",
        "note": "Wedding of my sister",
        **more,
    }


def the_only(uow) -> PlannedAbsence:
    return uow.session.scalars(select(PlannedAbsence)).one()


def left(as_, cast) -> int:
    with as_(cast.ana) as uow:
        (one,) = balances.balances_of(uow, cast.eve.employee_id)
        return one.available


def test_planned_costs_nothing_is_changed_and_becomes_a_request_with_one_press(client, as_, cast, kind_id):
    """T157: sent twice it is one plan."""
    client.sign_in(cast.eve)
    sent = form(kind_id)
    for _press in range(2):
        assert client.send("planned-absences", sent).status_code == 303
    page = client.page("planned-absences")
    assert page.count("Wedding of my sister") == 1 and "Matters most" in page
    assert "25 days left, with what is planned 20 days" in page
    assert left(as_, cast) == 25_000
    with as_(cast.eve) as uow:
        planned_id = the_only(uow).id
        assert not uow.session.scalars(select(Absence)).all()
    shorter = form(kind_id, end_date=WEDNESDAY.isoformat(), weight="1", version="1")
    assert client.send(f"planned-absences/{planned_id}", shorter).status_code == 303
    assert "with what is planned 22 days" in client.page("planned-absences")
    stale = client.send(f"planned-absences/{planned_id}/request", {"version": "1"})
    assert stale.status_code == 409
    assert client.send(f"planned-absences/{planned_id}/request", {"version": "2"}).status_code == 303
    with as_(cast.eve) as uow:
        absence = uow.session.scalars(select(Absence)).one()
        assert (absence.status, absence.charge) == (AbsenceStatus.REQUESTED, 3000)
        row = the_only(uow)
        assert (row.status, row.absence_id) == (PlannedStatus.ASKED, absence.id)
        assert not uow.session.scalars(select(LedgerEntry).where(LedgerEntry.absence_id.is_not(None))).all()
        told = select(AuditEvent.action).where(AuditEvent.action.like("planned-absence%"))
        assert set(uow.session.scalars(told)) == {
            "planned-absence.made",
            "planned-absence.changed",
            "planned-absence.asked",
        }
    assert "Wedding" not in client.page("planned-absences")
    assert left(as_, cast) == 22_000


def test_what_cannot_be_asked_for_stays_planned_and_says_why(client, as_, cast, kind_id):
    """Next year nothing is granted yet: it can be planned, and not asked for."""
    client.sign_in(cast.eve)
    next_year = form(kind_id, start_date="2027-08-02", end_date="2027-08-06")
    assert client.send("planned-absences", next_year).status_code == 303
    assert "nothing is granted for that year yet" in client.page("planned-absences")
    with as_(cast.eve) as uow:
        planned_id = the_only(uow).id
    refused = client.send(f"planned-absences/{planned_id}/request", {"version": "1"})
    assert refused.status_code == 422
    assert "There is no entitlement" in refused.text and "The plan stays" in refused.text
    with as_(cast.eve) as uow:
        assert the_only(uow).status is PlannedStatus.PLANNED
    assert client.send(f"planned-absences/{planned_id}/withdrawal", {"version": "1"}).status_code == 303
    assert "Planned" not in html.fromstring(client.page("planned-absences")).xpath("//h2/text()")


@pytest.mark.parametrize(
    ("more", "said", "field"),
    [
        ({"start_date": ""}, "Please choose a date", "start_date"),
        ({"end_date": "2026-08-01"}, "The end lies before the start", "end_date"),
        ({"start_date": "2020-08-03", "end_date": "2020-08-03"}, "Only days to come", "start_date"),
        ({"start_date": "2026-08-08", "end_date": "2026-08-09"}, "You do not work", None),
        ({"start_date": "2026-08-12", "end_date": ""}, "already requested or approved", "start_date"),
        ({"start_date": "2026-08-14", "end_date": ""}, "You have planned", "start_date"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(client, as_, cast, kind_id, more, said, field):
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 8, 12))
        keeping.plan(uow, uuid4(), Planned(kind_id, date(2026, 8, 14), date(2026, 8, 14)))
    client.sign_in(cast.eve)
    answer = client.send("planned-absences", form(kind_id, **more))
    assert answer.status_code == 422 and said in answer.text
    if field:
        assert html.fromstring(answer.text).xpath(f"//a[@href='#{field}']")
    with as_(cast.eve) as uow:
        assert the_only(uow).start_date == date(2026, 8, 14)


def test_an_ordinary_request_takes_up_the_plan_that_it_covers(as_, cast, kind_id):
    with as_(cast.eve) as uow:
        whole = keeping.plan(uow, uuid4(), Planned(kind_id, MONDAY, WEDNESDAY)).id
        part = keeping.plan(uow, uuid4(), Planned(kind_id, FRIDAY, date(2026, 8, 10))).id
    with as_(cast.eve) as uow:
        ask(uow, MONDAY, FRIDAY)
    with as_(cast.eve) as uow:
        found = {row.id: row.status for row in uow.session.scalars(select(PlannedAbsence))}
        assert found == {whole: PlannedStatus.ASKED, part: PlannedStatus.PLANNED}


def test_who_may_see_absences_sees_plans_and_nobody_else(client, as_, cast, kind_id):
    """Colleagues of the team see nothing of it."""
    with as_(cast.eve) as uow:
        keeping.plan(uow, uuid4(), Planned(kind_id, MONDAY, FRIDAY))
    span = Span(SpanKind.MONTH, Month(2026, 8))
    for name, sees in (("eve", True), ("mats", True), ("ana", True), ("pia", False)):
        with as_(getattr(cast, name)) as uow:
            found = team_calendar.team_span(uow, span, CalendarFilter(everybody=True))
            planned = [one for row in found.people for days in row.away.values() for one in days]
            assert [one.planned for one in planned] == ([True] * 5 if sees else []), name
    client.sign_in(cast.mats)
    page = client.page("calendar?month=2026-08")
    assert (
        "Planned, not asked for yet" in page and "c-blue p" in page.replace('"', "")
    ) or ", planned" in page
    client.sign_in(cast.eve)
    with as_(cast.eve) as uow:
        planned_id = the_only(uow).id
    client.sign_in(cast.mats)  # sees it, and touches nothing of it
    assert client.get(client.url(f"planned-absences/{planned_id}")).status_code == 404
    assert client.send(f"planned-absences/{planned_id}/withdrawal", {"version": "1"}).status_code == 404
    with as_(cast.mats) as uow, pytest.raises(Refusal) as refused:
        keeping.drop(uow, planned_id, version=1)
    assert refused.value.reason is Reason.NOT_FOUND


def test_the_price_of_a_request_says_what_is_left_with_all_that_is_planned(client, as_, cast, kind_id):
    """A plan that the request would take up is not counted twice."""
    with as_(cast.eve) as uow:
        keeping.plan(uow, uuid4(), Planned(kind_id, MONDAY, FRIDAY))
    client.sign_in(cast.eve)
    for start, said in (("2026-08-17", "19 days left; you plan 5 days more"), ("2026-08-03", None)):
        answer = client.send("absences/preview", form(kind_id, start_date=start, end_date=start))
        assert ("With what is planned" in answer.text) is (said is not None)
        assert said is None or said in answer.text


def test_one_day_is_planned_on_the_page_of_the_plans_itself(client, as_, cast, kind_id):
    client.sign_in(cast.eve)
    page = html.fromstring(client.page("planned-absences"))
    (found,) = [one for one in page.forms if "one-day" in one.get("class", "")]
    sent = dict(found.form_values()) | {"start_date": MONDAY.isoformat()}
    assert client.send("planned-absences", sent).status_code == 303
    with as_(cast.eve) as uow:
        row = the_only(uow)
        assert (row.absence_type_id, row.start_date, row.end_date, row.weight) == (kind_id, MONDAY, MONDAY, 2)
    empty = client.send("planned-absences", sent | {"start_date": "", "key": str(uuid4())})
    assert empty.status_code == 422
    assert "Please choose a date." in empty.text

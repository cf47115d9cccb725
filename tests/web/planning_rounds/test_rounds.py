"""A planning round from opening to undoing: told, weighed, decided by hand, looked at, published as one."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import select

from benchmarks.large_company import make
from portal.actors import Actor
from portal.domain.absences import AbsenceStatus
from portal.domain.periods import Part
from portal.domain.permissions import BUILT_IN_ROLES
from portal.domain.planned_absences import PlannedStatus
from portal.domain.planning_rounds import Outcome, RoundStatus, TieBreak
from portal.domain.refusals import Reason, Refusal
from portal.jobs import planning_reminders
from portal.models import (
    Absence,
    AbsencePart,
    AuditEvent,
    Employee,
    GroupEntry,
    OutboxMessage,
    PlannedAbsence,
    PlanningChoice,
    PlanningRound,
)
from portal.services import balances
from portal.services.group_entries import closures, doing
from portal.services.planned_absences import keeping
from portal.services.planned_absences.keeping import Planned
from portal.services.planning_rounds import pricing, publishing, rounds, sheet
from portal.services.planning_rounds.rounds import NewRound
from tests.factories.absences import ask, grant, vacation
from tests.factories.companies import work
from tests.factories.staffing import make_rule
from tests.fixtures.letters import latest, subjects

MONDAY, WEDNESDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 5), date(2026, 8, 7)
ROUND = {
    "name": "Summer",
    "team": "",
    "site": "",
    "start_date": "2026-07-01",
    "end_date": "2026-08-31",
    "deadline": "2026-06-22",
    "tie_break": "first-come",
    "outcome": "absences",
}


@pytest.fixture
def wanted(as_, cast):
    """At most one of the care team is away. Eve wants the week most, Mats too but less, Pia other days."""
    people = {name: cast.people[name].employee_id for name in ("ana", "mats", "eve", "pia")}
    with as_(cast.ana) as uow:
        grant(uow, *people.values())
        kind_id = vacation(uow).id
        make_rule(uow, amount=1, team_id=cast.teams["care"])
    wishes = {}
    for name, first, last, weight in (
        ("mats", WEDNESDAY, FRIDAY, 2),
        ("eve", MONDAY, FRIDAY, 3),
        ("pia", date(2026, 8, 10), date(2026, 8, 11), 1),
        ("ana", MONDAY, MONDAY, 3),
    ):
        with as_(cast.people[name]) as uow:
            wishes[name] = keeping.plan(uow, uuid4(), Planned(kind_id, first, last, weight=weight)).id
    return SimpleNamespace(kind_id=kind_id, wishes=wishes, people=people)


def opened(client, **more):
    answer = client.send("planning-rounds", ROUND | {"key": str(uuid4())} | more)
    assert answer.status_code == 303, answer.text
    return re.search(r"planning-rounds/([0-9a-f-]+)", answer.headers["Location"]).group(1)


def statuses(as_, cast, wanted):
    with as_(cast.ana) as uow:
        found = {row.id: row.status.value for row in uow.session.scalars(select(PlannedAbsence))}
    return {name: found[wish_id] for name, wish_id in wanted.wishes.items()}


def left(as_, cast, name):
    with as_(cast.ana) as uow:
        (one,) = balances.balances_of(uow, cast.people[name].employee_id)
        return one.available


def seen_on(client, path):
    (form,) = [one for one in html.fromstring(client.page(path)).forms if one.fields.get("seen")]
    return {"seen": form.fields["seen"]}


def test_a_round_is_told_weighed_and_published_as_one(client, as_, cast, wanted):
    """T157: sent twice it is one round, and published twice it is published once."""
    client.sign_in(cast.ana)
    round_id = opened(client)
    with as_(cast.ana) as uow:
        letters = select(OutboxMessage.employee_id).where(OutboxMessage.template == "planning_opened")
        assert len(uow.session.scalars(letters).all()) == 5
    client.sign_in(cast.eve)
    assert "Summer: plan your days off" in client.page("planned-absences")
    assert client.get(client.url(f"planning-rounds/{round_id}")).status_code == 403
    client.sign_in(cast.ana)
    page = client.page(f"planning-rounds/{round_id}")
    assert "4 wishes, 2 of them for days that not everybody can have" in page
    assert "too few people on 5 Aug 2026 (Enough of us)" in page
    assert "somebody else decides" in page  # her own
    look = client.page(f"planning-rounds/{round_id}/publishing")
    assert "2 wishes are granted" in look and "1 wish is not granted" in look
    seen = seen_on(client, f"planning-rounds/{round_id}/publishing")
    assert left(as_, cast, "eve") == 25_000
    assert client.send(f"planning-rounds/{round_id}/publishing", seen).status_code == 303
    again = client.send(f"planning-rounds/{round_id}/publishing", seen)
    assert again.status_code in (409, 422)
    assert statuses(as_, cast, wanted) == {
        "eve": "granted", "mats": "refused", "pia": "granted", "ana": "planned",
    }  # fmt: skip
    assert left(as_, cast, "eve") == 20_000
    with as_(cast.ana) as uow:
        absence = uow.session.scalars(
            select(Absence).where(Absence.employee_id == cast.eve.employee_id)
        ).one()
        assert absence.status is AbsenceStatus.APPROVED
        assert absence.decided_by_id == cast.ana.employee_id and absence.decided_at is not None
        assert subjects(uow, cast.mats.email)[-1] == "Your days off are decided: Summer"
        assert "Not granted:" in latest(uow, cast.mats.email).text
        told = select(AuditEvent.action).where(AuditEvent.action.like("planning-round%"))
        assert sorted(uow.session.scalars(told)) == [
            "planning-round.opened",
            "planning-round.published",
        ]
    assert "In the planning round Summer" in client.page(f"absences/{absence.id}")
    client.sign_in(cast.mats)
    assert "too few people on 5 Aug 2026" in client.page("planned-absences")


def test_a_published_round_is_undone_as_one_and_can_be_decided_again(client, as_, cast, wanted):
    """Undone wins count for nothing."""
    client.sign_in(cast.ana)
    round_id = opened(client)
    path = f"planning-rounds/{round_id}/publishing"
    client.send(path, seen_on(client, path))
    with as_(cast.ana) as uow:
        (entry,) = uow.session.scalars(select(GroupEntry)).all()
        with pytest.raises(Refusal) as refused:  # with the round alone
            doing.undo(uow, entry.id)
        assert refused.value.reason is Reason.NOT_PERMITTED
    assert client.send(f"planning-rounds/{round_id}/undoing").status_code == 303
    assert set(statuses(as_, cast, wanted).values()) == {"planned"}
    assert left(as_, cast, "eve") == 25_000
    with as_(cast.ana) as uow:
        assert not uow.session.scalars(select(AbsencePart).where(AbsencePart.live)).all()
        assert subjects(uow, cast.eve.email)[-1] == "Taken back: the plan of days off Summer"
    second = opened(client, name="Summer again")
    client.send(
        f"planning-rounds/{second}/publishing", seen_on(client, f"planning-rounds/{second}/publishing")
    )
    assert statuses(as_, cast, wanted)["eve"] == "granted"


def test_by_hand_goes_first_and_past_wins_count(client, as_, cast, wanted):
    client.sign_in(cast.ana)
    first = opened(client)
    by_hand = {f"choice-{wanted.wishes['mats']}": "grant", f"choice-{uuid4()}": "grant", "choice-x": "grant"}
    assert client.send(f"planning-rounds/{first}/choices", by_hand).status_code == 303
    page = client.page(f"planning-rounds/{first}")
    assert "decided by hand" in page
    with as_(cast.ana) as uow:
        found = {
            one.person.name.split()[0]: one for one in sheet.read(uow, rounds.list_rounds(uow)[0].id).wishes
        }
        assert (found["Mats"].granted, found["Eve"].granted) == (True, False)
    client.send(f"planning-rounds/{first}/choices", {f"choice-{wanted.wishes['mats']}": ""})
    client.send(f"planning-rounds/{first}/publishing", seen_on(client, f"planning-rounds/{first}/publishing"))
    with as_(cast.ana) as uow:
        choices = uow.session.scalars(select(PlanningChoice)).all()
        won = {one.employee_id for one in choices if one.granted and one.contested}
        assert won == {cast.eve.employee_id}
    for name in ("eve", "mats"):  # both want the same, as much: she has won before
        with as_(cast.people[name]) as uow:
            again = Planned(wanted.kind_id, date(2026, 9, 7), date(2026, 9, 8))
            keeping.plan(uow, uuid4(), again)
    opened(client, start_date="2026-09-01", end_date="2026-09-30", name="Autumn")
    with as_(cast.ana) as uow:
        second = next(one for one in rounds.list_rounds(uow) if one.name == "Autumn")
        found = {one.person.name.split()[0]: one.granted for one in sheet.read(uow, second.id).wishes}
        assert found == {"Mats": True, "Eve": False}


def test_what_cannot_be_is_said_per_person_and_stays_planned(client, as_, cast, wanted):
    """Somebody left, asked for the same days meanwhile, has too little left: nothing is half done."""
    with as_(cast.pia) as uow:
        keeping.plan(uow, uuid4(), Planned(wanted.kind_id, date(2026, 8, 17), date(2026, 8, 18)))
    client.sign_in(cast.ana)
    round_id = opened(client)
    seen = seen_on(client, f"planning-rounds/{round_id}/publishing")
    with as_(cast.ana) as uow:  # left by now
        uow.session.get_one(Employee, (uow.company.id, cast.eve.employee_id)).active = False
    with as_(cast.pia) as uow:
        ask(uow, date(2026, 8, 11), last_part=Part.FULL)
    answer = client.send(f"planning-rounds/{round_id}/publishing", seen)
    assert answer.status_code == 409 and "nothing was overwritten" in answer.text
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(GroupEntry)).all() == []
        assert uow.session.scalars(select(PlanningRound)).one().status is RoundStatus.OPEN
    look = client.page(f"planning-rounds/{round_id}/publishing")
    assert "does not work here any more" in look and "already requested or approved" in look
    client.send(
        f"planning-rounds/{round_id}/publishing", seen_on(client, f"planning-rounds/{round_id}/publishing")
    )
    found = statuses(as_, cast, wanted)
    assert (found["eve"], found["pia"]) == ("planned", "planned")
    with as_(cast.ana) as uow:
        days = select(Absence.start_date).where(Absence.group_entry_id.is_not(None))
        # Whoever has left takes nobody's place.
        assert set(uow.session.scalars(days)) == {WEDNESDAY, date(2026, 8, 17)}


def test_two_wishes_of_one_person_share_one_balance(as_, cast, wanted):
    with as_(cast.otto) as uow:
        me = cast.otto.employee_id
    with as_(cast.ana) as uow:
        grant(uow, me)
    with as_(cast.otto) as uow:
        keeping.plan(uow, uuid4(), Planned(wanted.kind_id, date(2026, 7, 1), date(2026, 7, 31)))
        keeping.plan(uow, uuid4(), Planned(wanted.kind_id, date(2026, 8, 3), date(2026, 8, 31)))
    with as_(cast.ana) as uow:
        row = rounds.open_round(uow, uuid4(), _new())
        priced = pricing.price(uow, sheet.read(uow, row.id))
        his = [one for one in priced.wishes if one.wish.person.id == me]
        assert [one.enters for one in his] == [True, False]
        assert his[1].problem.reason is Reason.BALANCE_TOO_LOW


def _new(**more):
    about = {"tie_break": TieBreak.FIRST_COME, "outcome": Outcome.ABSENCES} | more
    return NewRound("Summer", date(2026, 7, 1), date(2026, 8, 31), date(2026, 6, 22), **about)


def test_as_requests_they_wait_and_undoing_withdraws_them(as_, cast, wanted):
    with as_(cast.ana) as uow:
        row = rounds.open_round(uow, uuid4(), _new(outcome=Outcome.REQUESTS))
        publishing.publish(uow, row.id, seen=pricing.price(uow, sheet.read(uow, row.id)).seen)
        round_id = row.id
    with as_(cast.ana) as uow:
        found = uow.session.scalars(select(Absence)).all()
        assert {one.status for one in found} == {AbsenceStatus.REQUESTED} and len(found) == 2
        assert left(as_, cast, "eve") == 20_000
    with as_(cast.ana) as uow:
        assert publishing.undo(uow, round_id) == 3
    assert left(as_, cast, "eve") == 25_000
    with as_(cast.ana) as uow:
        assert {one.status for one in uow.session.scalars(select(Absence))} == {AbsenceStatus.WITHDRAWN}


def test_whoever_planned_nothing_is_reminded_once_before_the_deadline(app, as_, cast, wanted):
    with as_(cast.ana) as uow:
        rounds.open_round(uow, uuid4(), _new())
    for _night in range(2):
        with app.app_context():
            planning_reminders.run()
    with as_(cast.ana) as uow:
        letters = select(OutboxMessage.employee_id).where(OutboxMessage.template == "planning_reminder")
        assert uow.session.scalars(letters).all() == [cast.otto.employee_id]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"end_date": "2026-06-01"}, "end_date"),
        ({"start_date": "2026-06-01"}, "start_date"),
        ({"deadline": "2026-07-01"}, "deadline"),
        ({"end_date": ""}, "end_date"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused_at_its_field(client, cast, more, field):
    client.sign_in(cast.ana)
    answer = client.send("planning-rounds", ROUND | {"key": str(uuid4())} | more)
    assert answer.status_code == 422
    assert html.fromstring(answer.text).xpath(f"//a[@href='#{field}']")


def test_three_hundred_people_take_few_statements(staffroom, statements):
    company = make(staffroom, "planned", 300, team_size=30)
    hr = Actor(company.employee_id, "Hana", "hana@bench.example", grants=BUILT_IN_ROLES["hr"])
    with work(staffroom, company.facts, hr) as uow:
        kind_id = closures.free_type(uow)
        people = uow.session.scalars(select(Employee.id).where(Employee.active)).all()
        make_rule(uow, amount=100)
        for number, person_id in enumerate(people):
            uow.session.add(
                PlannedAbsence(
                    employee_id=person_id,
                    absence_type_id=kind_id,
                    start_date=MONDAY,
                    end_date=FRIDAY,
                    first_part=Part.FULL,
                    last_part=Part.FULL,
                    weight=1 + number % 3,
                    status=PlannedStatus.PLANNED,
                    planned_at=uow.clock.now(),
                )
            )
        row = rounds.open_round(uow, uuid4(), _new())
        uow.session.flush()
        statements.clear()
        found = sheet.read(uow, row.id)
        assert len(statements) <= 7, statements
        assert len(found.wishes) > 250 and len([one for one in found.wishes if one.granted]) < 110
        statements.clear()
        priced = pricing.price(uow, found)
        assert len(statements) <= 14
        statements.clear()
        publishing.publish(uow, row.id, seen=priced.seen)
        assert len(statements) < 450  # a letter each; absences table by table

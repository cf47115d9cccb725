"""One absence for many people: looked at before, entered as one, undone as one; and closures of a company or a site."""

from __future__ import annotations

import time
from datetime import date
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import func, select

from benchmarks.large_company import make
from portal.actors import Actor
from portal.domain.absences import AbsenceStatus
from portal.domain.group_entries import GroupKind, beside
from portal.domain.periods import DayPart, Part
from portal.domain.permissions import BUILT_IN_ROLES
from portal.domain.refusals import Reason, Refusal
from portal.models import (
    Absence,
    AbsencePart,
    AbsenceType,
    AuditEvent,
    GroupEntry,
    LedgerEntry,
    OutboxMessage,
    Site,
)
from portal.services import absences, balances
from portal.services.group_entries import closures, doing, people, planning
from portal.services.group_entries.people import Chosen
from portal.services.group_entries.planning import GroupWish
from tests.factories.absences import ask, grant, sickness_type, vacation
from tests.factories.companies import work
from tests.factories.people import make_employee

#: Monday to Friday, without a holiday.
MONDAY, WEDNESDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 5), date(2026, 8, 7)


@pytest.fixture
def granted(as_, cast):
    """Everybody but Otto has 25 days; Pia has the Wednesday off."""
    with as_(cast.ana) as uow:
        grant(uow, *(cast.people[name].employee_id for name in ("ana", "mats", "eve", "pia")))
        kind_id = str(vacation(uow).id)
    with as_(cast.pia) as uow:
        absence_id = ask(uow, WEDNESDAY).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    return kind_id


def form(kind_id, **more):
    return {
        "key": str(uuid4()),
        "name": "Training",
        "absence_type_id": kind_id,
        "start_date": "2026-08-03",
        "end_date": "2026-08-07",
        "first_part": "full",
        "team": "",
        "site": "",
        "emails": "",
    } | more


def left(as_, cast):
    with as_(cast.ana) as uow:
        found = {}
        for name in ("ana", "mats", "eve", "pia"):
            (one,) = balances.balances_of(uow, cast.people[name].employee_id)
            found[name] = one.available
        return found


def say_yes(client, path, values):
    """Sends the form, reads what it would do, and says yes to that."""
    shown = client.send(path, values)
    assert shown.status_code == 200, shown.text
    (yes,) = [one for one in html.fromstring(shown.text).forms if one.fields.get("seen")]
    return shown.text, {name: value or "" for name, value in yes.fields.items() if name != "csrf_token"}


def test_for_many_is_looked_at_entered_once_and_undone_as_one(client, as_, cast, granted):
    """T157: the yes pressed twice makes one operation; nothing is written before it."""
    client.sign_in(cast.ana)
    text, kept = say_yes(client, "group-entries", form(granted))
    assert "2 people are left out" in text  # Otto has no entitlement, Pia is away on a day of it
    assert "25 days" in text and "20 days" in text
    assert left(as_, cast) == {"ana": 25_000, "mats": 25_000, "eve": 25_000, "pia": 24_000}
    for _press in range(2):
        answer = client.send("group-entries", kept)
        assert answer.status_code == 303
    assert left(as_, cast) == {"ana": 25_000, "mats": 20_000, "eve": 20_000, "pia": 24_000}
    with as_(cast.ana) as uow:
        entry = uow.session.scalars(select(GroupEntry)).one()
        assert (entry.kind, entry.people) == (GroupKind.BULK, 2)
        told = uow.session.scalars(
            select(AuditEvent.action).where(AuditEvent.action.like("group-entry%"))
        ).all()
        assert told == ["group-entry.made"]
        letters = select(OutboxMessage.employee_id).where(OutboxMessage.template == "absence_entered")
        assert set(uow.session.scalars(letters)) == {cast.mats.employee_id, cast.eve.employee_id}
        entry_id = entry.id
    page = client.page(f"group-entries/{entry_id}")
    assert "2 people" in page and "Undo all of it" in page
    with as_(cast.eve) as uow:  # one of them gives hers up before
        mine = uow.session.scalars(select(Absence).where(Absence.employee_id == cast.eve.employee_id)).one()
        absences.cancel(uow, mine.id, version=mine.version)
    assert client.send(f"group-entries/{entry_id}/undoing").status_code == 303
    assert left(as_, cast) == {"ana": 25_000, "mats": 25_000, "eve": 25_000, "pia": 24_000}
    with as_(cast.ana) as uow:
        assert (
            not uow.session.scalar(select(func.count()).select_from(AbsencePart).where(AbsencePart.live)) - 1
        )
        with pytest.raises(Refusal) as again:
            doing.undo(uow, entry_id)
        assert again.value.reason is Reason.ALREADY_SO


def test_beside_what_is_there_only_the_rest_is_entered(client, as_, cast, granted):
    client.sign_in(cast.ana)
    _text, kept = say_yes(
        client, "group-entries", form(granted, beside_others="y", emails="PIA@acme.example")
    )
    assert client.send("group-entries", kept).status_code == 303
    assert left(as_, cast)["pia"] == 20_000


def test_a_yes_to_something_else_enters_nothing(client, as_, cast, granted):
    client.sign_in(cast.ana)
    _text, kept = say_yes(client, "group-entries", form(granted))
    with as_(cast.eve) as uow:
        ask(uow, MONDAY)
    answer = client.send("group-entries", kept)
    assert answer.status_code == 409 and "nothing was overwritten" in answer.text
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(GroupEntry)).all() == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"start_date": ""}, "start_date"),
        ({"end_date": "2026-08-01"}, "end_date"),
        ({"emails": "zoe@beta.example"}, "emails"),
        ({"emails": "ana@acme.example"}, "emails"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(client, as_, cast, granted, more, field):
    """Nobody of another company, and nobody's own."""
    client.sign_in(cast.ana)
    answer = client.send("group-entries", form(granted, **more))
    assert answer.status_code == 422
    assert set(html.fromstring(answer.text).xpath("//*[contains(@class, 'error-summary')]//a/@href")) == {
        f"#{field}"
    }


def test_a_closure_reaches_everybody_keeps_what_is_there_and_who_joins_later_gets_it(
    client, as_, cast, granted
):
    """Otto's site is not closed. Holidays cost nothing; the days are charged to vacation."""
    client.sign_in(cast.ana)
    closed = form(granted, name="Summer closure", site=str(cast.sites["prague"]))
    text, kept = say_yes(client, "closures", closed)
    assert "4 people" in text and "on some of the days; that stays" in text
    assert client.send("closures", kept).status_code == 303
    assert left(as_, cast) == {"ana": 20_000, "mats": 20_000, "eve": 20_000, "pia": 20_000}
    with as_(cast.ana) as uow:
        assert closures.catch_up(uow) == 0
        eve = uow.session.scalars(select(Absence).where(Absence.employee_id == cast.eve.employee_id)).one()
        assert eve.status is AbsenceStatus.APPROVED
    with as_(cast.ana) as uow:
        prague = uow.session.scalars(select(Site).where(Site.id == cast.sites["prague"])).one()
        new = make_employee(uow, "nia@acme.example", "Nia", "Neu", site=prague)
        uow.session.flush()
        grant(uow, new.id)
        new_id = new.id
    with as_(cast.ana) as uow:
        assert closures.catch_up(uow) == 1
        assert closures.catch_up(uow) == 0
        (one,) = balances.balances_of(uow, new_id)
        assert one.granted - one.available == 5000
        told = uow.session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("closure.%"))).all()
        assert told == ["closure.made"]
    with as_(cast.ana) as uow:
        told = uow.session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("closure.%"))).all()
        assert sorted(told) == ["closure.extended", "closure.made"]


def test_a_closure_can_be_free(client, as_, cast, granted):
    """No balance moves, and nobody can ask for the type that it makes."""
    client.sign_in(cast.ana)
    _text, kept = say_yes(client, "closures", form("free", name="Flood"))
    assert client.send("closures", kept).status_code == 303
    assert left(as_, cast) == {"ana": 25_000, "mats": 25_000, "eve": 25_000, "pia": 24_000}
    assert "Company closure" not in client.page("absences/new")
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(AbsenceType.key).order_by(AbsenceType.key)).all() == [
            "closure",
            "vacation",
        ]
        assert uow.session.scalars(select(GroupEntry.people)).one() == 5
        consumed = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.kind == "consume")
        assert uow.session.scalar(consumed) == 1
    assert "Flood" in client.page("closures")


def test_halves_that_are_taken_leave_the_other_half():
    whole = [DayPart(MONDAY), DayPart(WEDNESDAY), DayPart(FRIDAY)]
    held = [
        DayPart(MONDAY, Part.AM),
        DayPart(WEDNESDAY, Part.FROM_TO, 11 * 60, 13 * 60),
        DayPart(FRIDAY, Part.FROM_TO, 14 * 60, 15 * 60),
    ]
    assert beside(whole, held) == [DayPart(MONDAY, Part.PM), DayPart(FRIDAY, Part.AM)]


def test_three_hundred_people_take_seconds_and_few_statements(staffroom, statements):
    """The dry run asks as often for 300 people as for ten; entering and undoing write table by table."""
    company = make(staffroom, "many", 300, team_size=30)
    hr = Actor(company.employee_id, "Hana", "hana@bench.example", grants=BUILT_IN_ROLES["hr"])
    with work(staffroom, company.facts, hr) as uow:
        chosen = people.people_of(uow, Chosen())
        wish = GroupWish(closures.free_type(uow), MONDAY, FRIDAY, beside_others=True, name="Training")
        statements.clear()
        found = planning.plan(uow, chosen, wish)
        assert len(statements) <= 8 and len(found.entered) > 250
        begun = time.monotonic()
        entry = doing.enter(uow, uuid4(), GroupKind.BULK, chosen, wish, seen=found.seen)
        assert entry.people == len(found.entered)
        assert doing.undo(uow, entry.id) == entry.people
        assert len(statements) < 60
    assert (
        time.monotonic() - begun < 20
    )  # seconds, on a machine that does other things too; alone it is one or two


def test_sickness_is_entered_for_nobody_in_bulk(client, cast, as_):
    """Neither offered nor taken: it is reported for each, with what belongs to it."""
    with as_(cast.ana) as uow:
        kind_id = sickness_type(uow)
    client.sign_in(cast.ana)
    for path in ("group-entries/new", "closures/new"):
        assert str(kind_id) not in client.page(path)
    with as_(cast.ana) as uow, pytest.raises(Refusal) as refused:
        planning.plan(uow, people.people_of(uow, Chosen()), GroupWish(kind_id, MONDAY, MONDAY, Part.FULL))
    assert refused.value.reason is Reason.SICKNESS_IS_REPORTED

"""Nights in which requests still wait: who is reminded, who is asked too, and what is on record of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.absence_types import TypeRules
from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import ApproverKind, StepMode, StepRule
from portal.domain.refusals import Reason, Refusal
from portal.jobs.approval_reminders import run
from portal.models import Absence, AuditEvent, Employee, OutboxMessage
from portal.services import absence_cancellations, absence_replacements, absence_types, absences, outbox
from portal.services.approvals import delegations, reminders, rules
from portal.services.approvals.delegations import NewDelegation
from tests.factories.absences import ask, grant, route_of, vacation, wish

MANAGER, HR = StepRule(ApproverKind.LINE_MANAGER), StepRule(ApproverKind.HR)
FAR, DAY = date(2026, 8, 3), timedelta(days=1)


@pytest.fixture
def night(app, clock, as_, cast):
    """`night(3)`: three days later the job runs; answers who got a letter."""

    def _night(days=0):
        clock.advance(days * DAY)
        before = letters(as_, cast)
        with app.app_context():
            run()
        after = letters(as_, cast)
        return sorted(name for message, name in after.items() if message not in before)

    return _night


@pytest.fixture
def granted(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, *[one.employee_id for one in (cast.eve, cast.mats, cast.ana, cast.otto)])


def letters(as_, cast):
    names = {getattr(cast, name).employee_id: name for name in ("ana", "mats", "eve", "otto")}
    with as_(cast.ana) as uow:
        rows = uow.session.execute(
            select(OutboxMessage.id, OutboxMessage.employee_id).where(
                OutboxMessage.template == reminders.LETTER
            )
        ).all()
    return {message_id: names.get(employee_id, "other") for message_id, employee_id in rows}


def asks(as_, member, *days):
    with as_(member) as uow:
        return [ask(uow, day).id for day in days]


def lay_down(as_, cast, *steps):
    with as_(cast.ana) as uow:
        rules.change(uow, vacation(uow).id, list(steps), valid_from=uow.today())


def events(as_, cast, action):
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(AuditEvent).where(AuditEvent.action == action)).all()


def test_the_manager_is_reminded_in_one_letter_and_in_good_time(as_, cast, granted, night):
    asks(as_, cast.eve, FAR, FAR + DAY)
    assert night(2) == []
    assert night(1) == ["mats"]
    assert night() == []
    assert night(1) == []
    assert night(1) == ["mats"]
    with as_(cast.mats) as uow:
        shown = [one for one in outbox.list_latest(uow) if "wait for you" in one.subject]
    assert shown[0].subject.startswith("2 requests for time off wait for you")
    assert shown[0].text.count(cast.eve.name) == 2
    assert "/absences/approvals" in shown[0].text


def test_what_is_decided_is_nobodys_worry(as_, cast, granted, night):
    (absence_id,) = asks(as_, cast.eve, FAR)
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    assert night(9) == []


def test_deputies_are_reminded_too_but_never_of_their_own(as_, cast, granted, night):
    """Mats hands to Otto, Otto to Eve: her own request does not come back to her."""
    for giver, deputy in ((cast.mats, cast.otto), (cast.otto, cast.eve)):
        with as_(giver) as uow:
            today = uow.today()
            delegations.make(uow, giver.employee_id, NewDelegation(deputy.email, today, today + 60 * DAY))
    asks(as_, cast.eve, FAR)
    assert night(3) == ["mats", "otto"]


def test_a_week_later_those_who_decide_for_all_are_asked_too(client, as_, cast, granted, night):
    """The step stays with Mats, but Ana's turn it is as well: on record, on the page, and by her own decision alone."""
    lay_down(as_, cast, MANAGER, HR)
    (absence_id,) = asks(as_, cast.eve, FAR)
    night(6)
    assert events(as_, cast, "absence.escalated") == []
    assert "ana" in night(1)
    (event,) = events(as_, cast, "absence.escalated")
    assert '"step": 1' in (event.payload or "")
    assert "ana" not in night()
    assert len(events(as_, cast, "absence.escalated")) == 1
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(Absence.status)).one() is AbsenceStatus.REQUESTED
        (first, _second) = route_of(uow, absence_id)
        assert [(one.name, one.escalated_at is not None) for one in first.people] == [
            (cast.mats.name, False),
            (cast.ana.name, True),
        ]
    assert "asked too on" in client.sign_in(cast.eve).page(f"absences/{absence_id}")
    assert "More people asked, because nobody had decided" in client.sign_in(cast.ana).page("audit")
    assert "It is the turn of" not in client.page(f"absences/{absence_id}")
    assert client.send(f"absences/{absence_id}/approval", {"version": "1"}).status_code == 303
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(Absence.status)).one() is AbsenceStatus.APPROVED


@pytest.mark.parametrize("decider", ["ana", "otto"])
def test_a_step_for_all_is_settled_by_those_asked_first_or_by_one_asked_later(
    as_, cast, granted, night, decider
):
    lay_down(as_, cast, StepRule(ApproverKind.PERSON, named_id=cast.otto.employee_id, mode=StepMode.ALL))
    (absence_id,) = asks(as_, cast.eve, FAR)
    night(7)
    with as_(getattr(cast, decider)) as uow:
        absences.approve(uow, absence_id, version=1)
        assert uow.session.scalars(select(Absence.status)).one() is AbsenceStatus.APPROVED
    last = events(as_, cast, "absence.approved")[-1]
    assert "out_of_turn" not in (last.payload or "")


def test_who_has_agreed_before_is_not_asked_for_the_second_pair_of_eyes(as_, cast, granted, night):
    lay_down(as_, cast, HR, MANAGER)
    (absence_id,) = asks(as_, cast.eve, FAR)
    with as_(cast.ana) as uow:
        absences.approve(uow, absence_id, version=1)
    assert night(8) == ["mats"]
    assert events(as_, cast, "absence.escalated") == []


def test_without_a_route_hr_hears_of_it_and_the_page_says_so(client, as_, cast, granted, night):
    (absence_id,) = asks(as_, cast.eve, FAR)
    assert night(7) == ["ana", "mats"]
    assert "nobody had decided" in client.sign_in(cast.eve).page(f"absences/{absence_id}")
    assert len(events(as_, cast, "absence.escalated")) == 1
    assert night(1) == []
    assert "ana" in night(2)


def test_time_off_that_begins_soon_does_not_wait_a_week(as_, cast, granted, night, clock):
    clock.move_to(datetime(2026, 7, 30, 8, tzinfo=UTC))  # a Thursday; FAR is the Monday after
    asks(as_, cast.eve, FAR)
    assert night(1) == []
    assert night(1) == ["ana"]
    assert len(events(as_, cast, "absence.escalated")) == 1


def test_where_the_manager_has_left_others_are_asked_at_once(as_, cast, granted, night):
    asks(as_, cast.eve, FAR)
    with as_(cast.ana) as uow:
        uow.session.get(Employee, (cast.eve.company.id, cast.mats.employee_id)).active = False
    assert night() == ["ana"]


def test_nobodys_own_is_escalated_to_them(as_, cast, granted, night):
    """Ana alone decides for the whole company: her own request waits, and she decides nothing of it."""
    (absence_id,) = asks(as_, cast.ana, FAR)
    assert "ana" not in night(9)
    with as_(cast.ana) as uow, pytest.raises(Refusal) as refusal:
        absences.approve(uow, absence_id, version=1)
    assert refusal.value.reason is not Reason.CHANGED_MEANWHILE


def test_the_same_few_statements_for_many(app, as_, cast, granted, clock, statements):
    def night_of(*requests):
        for member, day in requests:
            asks(as_, member, day)
        clock.advance(8 * DAY)
        statements.clear()
        with app.app_context():
            run()
        return len(statements)

    one = night_of((cast.eve, FAR))
    people = (cast.eve, cast.mats, cast.otto)
    assert night_of(*[(member, FAR + week * 7 * DAY) for member in people for week in (1, 2, 3)]) <= one


def test_a_wish_to_cancel_does_not_wait_for_ever(as_, cast, granted, night):
    """Counted from the day of the wish; asked again later, it begins anew. Who may decide it is asked once a wish."""
    with as_(cast.ana) as uow:
        bound = TypeRules(yearly_entitlement=25_000, cancel_needs_approval=True)
        absence_types.change_rules(uow, vacation(uow).id, bound, valid_from=uow.today())
    (absence_id,) = asks(as_, cast.eve, FAR)
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    assert night(9) == []
    with as_(cast.eve) as uow:
        absence_cancellations.ask(uow, absence_id, version=2)
    assert night(2) == []
    assert night(1) == ["mats"]
    with as_(cast.mats) as uow:
        letter = next(one for one in outbox.list_latest(uow) if "waits for you" in one.subject)
        assert f"{cast.eve.name} wants to cancel: Vacation, 3 Aug 2026" in letter.text
    assert night(4) == ["ana", "mats"]
    assert night() == []
    assert len(events(as_, cast, "absence.cancel-escalated")) == 1
    with as_(cast.ana) as uow:
        absence_cancellations.keep(uow, absence_id, version=3)
    assert night(2) == []
    with as_(cast.eve) as uow:
        absence_cancellations.ask(uow, absence_id, version=4)
    assert night() == []
    assert night(3) == ["mats"]


def test_a_request_that_would_replace_approved_time_off_is_reminded_of(as_, cast, granted, night):
    (absence_id,) = asks(as_, cast.eve, FAR)
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    with as_(cast.eve) as uow:
        absence_replacements.ask(uow, uuid4(), absence_id, wish(uow, FAR + 7 * DAY), version=2)
    assert night(3) == ["mats"]
    assert night(4) == ["ana", "mats"]

"""Line managers by date: rights and requests follow the day, and what was stays to be read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.domain.people_changes import ChangeKind
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models import AuditEvent, Employee, LineManagement
from portal.services import (
    absence_lists,
    access,
    line_managers,
    people,
    people_changes,
    people_import,
    person_record,
)
from portal.services.people_changes import Asked, Chosen
from tests.factories.people import HIRED, lead, manager_of
from tests.fixtures.portal import NOW

TODAY = NOW.date()
NEXT_MONTH = date(2026, 7, 1)


def rows(uow, member) -> list[tuple]:
    found = line_managers.rows_of(uow, [member.employee_id])[member.employee_id]
    return [(row.manager_id, row.start_date, row.end_date) for row in found]


def test_a_manager_of_next_month_reaches_and_decides_from_then_on(as_, cast, clock):
    """T97: and the manager of before no longer does, with the same sign-in."""
    with as_(cast.ana) as uow:
        assert line_managers.change_from(uow, cast.otto.employee_id, cast.mats.employee_id, NEXT_MONTH)
        assert line_managers.change_from(uow, cast.eve.employee_id, cast.ana.employee_id, NEXT_MONTH)
        assert rows(uow, cast.eve) == [
            (cast.mats.employee_id, HIRED, NEXT_MONTH - timedelta(days=1)),
            (cast.ana.employee_id, NEXT_MONTH, None),
        ]
        events = uow.session.scalars(select(AuditEvent.action))
        assert "line-manager.changed" not in events.all(), "events are written last"
    with as_(cast.mats) as uow:
        assert not access.may_reach(uow, Permission.ABSENCE_APPROVE, cast.otto.employee_id)
    with as_(cast.eve) as uow:
        assert absence_lists.line_manager(uow).name == cast.mats.name
    clock.move_to(clock.now().replace(month=7, day=1))
    with as_(cast.mats) as uow:
        assert access.may_reach(uow, Permission.ABSENCE_APPROVE, cast.otto.employee_id)
    with as_(cast.eve) as uow:
        assert absence_lists.line_manager(uow).name == cast.ana.name
        actions = uow.session.scalars(select(AuditEvent.action)).all()
        assert actions.count("line-manager.changed") == 3


def test_a_circle_on_a_day_to_come_is_refused_and_changes_nothing(as_, cast):
    with as_(cast.ana) as uow:
        line_managers.change_from(uow, cast.mats.employee_id, cast.otto.employee_id, NEXT_MONTH)
        with pytest.raises(Refusal) as found:
            line_managers.change_from(uow, cast.otto.employee_id, cast.eve.employee_id, TODAY)
        assert found.value.reason is Reason.MANAGER_CYCLE
        assert rows(uow, cast.otto) == []
        with pytest.raises(Refusal):
            line_managers.change_from(uow, cast.eve.employee_id, cast.eve.employee_id, TODAY)


def test_the_database_takes_no_second_manager_for_one_day(as_, cast):
    with as_(cast.ana) as uow:
        employee_id, manager_id = cast.eve.employee_id, cast.ana.employee_id
        second = LineManagement(employee_id=employee_id, manager_id=manager_id, start_date=TODAY)
        with uow.session.begin_nested() as point:
            uow.session.add(second)
            with pytest.raises(IntegrityError, match="ex_line_management_no_overlap"):
                uow.session.flush()
            point.rollback()


def test_who_leaves_is_led_by_nobody_and_who_is_back_by_the_same(as_, cast, clock):
    with as_(cast.ana) as uow:
        people.deactivate(uow, cast.eve.employee_id)
        assert rows(uow, cast.eve) == [(cast.mats.employee_id, HIRED, TODAY)]
    clock.move_to(clock.now() + timedelta(days=30))
    with as_(cast.ana) as uow:
        people.reactivate(uow, cast.eve.employee_id)
        assert rows(uow, cast.eve)[1:] == [(cast.mats.employee_id, TODAY + timedelta(days=30), None)]


def test_who_is_back_does_not_close_a_circle(as_, cast):
    with as_(cast.ana) as uow:
        people.deactivate(uow, cast.eve.employee_id)
        lead(uow, cast.mats.employee_id, cast.eve.employee_id)
        people.reactivate(uow, cast.eve.employee_id)
        assert rows(uow, cast.eve) == [(cast.mats.employee_id, HIRED, TODAY)]


def test_the_record_tells_them_all_the_latest_first(as_, cast):
    with as_(cast.ana) as uow:
        line_managers.change_from(uow, cast.eve.employee_id, cast.ana.employee_id, NEXT_MONTH)
        person = person_record.show(uow, cast.eve.employee_id)
        assert person.line_manager[0] == cast.mats.employee_id
        assert [(one.id, one.current) for one in person.record.managers] == [
            (cast.ana.employee_id, False),
            (cast.mats.employee_id, True),
        ]
    with as_(cast.otto) as uow:
        assert person_record.show(uow, cast.eve.employee_id).record is None


def test_what_the_version_before_writes_is_carried_over(as_, cast):
    """During an upgrade both versions run; the older one knows a column only."""
    with as_(cast.ana) as uow:
        today = uow.session.scalar(text("SELECT current_date"))
        eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        eve.line_manager_id = cast.ana.employee_id
        uow.session.flush()
        assert manager_of(uow, cast.eve.employee_id, today) == cast.ana.employee_id
        assert manager_of(uow, cast.eve.employee_id, today - timedelta(days=1)) == cast.mats.employee_id
        eve.line_manager_id = None
        uow.session.flush()
        assert manager_of(uow, cast.eve.employee_id, today) is None


def test_a_file_and_a_change_of_many_respect_what_is_planned(as_, cast):
    """Mats will be led by Eve from next month on: from then on he cannot lead her, whoever asks for it."""
    with as_(cast.ana) as uow:
        lead(uow, cast.eve.employee_id, None)
        line_managers.change_from(uow, cast.mats.employee_id, cast.eve.employee_id, NEXT_MONTH)
        asked = Asked(kind=ChangeKind.MANAGER, manager_email=cast.mats.email, from_day=TODAY)
        plan = people_changes.plan(uow, Chosen(ids=(cast.eve.employee_id,)), asked)
        assert [line.problem for line in plan.lines] == [Reason.MANAGER_CYCLE]
        head = "email,first_name,last_name,start_date,line_manager_email\n"
        file = f"{head}eve@acme.example,Eve,X,2020-01-01,mats@acme.example\n".encode()
        with pytest.raises(Refusal) as found:
            people_import.carry_out(uow, file)
        assert found.value.reason is Reason.IMPORT_HAS_ERRORS


def test_a_change_of_many_may_begin_later(as_, cast):
    with as_(cast.ana) as uow:
        chosen = Chosen(ids=(cast.eve.employee_id, cast.otto.employee_id))
        asked = Asked(kind=ChangeKind.MANAGER, manager_email=cast.ana.email, from_day=NEXT_MONTH)
        digest = people_changes.plan(uow, chosen, asked).digest
        people_changes.order(uow, chosen, asked, digest=digest, only_possible=False)
        assert rows(uow, cast.otto) == [(cast.ana.employee_id, NEXT_MONTH, None)]
        assert manager_of(uow, cast.eve.employee_id) == cast.mats.employee_id

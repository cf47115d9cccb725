"""Many people at once: shown person by person, done whole or as far as possible, taken back for a day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from portal.domain.people_changes import ChangeKind, ChangeStatus
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models import (
    AuditEvent,
    Employee,
    Employment,
    Identity,
    OutboxMessage,
    PeopleChange,
    Role,
    RoleGrant,
    SignInPolicy,
    SignInSession,
    Site,
    TeamMembership,
)
from portal.services import leaving, people, people_changes
from portal.services.directory import DirectoryFilter
from portal.services.people_changes import Asked, Chosen
from portal.services.people_import.snapshots import states_of
from tests.factories.people import make_employee, manager_of

K = ChangeKind


def chosen(*members) -> Chosen:
    return Chosen(ids=tuple(one.employee_id for one in members))


def today(as_, cast) -> date:
    with as_(cast.ana) as uow:
        return uow.today()


def asked(as_, cast, kind: ChangeKind, **given) -> Asked:
    day = today(as_, cast)
    dated = {"last_day": day} if kind is K.LEAVE else {"from_day": day}
    return Asked(kind=kind, **{**dated, **given})


def role_id(as_, cast, key: str):
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(Role.id).where(Role.key == key)).one()


def lines(as_, cast, who, whom: Chosen, what: Asked) -> dict[str, Reason | None]:
    with as_(who) as uow:
        return {line.email.split("@")[0]: line.problem for line in people_changes.plan(uow, whom, what).lines}


def order(as_, who, whom: Chosen, what: Asked, *, only_possible: bool = False):
    with as_(who) as uow:
        digest = people_changes.plan(uow, whom, what).digest
    with as_(who) as uow:
        return people_changes.order(uow, whom, what, digest=digest, only_possible=only_possible)


def undo(as_, who, change_id) -> None:
    with as_(who) as uow:
        people_changes.undo(uow, change_id)


def refusal(of, *arguments, **options) -> Reason:
    with pytest.raises(Refusal) as found:
        of(*arguments, **options)
    return found.value.reason


def everything(as_, cast) -> dict[object, object]:
    with as_(cast.ana) as uow:
        return states_of(uow, list(uow.session.scalars(select(Employee.id))))


def new_site(as_, cast):
    with as_(cast.ana) as uow:
        site = Site(name="Liberec")
        uow.session.add(site)
        uow.session.flush()
        return site.id


def ask_all(as_, cast) -> dict[ChangeKind, Asked]:
    week = (480, 480, 480, 0, 0, 0, 0)
    return {
        K.MOVE_TEAM: asked(as_, cast, K.MOVE_TEAM, team_id=cast.teams["kitchen"]),
        K.JOIN_TEAM: asked(as_, cast, K.JOIN_TEAM, team_id=cast.teams["kitchen"]),
        K.LEAVE_TEAM: asked(as_, cast, K.LEAVE_TEAM, team_id=cast.teams["care"]),
        K.SITE: asked(as_, cast, K.SITE, site_id=new_site(as_, cast)),
        K.MANAGER: asked(as_, cast, K.MANAGER, manager_email=cast.otto.email),
        K.HOURS: asked(as_, cast, K.HOURS, weekly_minutes=1200),
        K.PATTERN: asked(as_, cast, K.PATTERN, pattern=week),
        K.ROSTER: asked(as_, cast, K.ROSTER, by_roster=True),
        K.GIVE_ROLE: asked(as_, cast, K.GIVE_ROLE, role_id=role_id(as_, cast, "planner")),
        K.TAKE_ROLE: asked(as_, cast, K.TAKE_ROLE, role_id=role_id(as_, cast, "manager")),
        K.LEAVE: asked(as_, cast, K.LEAVE),
    }


@pytest.mark.parametrize("kind", [one for one in K if one is not K.INVITE])
def test_what_is_done_is_what_was_shown_and_the_undo_brings_everything_back(as_, cast, kind):
    what = ask_all(as_, cast)[kind]
    before = everything(as_, cast)
    whom = chosen(cast.eve, cast.mats)
    change_id = order(as_, cast.ana, whom, what, only_possible=True)
    assert everything(as_, cast) != before
    with as_(cast.ana) as uow:
        again = people_changes.plan(uow, whom, what)
        assert not again.doable, "everybody is like that now"
        assert people_changes.get(uow, change_id).undoable
    undo(as_, cast.ana, change_id)
    assert everything(as_, cast) == before
    assert refusal(undo, as_, cast.ana, change_id) is Reason.CHANGE_PAST_UNDO


def test_the_terms_change_from_the_day_on_and_what_was_stays(as_, cast):
    day = today(as_, cast) + timedelta(days=10)
    order(as_, cast.ana, chosen(cast.eve), asked(as_, cast, K.HOURS, weekly_minutes=1200, from_day=day))
    with as_(cast.ana) as uow:
        rows = uow.session.execute(
            select(Employment.weekly_minutes, Employment.start_date, Employment.end_date)
            .where(Employment.employee_id == cast.eve.employee_id)
            .order_by(Employment.start_date)
        ).all()
    assert rows[-1].weekly_minutes == 1200 and rows[-1].start_date == day
    assert rows[-2].end_date == day - timedelta(days=1)


def test_each_person_has_their_own_reason(as_, cast):
    """A manager is not led by those they lead; somebody who left is passed over; the rest can be changed."""
    with as_(cast.ana) as uow:
        people.deactivate(uow, cast.otto.employee_id)
    found = lines(
        as_,
        cast,
        cast.ana,
        chosen(cast.mats, cast.eve, cast.otto, cast.ana, cast.zoe),
        asked(as_, cast, K.MANAGER, manager_email=cast.eve.email),
    )
    assert found == {
        "mats": Reason.MANAGER_CYCLE,
        "eve": Reason.MANAGER_CYCLE,
        "otto": Reason.PERSON_LEFT,
        "ana": None,
    }, "Zoe of Beta is as if nobody had chosen her (T99)"


def test_all_or_nobody_unless_others_are_passed_over(as_, cast):
    whom, what = chosen(cast.mats, cast.ana), asked(as_, cast, K.MANAGER, manager_email=cast.eve.email)
    before = everything(as_, cast)
    assert refusal(order, as_, cast.ana, whom, what) is Reason.NOT_ALL_POSSIBLE
    assert everything(as_, cast) == before
    change_id = order(as_, cast.ana, whom, what, only_possible=True)
    with as_(cast.ana) as uow:
        past = people_changes.get(uow, change_id)
        assert (past.done, past.passed_over) == (1, 1)
        assert manager_of(uow, cast.ana.employee_id) == cast.eve.employee_id


def test_nobody_gives_more_than_they_hold_and_the_last_admin_stays(as_, cast):
    """T90, T91: also when all holders are chosen at once, and for who keeps the password for emergencies."""
    admin = role_id(as_, cast, "admin")
    hr_only = type(cast.ana)(
        cast.acme, cast.ana.employee_id, cast.ana.name, cast.ana.email, ("employee", "hr")
    )
    with as_(cast.ana) as uow:
        grant = uow.session.scalars(
            select(RoleGrant).where(RoleGrant.role_id == admin, RoleGrant.employee_id == cast.ana.employee_id)
        ).one()
        uow.session.delete(grant)
        uow.session.add(RoleGrant(employee_id=cast.mats.employee_id, role_id=admin))
    give = asked(as_, cast, K.GIVE_ROLE, role_id=admin)
    assert refusal(lines, as_, cast, hr_only, chosen(cast.eve), give) is Reason.GRANT_ABOVE_OWN
    assert refusal(lines, as_, cast, cast.eve, chosen(cast.eve), give) is Reason.NOT_PERMITTED
    with as_(cast.ana) as uow:
        uow.session.add(RoleGrant(employee_id=cast.ana.employee_id, role_id=admin))
    take = asked(as_, cast, K.TAKE_ROLE, role_id=admin)
    found = lines(as_, cast, cast.ana, chosen(cast.mats, cast.ana, cast.eve), take)
    assert found == {"mats": Reason.LAST_ADMIN, "ana": Reason.LAST_ADMIN, "eve": Reason.ALREADY_SO}
    assert lines(as_, cast, cast.ana, chosen(cast.mats), take) == {"mats": None}
    with as_(cast.ana) as uow:
        uow.session.add(SignInPolicy(sso_required=True, break_glass_id=cast.mats.employee_id))
    assert lines(as_, cast, cast.ana, chosen(cast.mats), take) == {"mats": Reason.SSO_BREAK_GLASS_KEPT}


def test_whoever_reaches_a_team_changes_nobody_else(as_, cast):
    """With a role that reaches his team Mats changes Eve; Otto is beyond it."""
    with as_(cast.mats) as uow:
        uow.actor = replace(uow.actor, grants={**uow.actor.grants, Permission.EMPLOYEE_EDIT: Reach.TEAM})
        what = Asked(kind=K.JOIN_TEAM, team_id=cast.teams["kitchen"], from_day=uow.today())
        found = people_changes.plan(uow, chosen(cast.eve, cast.pia, cast.otto, cast.ana), what)
        assert {line.email.split("@")[0]: line.problem for line in found.lines} == {
            "eve": None,
            "pia": None,
            "otto": Reason.NOT_PERMITTED,
            "ana": Reason.NOT_PERMITTED,
        }


def test_leaving_today_shuts_out_at_once_and_oneself_never(as_, cast):
    with as_(cast.ana) as uow:
        make_session(uow, cast.eve.employee_id)
    what = asked(as_, cast, K.LEAVE)
    assert lines(as_, cast, cast.ana, chosen(cast.ana, cast.eve), what) == {
        "ana": Reason.NOT_ONESELF,
        "eve": None,
    }
    order(as_, cast.ana, chosen(cast.eve), what)
    with as_(cast.ana) as uow:
        assert uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id)).active is False
        live = select(func.count()).where(
            SignInSession.employee_id == cast.eve.employee_id, SignInSession.revoked_at.is_(None)
        )
        assert uow.session.scalar(live) == 0


def make_session(uow, employee_id) -> None:
    identity = uow.session.scalars(select(Identity).where(Identity.employee_id == employee_id)).first()
    now = uow.clock.now()
    uow.session.add(
        SignInSession(
            employee_id=employee_id,
            identity_id=identity.id,
            token_hash=b"x" * 32,
            ip="",
            browser="",
            authenticated_at=now,
            last_seen_at=now,
            idle_until=now + timedelta(minutes=30),
            absolute_until=now + timedelta(hours=12),
        )
    )


def test_leaving_later_ends_the_work_then_and_the_access_the_morning_after(as_, cast, clock):
    last_day = today(as_, cast) + timedelta(days=5)
    order(as_, cast.ana, chosen(cast.eve), asked(as_, cast, K.LEAVE, last_day=last_day))
    one = cast.eve.employee_id
    with as_(cast.ana) as uow:
        assert uow.session.get_one(Employee, (cast.acme.id, one)).active
        job = uow.session.execute(
            text("SELECT args->>'last_day', scheduled_at FROM procrastinate_jobs WHERE task_name = :task"),
            {"task": leaving.LEAVE_TASK},
        ).one()
        assert job[0] == last_day.isoformat()
        assert leaving.leave(uow, one, last_day) is False, "the day is not over"
    clock.move_to(job[1] + timedelta(minutes=1))
    with as_(cast.ana) as uow:
        assert leaving.leave(uow, one, last_day - timedelta(days=1)) is False, "their work was prolonged"
        assert leaving.leave(uow, one, last_day) is True
        assert not uow.session.get_one(Employee, (cast.acme.id, one)).active


def test_only_who_has_no_access_is_invited_and_that_is_not_undone(as_, cast):
    with as_(cast.ana) as uow:
        new = Employee(email="new@acme.example", first_name="New", last_name="Comer")
        uow.session.add(new)
        uow.session.flush()
        new_id = new.id
    whom = Chosen(ids=(new_id, cast.eve.employee_id))
    what = asked(as_, cast, K.INVITE)
    assert lines(as_, cast, cast.ana, whom, what) == {"new": None, "eve": Reason.ALREADY_SO}
    change_id = order(as_, cast.ana, whom, what)
    with as_(cast.ana) as uow:
        assert uow.session.scalar(select(func.count()).select_from(OutboxMessage)) == 1
    assert refusal(undo, as_, cast.ana, change_id) is Reason.CHANGE_PAST_UNDO


def test_what_would_be_anything_else_by_now_is_not_done(as_, cast):
    whom, what = chosen(cast.eve, cast.mats), asked(as_, cast, K.HOURS, weekly_minutes=1200)
    with as_(cast.ana) as uow:
        digest = people_changes.plan(uow, whom, what).digest
    order(as_, cast.ana, chosen(cast.eve), asked(as_, cast, K.HOURS, weekly_minutes=900))
    with as_(cast.ana) as uow, pytest.raises(Refusal) as found:
        people_changes.order(uow, whom, what, digest=digest, only_possible=True)
    assert found.value.reason is Reason.CHANGED_MEANWHILE


def test_nothing_is_undone_over_what_somebody_did_since(as_, cast):
    what = asked(as_, cast, K.HOURS, weekly_minutes=1200)
    change_id = order(as_, cast.ana, chosen(cast.eve, cast.mats), what)
    with as_(cast.ana) as uow:
        uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id)).job_title = "Other"
    before = everything(as_, cast)
    assert refusal(undo, as_, cast.ana, change_id) is Reason.IMPORT_CHANGED_SINCE
    assert everything(as_, cast) == before


def test_it_is_undone_within_a_day_by_who_could_do_it(as_, cast, clock):
    change_id = order(as_, cast.ana, chosen(cast.eve), asked(as_, cast, K.HOURS, weekly_minutes=1200))
    for stranger in (cast.eve, cast.mats, cast.zoe):
        assert refusal(undo, as_, stranger, change_id) is Reason.NOT_FOUND
    clock.move_to(clock.now() + timedelta(days=1))
    assert refusal(undo, as_, cast.ana, change_id) is Reason.CHANGE_PAST_UNDO


def test_copies_of_people_are_sealed_and_forgotten(as_, cast):
    """P10, P16."""
    change_id = order(as_, cast.ana, chosen(cast.eve), asked(as_, cast, K.HOURS, weekly_minutes=1200))
    with as_(cast.ana) as uow:
        row = uow.session.get_one(PeopleChange, (cast.acme.id, change_id))
        assert b"acme.example" not in row.people_sealed
        jobs = uow.session.execute(
            text("SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = :task"),
            {"task": people_changes.FORGET_TASK},
        ).all()
        assert [tuple(job) for job in jobs] == [(row.undo_until,)]
        people_changes.forget(uow, change_id)
    assert refusal(undo, as_, cast.ana, change_id) is Reason.CHANGE_PAST_UNDO


def test_each_person_and_the_whole_are_on_record(as_, cast):
    planner = role_id(as_, cast, "planner")
    change_id = order(
        as_, cast.ana, chosen(cast.eve, cast.mats), asked(as_, cast, K.GIVE_ROLE, role_id=planner)
    )
    undo(as_, cast.ana, change_id)
    with as_(cast.ana) as uow:
        events = uow.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    told = [(one.action, json.loads(one.payload)["facts"]) for one in events]
    granted = [facts for action, facts in told if action == "role.granted"]
    assert {facts["person"] for facts in granted} == {cast.eve.email, cast.mats.email}
    assert {facts["role"] for facts in granted} == {"planner"}
    assert [action for action, _ in told].count("role.revoked") == 2, "the undo takes them away again"
    done = dict(told)["people.changed"]
    assert (done["change"], done["people"]) == ("give-role", 2)
    assert told[-1] == ("people.change-undone", {"change": "give-role", "people": 2})


def crowd(as_, cast, number: int) -> None:
    with as_(cast.ana) as uow:
        rows = [
            Employee(email=f"m{number}x{at}@acme.example", first_name="Jan", last_name=f"Dav{at:04}")
            for at in range(number)
        ]
        uow.session.add_all(rows)
        uow.session.flush()
        uow.session.add_all(
            Employment(
                employee_id=one.id,
                start_date=date(2020, 1, 1),
                weekly_minutes=2400,
                pattern=[480] * 5 + [0, 0],
            )
            for one in rows
        )


@pytest.mark.parametrize("kind", [one for one in K if one is not K.INVITE])
def test_the_cost_does_not_grow_with_the_people(as_, cast, statements, kind):
    what = ask_all(as_, cast)[kind]
    counts = []
    for number in (3, 60):
        crowd(as_, cast, number)
        whom = Chosen(everybody=DirectoryFilter(search=f"m{number}x"))
        statements.clear()
        with as_(cast.ana) as uow:
            planned = people_changes.plan(uow, whom, what)
            plan_count = len(statements)
            if planned.doable:
                people_changes.order(uow, whom, what, digest=planned.digest, only_possible=True)
        counts.append((plan_count, len(statements)))
    assert counts[0] == counts[1], statements
    assert counts[0][0] <= 8 and counts[0][1] <= 60


def test_many_are_left_to_a_job_that_says_how_far_it_is(as_, cast):
    """As whoever asked for it, with what they may do by then; done twice it is done once."""
    crowd(as_, cast, 120)
    whom = Chosen(everybody=DirectoryFilter(search="m120x"))
    what = asked(as_, cast, K.HOURS, weekly_minutes=1200)
    change_id = order(as_, cast.ana, whom, what)
    reports: list[int] = []
    with as_(cast.ana) as uow:
        past = people_changes.get(uow, change_id)
        assert (past.status, past.total, past.done) == (ChangeStatus.WAITING, 120, 0)
        assert uow.session.scalar(select(func.count()).where(Employment.weekly_minutes == 1200)) == 0
    portal_itself = type(cast.ana)(cast.acme, None, "Staffroom", "", ())
    for _ in range(2):
        with as_(portal_itself) as uow:
            people_changes.carry_out(uow, change_id, reports.append)
    with as_(cast.ana) as uow:
        past = people_changes.get(uow, change_id)
        assert (past.status, past.done, past.undoable) == (ChangeStatus.DONE, 120, True)
        assert reports == [120]
        assert uow.session.scalar(select(func.count()).where(Employment.weekly_minutes == 1200)) == 120
        event = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "people.changed")).one()
        assert event.actor_id == cast.ana.employee_id
    undo(as_, cast.ana, change_id)


def test_the_job_uses_no_right_that_was_taken_since(as_, cast):
    crowd(as_, cast, 120)
    whom = Chosen(everybody=DirectoryFilter(search="m120x"))
    change_id = order(as_, cast.ana, whom, asked(as_, cast, K.HOURS, weekly_minutes=1200))
    with as_(cast.ana) as uow:
        for row in uow.session.scalars(
            select(RoleGrant).where(RoleGrant.employee_id == cast.ana.employee_id)
        ):
            uow.session.delete(row)
    portal_itself = type(cast.ana)(cast.acme, None, "Staffroom", "", ())
    with as_(portal_itself) as uow, pytest.raises(Refusal) as found:
        people_changes.carry_out(uow, change_id)
    assert found.value.reason is Reason.NOT_PERMITTED
    with as_(portal_itself) as uow:
        people_changes.fail(uow, change_id, found.value.reason)
        assert uow.session.scalar(select(func.count()).where(Employment.weekly_minutes == 1200)) == 0
    with as_(cast.ana) as uow:
        row = uow.session.get_one(PeopleChange, (cast.acme.id, change_id))
        assert (row.status, row.problem) == (ChangeStatus.FAILED, "not-permitted")


def test_ids_of_another_company_as_values_are_refused(as_, cast):
    """T100."""
    for kind, given in (
        (K.JOIN_TEAM, {"team_id": cast.zoe.employee_id}),
        (K.SITE, {"site_id": cast.zoe.employee_id}),
        (K.GIVE_ROLE, {"role_id": cast.zoe.employee_id}),
        (K.MANAGER, {"manager_email": cast.zoe.email}),
    ):
        what = asked(as_, cast, kind, **given)
        assert refusal(lines, as_, cast, cast.ana, chosen(cast.eve), what) in {
            Reason.NOT_FOUND,
            Reason.MANAGER_UNKNOWN,
        }


def test_memberships_are_dated(as_, cast):
    what = asked(as_, cast, K.MOVE_TEAM, team_id=cast.teams["kitchen"])
    order(as_, cast.ana, chosen(cast.eve), what)
    with as_(cast.ana) as uow:
        rows = uow.session.scalars(
            select(TeamMembership)
            .where(TeamMembership.employee_id == cast.eve.employee_id)
            .order_by(TeamMembership.start_date)
        ).all()
    assert rows[-1].team_id == cast.teams["kitchen"] and rows[-1].start_date == what.from_day
    assert rows[0].end_date == what.from_day - timedelta(days=1)


def test_some_new_person_keeps_their_first_day(as_, cast):
    """Nobody becomes a member before they begin."""
    with as_(cast.ana) as uow:
        late = make_employee(uow, "late@acme.example", "Late", "X")
        starts = uow.today() + timedelta(days=30)
        uow.session.scalars(
            select(Employment).where(Employment.employee_id == late.id)
        ).one().start_date = starts
        late_id = late.id
    order(as_, cast.ana, Chosen(ids=(late_id,)), asked(as_, cast, K.JOIN_TEAM, team_id=cast.teams["care"]))
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(TeamMembership).where(TeamMembership.employee_id == late_id)).one()
        assert row.start_date == starts

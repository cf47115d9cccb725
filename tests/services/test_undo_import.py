"""Taking an import back: everybody as before, or nobody; never over what somebody did since."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from portal.domain.refusals import Reason, Refusal
from portal.models import (
    AuditEvent,
    Employee,
    Employment,
    LedgerEntry,
    OutboxMessage,
    PeopleImport,
    RoleGrant,
    SignInLink,
    SignInPolicy,
    Team,
)
from portal.models.team import TeamMembership
from portal.services import employments, memberships, people, people_import
from portal.services.people_import.snapshots import states_of
from tests.factories.people import lead, make_employee

HEAD = "email,first_name,last_name,start_date,employee_number,team,site,line_manager_email,weekly_hours,phone,role\n"
FILE = (
    HEAD
    + "nora@acme.example,Nora,Nová,2026-01-01,17,Night,Ostrava,otto@acme.example,37.5,+420 601 123 456,planner\n"
    + "ned@acme.example,Ned,Nový,2026-07-01,,Night,,nora@acme.example,,,\n"
    + "eve@acme.example,Eva,Nová,2020-01-01,7,Night,Ostrava,nora@acme.example,20,+420 601 123 457,\n"
).encode()


def carry_out(as_, cast, data=FILE, **options) -> None:
    with as_(cast.ana) as uow:
        people_import.carry_out(uow, data, **options)


def undo(as_, cast, who=None) -> None:
    with as_(who or cast.ana) as uow:
        people_import.undo(uow, people_import.find_last(uow).id)


def refused(as_, cast, who=None) -> Refusal:
    with pytest.raises(Refusal) as found:
        undo(as_, cast, who)
    return found.value


def ledger(as_, who) -> set[object]:
    with as_(who) as uow:
        return set(uow.session.scalars(select(LedgerEntry.id)))


def everything(as_, cast) -> dict[object, object]:
    """Everybody with their rows."""
    with as_(cast.ana) as uow:
        return states_of(uow, list(uow.session.scalars(select(Employee.id))))


def test_everybody_is_as_before_and_the_new_are_gone(as_, cast):
    before = everything(as_, cast)
    carry_out(as_, cast, invite=True)
    changed = everything(as_, cast)
    assert len(changed) == len(before) + 2 and changed[cast.eve.employee_id] != before[cast.eve.employee_id]
    undo(as_, cast)
    assert everything(as_, cast) == before
    with as_(cast.ana) as uow:
        for model in (OutboxMessage, SignInLink):
            assert uow.session.scalar(select(func.count()).select_from(model)) == 0, "no link stays behind"
        assert uow.session.scalar(select(func.count()).where(Team.name == "Night")) == 1, "teams stay"


def test_the_same_file_can_be_imported_again(as_, cast):
    carry_out(as_, cast)
    after = {one: len(rows) for one, rows in everything(as_, cast).items()}
    undo(as_, cast)
    with as_(cast.ana) as uow:
        outcome = people_import.carry_out(uow, FILE)
        assert (len(outcome.new), len(outcome.changed)) == (2, 1)
    assert len(everything(as_, cast)) == len(after)


def test_grants_go_with_the_people_and_no_others(as_, cast):
    """The ledger is append-only for the portal; yearly grants go together with people who are removed."""
    held = ledger(as_, cast.ana)
    carry_out(as_, cast)
    more = len(ledger(as_, cast.ana) - held)
    assert more > 0 and ledger(as_, cast.ana) > held
    undo(as_, cast)
    assert ledger(as_, cast.ana) == held
    with as_(cast.ana) as uow:
        event = uow.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "people.import-undone")
        ).one()
        assert json.loads(event.payload)["facts"]["grants"] == more, "what went with them is on record"


def _a_role(uow, nora) -> None:
    uow.session.delete(uow.session.scalars(select(RoleGrant).where(RoleGrant.employee_id == nora.id)).first())


#: What somebody may do since to Eve, who was changed, or to Nora, who is new.
CHANGES = {
    "a name of somebody changed": ("eve", lambda _, eve: setattr(eve, "last_name", "Jiná")),
    "a name of somebody new": ("nora", lambda _, nora: setattr(nora, "last_name", "Jiná")),
    "a role": ("nora", _a_role),
    "a team": ("eve", lambda uow, eve: memberships.end_after(uow, eve.id, uow.today())),
    "the working time": ("nora", lambda uow, nora: employments.end_after(uow, nora.id, uow.today())),
    "leads somebody who came since": (
        "nora",
        lambda uow, nora: make_employee(uow, "late@acme.example", "Late", "X", line_manager=nora),
    ),
    "has left": ("eve", lambda uow, eve: people.deactivate(uow, eve.id)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_was_changed_since_is_named_and_nothing_is_undone(as_, cast, change):
    carry_out(as_, cast)
    with as_(cast.ana) as uow:
        who, touch = CHANGES[change]
        touch(uow, uow.session.scalars(select(Employee).where(Employee.email == f"{who}@acme.example")).one())
    before = everything(as_, cast)
    refusal = refused(as_, cast)
    assert refusal.reason is Reason.IMPORT_CHANGED_SINCE
    assert "Nová" in refusal.details["names"] or "Jiná" in refusal.details["names"]
    assert "Ned" not in refusal.details["names"]
    assert everything(as_, cast) == before


def test_earlier_line_managers_do_not_close_a_circle(as_, cast):
    """Mats, whom the file does not name, was put under Eve since; she cannot go back under him."""
    carry_out(as_, cast)
    with as_(cast.ana) as uow:
        lead(uow, cast.mats.employee_id, cast.eve.employee_id)
    assert refused(as_, cast).reason is Reason.IMPORT_CHANGED_SINCE


def test_it_is_possible_for_a_day_once_and_only_for_the_last_import(as_, cast, clock):
    carry_out(as_, cast)
    clock.move_to(clock.now() + timedelta(days=1))
    assert refused(as_, cast).reason is Reason.IMPORT_PAST_UNDO
    clock.move_to(clock.now() - timedelta(minutes=1))
    with as_(cast.ana) as uow:
        first = people_import.find_last(uow).id
    carry_out(as_, cast, HEAD.encode() + b"otto@acme.example,Ota,X,2020-01-01,,,,,,,\n")
    with as_(cast.ana) as uow, pytest.raises(Refusal) as found:
        people_import.undo(uow, first)
    assert found.value.reason is Reason.IMPORT_PAST_UNDO
    undo(as_, cast)
    assert refused(as_, cast).reason is Reason.IMPORT_PAST_UNDO


def test_copies_of_people_are_sealed_and_forgotten_after_the_day(as_, cast):
    """P10, P16: no more copies than an undo needs, and no longer."""
    carry_out(as_, cast)
    with as_(cast.ana) as uow:
        kept = uow.session.scalars(select(PeopleImport)).one()
        assert b"acme.example" not in kept.people_sealed
        jobs = uow.session.execute(
            text("SELECT task_name, scheduled_at FROM procrastinate_jobs WHERE args->>'import_id' = :one"),
            {"one": str(kept.id)},
        ).all()
        assert [tuple(job) for job in jobs] == [("forget_people_import", kept.undo_until)]
        people_import.forget(uow, kept.id)
    assert refused(as_, cast).reason is Reason.IMPORT_PAST_UNDO


def test_nobody_undoes_more_than_they_could_do_by_hand(as_, cast):
    """T90: an import by the operator gave a role above HR's; HR alone cannot take it back, nor can others undo."""
    carry_out(as_, cast, HEAD.encode() + b"adam@acme.example,Adam,X,2020-01-01,,,,,,,admin\n")
    assert refused(as_, cast, cast.mats).reason is Reason.NOT_PERMITTED
    hr_only = type(cast.ana)(
        cast.acme, cast.ana.employee_id, cast.ana.name, cast.ana.email, ("employee", "hr")
    )
    assert refused(as_, cast, hr_only).reason is Reason.GRANT_ABOVE_OWN
    undo(as_, cast)


def test_who_keeps_the_password_for_emergencies_keeps_the_role(as_, cast):
    """The import made Otto an admin, and since then he is the one who gets in when the provider is down."""
    row = b"otto@acme.example,Otto,Klein,2020-01-01,,,,,,,admin\n"
    carry_out(as_, cast, HEAD.encode() + row)
    with as_(cast.ana) as uow:
        policy = SignInPolicy(sso_required=True, break_glass_id=cast.otto.employee_id)
        uow.session.add(policy)
    assert refused(as_, cast).reason is Reason.SSO_BREAK_GLASS_KEPT


def test_beta_cannot_undo_it(as_, cast):
    """T99."""
    carry_out(as_, cast)
    with as_(cast.ana) as uow:
        last = people_import.find_last(uow).id
    with as_(cast.zoe) as uow:
        assert people_import.find_last(uow) is None
        with pytest.raises(Refusal) as found:
            people_import.undo(uow, last)
    assert found.value.reason is Reason.NOT_FOUND


def test_each_person_and_the_whole_are_on_record(as_, cast):
    carry_out(as_, cast)
    undo(as_, cast)
    with as_(cast.ana) as uow:
        actions = list(uow.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))
    undone = actions[actions.index("people.imported") :]
    assert undone.count("employee.removed") == 2 and undone.count("employee.changed") == 1
    assert undone[-1] == "people.import-undone"


def test_the_cost_does_not_grow_with_the_people(as_, cast, statements):
    counts = []
    for number in (3, 60):
        rows = "".join(f"n{number}x{at}@acme.example,N,X,2020-01-01,,,,,,,\n" for at in range(number))
        carry_out(as_, cast, (HEAD + rows).encode())
        statements.clear()
        undo(as_, cast)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 40, statements


def test_dated_rows_come_back_with_their_ids(as_, cast):
    with as_(cast.ana) as uow:
        rows = select(Employment.id, Employment.end_date).where(
            Employment.employee_id == cast.eve.employee_id
        )
        teams = select(TeamMembership.id, TeamMembership.end_date).where(
            TeamMembership.employee_id == cast.eve.employee_id
        )
        before = uow.session.execute(rows).all(), uow.session.execute(teams).all()
    carry_out(as_, cast)
    undo(as_, cast)
    with as_(cast.ana) as uow:
        assert (uow.session.execute(rows).all(), uow.session.execute(teams).all()) == before

"""Two people act at the same moment, each in a transaction of their own."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.app import create_app
from portal.db import Sessions, db
from portal.domain.refusals import Reason, Refusal
from portal.models import Role, RoleGrant
from portal.services import employments, licence_files, people, person_record, roles
from tests.factories.companies import work
from tests.fixtures.cast import make_cast
from tests.fixtures.portal import make_settings
from tests.web.licence.test_licence_files import ISSUER, a_file


@pytest.fixture
def portal(fresh_database, tmp_path):
    """A portal whose transactions are real, and its cast."""
    assert Sessions.kw.get("bind") is None
    app = create_app(make_settings(fresh_database, tmp_path))
    with app.app_context():
        cast = make_cast(app.extensions["staffroom"])
    yield app, cast
    with app.app_context():
        db.engine.dispose()


def at_once(app, cast, *acts) -> list[Reason | None]:
    """Runs each (member, act) in a thread; both have begun their transaction before either acts."""
    barrier = threading.Barrier(len(acts))
    results: list[Reason | None] = [None] * len(acts)

    def run(place, member, act):
        with app.app_context():
            try:
                with work(app.extensions["staffroom"], member.company, member.actor) as uow:
                    barrier.wait(10)
                    act(uow)
            except Refusal as refusal:
                results[place] = refusal.reason

    threads = [threading.Thread(target=run, args=(place, *one)) for place, one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def make_mats_admin(app, cast):
    """Mats as he is with HR and admin, and the id of the admin role."""
    with app.app_context(), work(app.extensions["staffroom"], cast.acme, cast.ana.actor) as uow:
        admin = uow.session.scalars(select(Role.id).where(Role.key == "admin")).one()
        for key in ("admin", "hr"):
            role = uow.session.scalars(select(Role.id).where(Role.key == key)).one()
            uow.session.add(RoleGrant(employee_id=cast.mats.employee_id, role_id=role))
    return replace(cast.mats, roles=("employee", "hr", "admin")), admin


def test_two_admins_who_unmake_each_other_leave_one(portal):
    """T91: under a race the second is refused: the first has just taken the right to it."""
    app, cast = portal
    mats, admin = make_mats_admin(app, cast)
    results = at_once(
        app,
        cast,
        (cast.ana, lambda uow: roles.revoke(uow, cast.mats.employee_id, admin)),
        (mats, lambda uow: roles.revoke(uow, cast.ana.employee_id, admin)),
    )
    assert sorted(results, key=str) == sorted([None, Reason.GRANT_ABOVE_OWN], key=str)


def test_two_admins_who_resign_at_once_leave_one(portal):
    """T91: under a race one of them stays."""
    app, cast = portal
    mats, admin = make_mats_admin(app, cast)
    results = at_once(
        app,
        cast,
        (cast.ana, lambda uow: roles.revoke(uow, cast.ana.employee_id, admin)),
        (mats, lambda uow: roles.revoke(uow, cast.mats.employee_id, admin)),
    )
    assert sorted(results, key=str) == sorted([None, Reason.LAST_ADMIN], key=str)


def test_two_changes_at_once_close_no_circle_of_managers(portal):
    """Otto under Pia and Pia under Otto, each fine by itself: one is refused."""
    app, cast = portal

    def under(person, manager):
        def act(uow):
            facts, seen = person_record.for_editing(uow, person.employee_id)
            people.edit(uow, person.employee_id, replace(facts, line_manager_email=manager.email), seen=seen)

        return act

    results = at_once(
        app, cast, (cast.ana, under(cast.otto, cast.pia)), (cast.ana, under(cast.pia, cast.otto))
    )
    assert sorted(results, key=str) == sorted([None, Reason.MANAGER_CYCLE], key=str)


def test_of_two_who_take_the_last_place_one_is_refused(portal):
    """T193: a licence for six has six people, however many are added at once."""
    app, cast = portal
    with app.app_context(), work(app.extensions["staffroom"], cast.acme, cast.ana.actor) as uow:
        own, day = uow.outside, uow.today()
        object.__setattr__(own, "licence_keys", (ISSUER.public,))
        licence_files.install(
            uow, a_file(own, uow.clock, persons=6, valid_from=day, valid_until=day + timedelta(days=30))
        )
        ana = replace(cast.ana, company=uow.company)
    results = at_once(app, cast, *((ana, take_in(f"new{number}@acme.example")) for number in "12"))
    assert sorted(results, key=str) == sorted([None, Reason.LICENCE_FULL], key=str)


def take_in(email):
    """Adds somebody with this address."""

    def act(uow):
        terms = employments.Terms(employments.FULL_TIME, None)
        people.create(
            uow,
            people.PersonFacts(email, "New", "Comer", None, None, "en", "", frozenset(), terms, uow.today()),
        )

    return act

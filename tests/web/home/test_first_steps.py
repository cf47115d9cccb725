"""A new company's HR is shown what to set up, until its people can ask for time off."""

from __future__ import annotations

from sqlalchemy import delete

from portal.models import RoleGrant
from portal.services import data_health, entitlements, home
from portal.services.data_health import Problem


def test_hr_sees_what_is_left_until_people_can_ask(client, as_, cast):
    page = client.sign_in(cast.ana).page("/c/acme/")
    assert "First steps" in page
    assert "Say what vacation grants, and grant it" in page
    with as_(cast.ana) as uow:
        steps = home.overview(uow).first_steps
        assert (steps.people, steps.invited, steps.granted) == (True, True, False)
        assert data_health.check(uow).findings[Problem.NO_ENTITLEMENT]
        entitlements.grant_year_for_all(uow, 2026)
    assert "First steps" not in client.page("/c/acme/")


def test_who_leads_counts_as_said_once_everybody_who_leads_can_decide(client, as_, cast):
    with as_(cast.ana) as uow:
        assert home.overview(uow).first_steps.leaders
        uow.session.execute(delete(RoleGrant).where(RoleGrant.employee_id == cast.mats.employee_id))
        assert not home.overview(uow).first_steps.leaders
    assert "who needs a role that approves absences" in client.sign_in(cast.ana).page("/c/acme/")


def test_the_steps_stay_while_somebody_leads_who_cannot_decide(client, as_, cast):
    with as_(cast.ana) as uow:
        entitlements.grant_year_for_all(uow, 2026)
        assert home.overview(uow).first_steps is None
        uow.session.execute(delete(RoleGrant).where(RoleGrant.employee_id == cast.mats.employee_id))
        assert home.overview(uow).first_steps.stuck
    assert "who needs a role that approves absences" in client.sign_in(cast.ana).page("/c/acme/")


def test_others_have_nothing_to_set_up(client, cast):
    for who in (cast.eve, cast.mats, cast.pia):
        assert "First steps" not in client.sign_in(who).page("/c/acme/")


def test_it_costs_no_statement_of_its_own(client, cast, statements):
    client.sign_in(cast.ana)
    statements.clear()
    client.page("/c/acme/")
    assert len(statements) <= 8
    assert sum("sign_in_link" in one for one in statements) <= 1

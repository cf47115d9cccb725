"""HR takes all second factors off somebody who lost them; their owner is told, and signs in anew."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal.services import own_factors
from tests.factories.people import PASSWORD
from tests.factories.sign_in import PHONE, ask_for_codes, bind_phone, list_codes, set_up_app
from tests.fixtures.letters import latest


@pytest.fixture
def eve_has_everything(as_, cast):
    with as_(cast.eve) as uow:
        ask_for_codes(uow)
        bind_phone(uow, cast.eve.employee_id)
        set_up_app(uow, cast.eve.employee_id)
        list_codes(uow)


def bound(as_, cast, member):
    with as_(cast.ana) as uow:
        return own_factors.standing(uow, member.employee_id).bound


def reset(client, member):
    return client.send(f"people/{member.employee_id}/second-factor-reset")


def test_everything_goes_and_the_owner_is_told(client, cast, as_, app, eve_has_everything):
    """T60, ASVS 6.4.4."""
    eve = app.test_client()
    eve.staffroom = client.staffroom
    eve.sign_in(cast.eve)
    client.sign_in(cast.ana)
    assert reset(client, cast.eve).status_code == 303
    assert bound(as_, cast, cast.eve) == frozenset()
    with as_(cast.ana) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM recovery_code")) == 0
        assert "removed all second factors" in latest(uow, cast.eve.email).text
        assert "was changed" in latest(uow, PHONE).text
        actions = list(uow.session.scalars(text("SELECT action FROM audit.event ORDER BY seq")))
    assert "second-factors.reset" in actions
    assert eve.get("/c/acme/").status_code == 303, "every session ends"
    answer = eve.send("/c/acme/sign-in", {"email": cast.eve.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/c/acme/sign-in/set-up"


@pytest.mark.parametrize("who", ["eve", "mats", "pia", "zoe"])
def test_nobody_else_does_it(client, cast, as_, eve_has_everything, who):
    client.sign_in(cast.people[who])
    assert reset(client, cast.eve).status_code in {303, 403, 404}
    assert len(bound(as_, cast, cast.eve)) == 2


def test_hr_does_not_reset_their_own(client, cast, as_):
    """T59: whoever finds HR's open browser cannot take the second factor off it."""
    with as_(cast.ana) as uow:
        set_up_app(uow, cast.ana.employee_id)
    client.sign_in(cast.ana)
    assert reset(client, cast.ana).status_code == 403
    assert len(bound(as_, cast, cast.ana)) == 1


def test_where_nothing_is_set_up_there_is_nothing_to_reset(client, cast):
    client.sign_in(cast.ana)
    assert reset(client, cast.otto).status_code == 404

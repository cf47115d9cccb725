"""The company lets support in: asking, granting, refusing, ending, and what ends by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.domain.support import GrantState
from portal.models import SupportGrant
from portal.services import outbox, support_access, support_lists
from tests.factories.support import ask_for_help
from tests.fixtures.client import PortalClient

ASKED = {
    "areas": ["people"],
    "mode": "look",
    "hours": "4",
    "reason": "Eve is missing in the list",
    "ticket": "T-1",
}


def states(as_, cast) -> list[GrantState]:
    with as_(cast.ana) as uow:
        return [one.state for one in support_lists.list_grants(uow)]


def letters(as_, cast, template) -> list[str]:
    with as_(cast.ana) as uow:
        return [one.to for one in outbox.list_latest(uow) if template in one.subject]


def count(as_, cast) -> int:
    with as_(cast.ana) as uow:
        return uow.session.scalar(select(func.count()).select_from(SupportGrant))


def test_asking_opens_nothing_and_tells_who_may_let_in(client: PortalClient, cast, as_):
    client.sign_in(cast.ana)
    assert client.send("support/requests", ASKED).status_code == 303
    assert states(as_, cast) == [GrantState.WAITING]
    page = client.page("support")
    assert "Eve is missing in the list" in page
    assert "Let support in" in page
    assert letters(as_, cast, "asks support for help") == [cast.ana.email]


def test_letting_in_and_ending_it(client: PortalClient, cast, as_, clock):
    """P11: at once, by whoever holds the right; both are told and on record."""
    with as_(cast.ana) as uow:
        grant_id = ask_for_help(uow).id
    client.sign_in(cast.ana)
    assert client.send(f"support/{grant_id}/grant").status_code == 303
    assert states(as_, cast) == [GrantState.LIVE]
    assert "End it now" in client.page("support")
    assert letters(as_, cast, "may come into") == [cast.ana.email]
    assert client.send(f"support/{grant_id}/end").status_code == 303
    assert states(as_, cast) == [GrantState.ENDED]
    assert letters(as_, cast, "has ended") == [cast.ana.email]
    log = client.page("audit?action=support")
    for said in ("Help of support asked for", "Support let in", "Support access ended"):
        assert said in log


def test_letting_in_twice_and_after_its_time_is_refused(client: PortalClient, cast, as_, clock):
    """T119: of two decisions one counts; a question of four days ago is dead."""
    with as_(cast.ana) as uow:
        first, second, late = (ask_for_help(uow).id for _ in range(3))
    client.sign_in(cast.ana)
    assert client.send(f"support/{first}/grant").status_code == 303
    assert client.send(f"support/{first}/grant").status_code == 409
    assert client.send(f"support/{second}/refusal").status_code == 303
    assert client.send(f"support/{second}/grant").status_code == 409
    clock.move_to(clock.now() + timedelta(days=4))
    client.sign_in(cast.ana)
    assert client.send(f"support/{late}/grant").status_code == 409
    assert client.send(f"support/{first}/end").status_code == 409
    assert set(states(as_, cast)) == {GrantState.EXPIRED, GrantState.REFUSED, GrantState.LAPSED}


def test_who_may_not_let_in(client: PortalClient, cast, as_):
    """T119: a manager does not even see the page; another company's admin finds nothing."""
    with as_(cast.ana) as uow:
        grant_id = ask_for_help(uow).id
    client.sign_in(cast.mats)
    assert client.get(client.url("support")).status_code == 403
    for step in ("grant", "refusal", "end"):
        assert client.send(f"support/{grant_id}/{step}").status_code == 403
    client.sign_in(cast.zoe)
    for step in ("grant", "refusal", "end"):
        assert client.send(f"support/{grant_id}/{step}").status_code == 404
    assert states(as_, cast) == [GrantState.WAITING]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"areas": []}, "at least one area"),
        ({"reason": " "}, "fill this in"),
        ({"reason": "x" * 501}, "longer than 500"),
        ({"hours": "5"}, "Not a valid choice"),
        ({"hours": "1000"}, "Not a valid choice"),
        ({"ticket": "x" * 61}, "longer than 60"),
        ({"mode": "everything"}, "Not a valid choice"),
    ],
)
def test_a_bad_request_says_why_and_asks_nothing(client: PortalClient, cast, as_, changed, said):
    client.sign_in(cast.ana)
    answer = client.send("support/requests", ASKED | changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert count(as_, cast) == 0


def test_nobody_opens_what_they_may_not_see(client: PortalClient, cast, as_):
    """T114: an admin without HR's rights asks help with the settings, not with absences or their reasons."""
    from tests.factories.people import make_employee  # noqa: PLC0415

    with as_(cast.ana) as uow:
        admin = make_employee(uow, "adam@acme.example", "Adam", "Admin", roles=("employee", "admin"))
        adam = type(cast.ana)(cast.acme, admin.id, admin.name, admin.email, ("employee", "admin"))
    client.sign_in(adam)
    page = client.page("support/new")
    assert 'value="settings"' in page
    assert 'value="absences"' not in page
    for changed in (
        {"areas": ["settings", "absences"]},
        {"areas": ["settings"], "sealed": ["absence-reason"]},
    ):
        answer = client.send("support/requests", ASKED | changed)
        assert answer.status_code == 422
        assert "only with what you may see yourself" in answer.text
    assert count(as_, cast) == 0
    assert client.send("support/requests", ASKED | {"areas": ["settings"]}).status_code == 303


def test_the_end_by_time_is_told_once(client: PortalClient, cast, as_, clock):
    with as_(cast.ana) as uow:
        support_access.grant(uow, ask_for_help(uow).id)
    clock.move_to(clock.now() + timedelta(hours=4))
    for told in (1, 0):
        with as_(cast.ana) as uow:
            assert support_access.tell_what_expired(uow) == told
    assert states(as_, cast) == [GrantState.EXPIRED]
    assert letters(as_, cast, "has ended") == [cast.ana.email]


def test_without_a_door_for_staff_nobody_is_asked_to_open_one(app, database):
    """An installation whose operator has no host for staff has none of these pages."""
    from portal.app import create_app  # noqa: PLC0415
    from tests.fixtures.portal import make_settings  # noqa: PLC0415

    instance = app.extensions["staffroom"].settings.instance
    closed = create_app(make_settings(database, instance, operator_url=None))
    assert not [rule for rule in closed.url_map.iter_rules() if "support" in rule.endpoint]

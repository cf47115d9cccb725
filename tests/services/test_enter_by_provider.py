"""Coming in by a provider: found by its own id alone, joined by invitation or domain, refused otherwise."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select, update

from portal.domain.permissions import BUILT_IN_ROLES
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Policy
from portal.domain.sso import Asserted, Check, CheckName, Heard, Joining, ProviderKind, Purpose
from portal.models import Employee, Identity, Role, RoleGrant, SignInSession
from portal.models.audit_event import AuditEvent
from portal.services import sessions, sign_in_links
from portal.services.sign_in import Browser
from portal.services.sign_in_links import LinkPurpose
from portal.services.sso import entering
from portal.services.sso.transactions import Trip
from tests.factories.companies import OPERATOR
from tests.factories.identity_providers import give_account, make_provider, verify_domain
from tests.factories.sign_in import ask_for_codes
from tests.fixtures.cast import Member

BROWSER = Browser("tests")


def heard(subject="s-1", email="nora@acme.example", **facts):
    values = {"address_trusted": True, "first_name": "Nora", "last_name": "Nová", **facts}
    return Heard((Check(CheckName.SIGNATURE, passed=True),), Asserted(subject, email, **values))


def trip(invitation_id=None):
    return Trip(uuid4(), Purpose.SIGN_IN, {}, None, None, invitation_id)


@pytest.fixture
def door(as_, cast):
    """A unit of work of Acme by nobody yet, as before the door."""
    return lambda: as_(Member(cast.acme, None, OPERATOR.name, OPERATOR.email, ()))


def events(uow, action):
    uow.settle()
    rows = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.seq))
    return [row.payload for row in rows]


def test_a_known_account_opens_a_session(door, cast):
    with door() as uow:
        provider = make_provider(uow)
        give_account(uow, provider, cast.eve.employee_id, "s-1")
        opened = entering.enter(
            uow, provider, trip(), heard(email="other@elsewhere.example"), browser=BROWSER
        )
        assert opened.complete
        person = sessions.recognise(uow, opened.token)
        assert person.actor.employee_id == cast.eve.employee_id


def test_an_email_finds_nobody(door, cast):
    """T4: whoever says to be Eve by her address stays outside, and no account is made of it."""
    with door() as uow:
        verify_domain(uow, "acme.example")
        provider = make_provider(uow, joining=Joining.VERIFIED_DOMAINS)
        before = uow.session.scalars(select(Identity.id)).all()
        with pytest.raises(Refusal) as refused:
            entering.enter(uow, provider, trip(), heard(email=cast.eve.email), browser=BROWSER)
        assert refused.value.reason is Reason.SSO_NOT_ADMITTED
        assert uow.session.scalars(select(Identity.id)).all() == before
        assert uow.keep_when_refused
        assert '"reason": "address-free"' in events(uow, "sso.denied")[-1]


def test_the_same_subject_of_two_providers_is_two_people(door, cast):
    """T5."""
    with door() as uow:
        google, microsoft = make_provider(uow), make_provider(uow, ProviderKind.MICROSOFT)
        give_account(uow, google, cast.eve.employee_id, "same")
        give_account(uow, microsoft, cast.otto.employee_id, "same")
        opened = entering.enter(uow, microsoft, trip(), heard("same"), browser=BROWSER)
        assert sessions.recognise(uow, opened.token).actor.employee_id == cast.otto.employee_id


def test_an_inactive_person_never_gets_in(door, cast):
    with door() as uow:
        provider = make_provider(uow)
        give_account(uow, provider, cast.eve.employee_id, "s-1")
        uow.session.execute(update(Employee).where(Employee.id == cast.eve.employee_id).values(active=False))
        with pytest.raises(Refusal) as refused:
            entering.enter(uow, provider, trip(), heard(), browser=BROWSER)
        assert refused.value.reason is Reason.SSO_NOT_ADMITTED
        assert uow.session.scalars(select(SignInSession.id)).all() == []


def test_an_invitation_opened_in_the_same_browser_joins_once(door, cast):
    with door() as uow:
        provider = make_provider(uow)
        eve = uow.session.scalars(select(Employee).where(Employee.id == cast.eve.employee_id)).one()
        link, _ = sign_in_links.issue(uow, eve, LinkPurpose.INVITATION)
        uow.session.flush()
        invitation = sign_in_links.find_id(uow, link.rpartition("/")[2], LinkPurpose.INVITATION)
        opened = entering.enter(uow, provider, trip(invitation), heard(email=eve.email), browser=BROWSER)
        assert sessions.recognise(uow, opened.token).actor.employee_id == eve.id
        assert len(events(uow, "invitation.accepted")) == 1
        with pytest.raises(Refusal):
            entering.enter(uow, provider, trip(invitation), heard("s-2", eve.email), browser=BROWSER)


def test_a_stranger_of_a_verified_domain_becomes_an_employee_and_no_more(door, cast):
    """T45: only mapped groups give a role, and no role over the rights of others."""
    with door() as uow:
        verify_domain(uow, "acme.example")
        provider = make_provider(
            uow, joining=Joining.VERIFIED_DOMAINS, role_mapping={"planners": "planner", "bosses": "admin"}
        )
        groups = frozenset({"planners", "bosses", "owner"})
        opened = entering.enter(uow, provider, trip(), heard(groups=groups), browser=BROWSER)
        actor = sessions.recognise(uow, opened.token).actor
        held = uow.session.scalars(
            select(Role.key)
            .join(RoleGrant, RoleGrant.role_id == Role.id)
            .where(RoleGrant.employee_id == actor.employee_id)
        ).all()
        assert set(held) == {"employee", "planner"}
        assert not set(actor.grants) - set(BUILT_IN_ROLES["employee"]) - set(BUILT_IN_ROLES["planner"])


@pytest.mark.parametrize(("asks_itself", "complete"), [(False, False), (True, True)])
def test_our_second_factor_runs_unless_the_provider_asks_for_one(door, cast, asks_itself, complete):
    with door() as uow:
        ask_for_codes(uow)
    with door() as uow:
        uow.company = uow.company.__class__(**{**vars(uow.company), "second_factor_policy": Policy.EVERYONE})
        provider = make_provider(uow, asks_second_factor=asks_itself)
        give_account(uow, provider, cast.eve.employee_id, "s-1")
        opened = entering.enter(uow, provider, trip(), heard(), browser=BROWSER)
        assert opened.complete is complete
        assert sessions.recognise(uow, opened.token).complete is complete


def test_what_is_not_genuine_speaks_of_nobody(door, cast):
    with door() as uow:
        provider = make_provider(uow)
        give_account(uow, provider, cast.eve.employee_id, "s-1")
        forged = Heard((Check(CheckName.SIGNATURE, passed=False),), heard().asserted)
        with pytest.raises(Refusal) as refused:
            entering.enter(uow, provider, trip(), forged, browser=BROWSER)
        assert refused.value.reason is Reason.SSO_NOT_GENUINE
        assert '"reason": "signature"' in events(uow, "sso.denied")[-1]

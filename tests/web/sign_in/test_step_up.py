"""A fresh proof before sensitive changes: which routes ask for it, by what it is given, and where one lands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.models import Role, RoleGrant
from portal.services import own_sessions, sessions
from tests.factories.people import PASSWORD
from tests.factories.sign_in import PHONE, app_code, ask_for_codes, bind_phone, set_up_app
from tests.fixtures.letters import code_in, latest

AGAIN = "/c/acme/sign-in/password-again"
LATER = timedelta(minutes=5, seconds=1)
#: ASVS 7.5.1: factor changes, the number, roles, company sign-in settings, ending others' sessions.
SENSITIVE = {
    "archives.create",
    "archives.fetch",
    "billing.checkout",
    "billing.portal",
    "domains.create",
    "domains.remove",
    "audit.export",
    "audit.export_form",
    "audit.fetch_file",
    "audit.issue_token",
    "audit.revoke_token",
    "feeds.make",
    "feeds.new",
    "licence.ask_to_close",
    "licence.install_file",
    "licence.confirm_closing",
    "licence.take_up",
    "people.end_sessions",
    "people.new_sensitive_change",
    "people.order_sensitive_change",
    "people.undo_change",
    "people.grant_role",
    "people.reset_second_factor",
    "people.revoke_role",
    "privacy.approve",
    "privacy.ask_copy",
    "privacy.ask_erasure",
    "privacy.fetch_copy",
    "provisioning.issue",
    "provisioning.map_group",
    "roles.create",
    "roles.delete",
    "roles.deletion",
    "roles.edit",
    "roles.new",
    "roles.update",
    "sessions.add_passkey",
    "sessions.begin_authenticator",
    "sessions.bind_phone",
    "sessions.challenge_new_passkey",
    "sessions.finish_authenticator",
    "sessions.make_recovery_codes",
    "sessions.new_authenticator",
    "sessions.new_passkey",
    "sessions.new_phone",
    "sessions.phone_code",
    "sessions.remove_authenticator",
    "sessions.remove_passkey",
    "sessions.remove_phone",
    "sessions.rename_passkey",
    "sessions.send_phone_code",
    "settings.change_second_factor",
    "settings.second_factor",
    "sign_in.kept_form",
    "sso.link",
    "sso.unlink",
    "sso_settings.activate",
    "sso_settings.add_certificate",
    "sso_settings.allow_passwords",
    "sso_settings.make_key",
    "sso_settings.remove",
    "sso_settings.remove_certificate",
    "sso_settings.remove_key",
    "sso_settings.require",
    "sso_settings.switch_off",
    "sso_settings.take_over",
    "sso_settings.update",
    "sso_settings.use_key",
    "support.grant",
}


def role_id(as_, cast, key: str) -> str:
    with as_(cast.ana) as uow:
        return str(uow.session.scalars(select(Role.id).where(Role.key == key)).one())


def holds(as_, cast, member, key: str) -> bool:
    with as_(cast.ana) as uow:
        query = select(RoleGrant.id).join(Role, Role.id == RoleGrant.role_id)
        return (
            uow.session.scalar(query.where(RoleGrant.employee_id == member.employee_id, Role.key == key))
            is not None
        )


def test_every_sensitive_route_asks_for_a_proof(app):
    """ASVS 7.5.1: a new route that ought to is added here, one that ceases to is noticed."""
    marked = {name for name, view in app.view_functions.items() if getattr(view, "asks_for_proof", False)}
    assert marked == SENSITIVE


def test_a_fresh_sign_in_is_a_proof(client, cast, as_):
    client.sign_in(cast.ana)
    planner = role_id(as_, cast, "planner")
    assert client.send(f"people/{cast.eve.employee_id}/roles/{planner}/grant").status_code == 303
    assert holds(as_, cast, cast.eve, "planner")


def test_an_old_sign_in_changes_nothing_and_one_lands_where_one_was(client, cast, as_, clock):
    """T59, ASVS 7.5.1: with the password, as Ana has no second factor."""
    client.sign_in(cast.ana)
    planner, person = role_id(as_, cast, "planner"), f"/c/acme/people/{cast.eve.employee_id}"
    clock.advance(LATER)
    answer = client.send(f"{person}/roles/{planner}/grant")
    assert answer.headers["Location"] == f"{AGAIN}?after={person}"
    assert not holds(as_, cast, cast.eve, "planner")
    page = client.page(answer.headers["Location"])
    assert "Nothing is changed yet" in page
    wrong = client.send(AGAIN, {"password": "guess", "after": person})
    assert wrong.status_code == 422
    good = client.send(AGAIN, {"password": PASSWORD, "after": person})
    assert good.headers["Location"] == person
    assert client.send(f"{person}/roles/{planner}/grant").headers["Location"] == person
    assert holds(as_, cast, cast.eve, "planner")


def test_a_page_comes_back_to_itself(client, cast, clock):
    client.sign_in(cast.ana)
    clock.advance(LATER)
    asked = client.get("/c/acme/settings/second-factor").headers["Location"]
    assert asked == f"{AGAIN}?after=/c/acme/settings/second-factor"
    answer = client.send(AGAIN, {"password": PASSWORD, "after": "/c/acme/settings/second-factor"})
    assert answer.headers["Location"] == "/c/acme/settings/second-factor"
    assert client.get("/c/acme/settings/second-factor").status_code == 200


def test_htmx_moves_the_whole_window(client, cast, as_, clock):
    client.sign_in(cast.ana)
    clock.advance(LATER)
    answer = client.send(f"people/{cast.eve.employee_id}/session-ends", htmx=True)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["HX-Redirect"].startswith(AGAIN)


def test_after_leads_to_this_company_alone(client, cast, clock):
    client.sign_in(cast.ana)
    clock.advance(LATER)
    for evil in ("//evil.example", "https://evil.example", "/c/beta/"):
        client.sign_in(cast.ana)
        clock.advance(LATER)
        assert client.send(AGAIN, {"password": PASSWORD, "after": evil}).headers["Location"] == "/c/acme/"


def test_who_has_an_app_proves_it_by_the_app_and_not_by_the_password(client, cast, as_, clock):
    """ASVS 7.5.3: the strongest there is, also where the company asks nobody."""
    client.sign_in(cast.ana)
    with as_(cast.ana) as uow:
        secret = set_up_app(uow, cast.ana.employee_id)
    clock.advance(LATER)
    asked = client.get("/c/acme/settings/second-factor").headers["Location"]
    assert asked == "/c/acme/sign-in/authenticator?after=/c/acme/settings/second-factor"
    assert "Confirm that it is you" in client.page(asked)
    assert client.send(AGAIN, {"password": PASSWORD}).headers["Location"] == "/c/acme/sign-in/authenticator"
    assert client.get("/c/acme/settings/second-factor").status_code == 303
    answer = client.send(
        "/c/acme/sign-in/authenticator",
        {"code": app_code(secret, clock), "after": "/c/acme/settings/second-factor"},
    )
    assert answer.headers["Location"] == "/c/acme/settings/second-factor"
    assert client.get("/c/acme/settings/second-factor").status_code == 200


def test_a_number_is_a_proof_where_the_company_asks_for_codes(client, cast, as_, clock):
    with as_(cast.ana) as uow:
        ask_for_codes(uow)
        bind_phone(uow, cast.ana.employee_id)
    client.sign_in(cast.ana)
    clock.advance(LATER)
    asked = client.get("/c/acme/settings/second-factor").headers["Location"]
    assert asked.startswith("/c/acme/sign-in/code")
    client.send("/c/acme/sign-in/code/messages", {})
    with as_(cast.ana) as uow:
        code = code_in(latest(uow, PHONE))
    assert client.send("/c/acme/sign-in/code", {"code": code}).status_code == 303
    assert client.get("/c/acme/settings/second-factor").status_code == 200


def test_the_proof_moves_the_session_to_a_new_token(client, cast, clock):
    """T81: new sid at step-up."""
    client.sign_in(cast.ana)
    clock.advance(LATER)
    before = client.get_cookie("__Host-sid", domain="localhost").value
    client.send(AGAIN, {"password": PASSWORD})
    after = client.get_cookie("__Host-sid", domain="localhost").value
    assert after != before
    client.set_cookie("__Host-sid", before, domain="localhost", secure=True)
    assert "/sign-in" in client.get("/c/acme/").headers["Location"]


def test_a_proof_is_one_browsers_alone(client, cast, as_, clock):
    other = client.application.test_client()
    other.staffroom = client.staffroom
    other.sign_in(cast.ana)
    client.sign_in(cast.ana)
    clock.advance(LATER)
    client.send(AGAIN, {"password": PASSWORD})
    assert client.get("/c/acme/settings/second-factor").status_code == 200
    assert other.get("/c/acme/settings/second-factor").status_code == 303


def test_guesses_of_the_password_make_wait(client, cast, clock):
    client.sign_in(cast.ana)
    clock.advance(LATER)
    for _ in range(5):
        assert client.send(AGAIN, {"password": "guess"}).status_code == 422
    assert client.send(AGAIN, {"password": PASSWORD}).status_code == 429


def test_proofs_are_audited(client, cast, as_, clock, audited):
    client.sign_in(cast.ana)
    clock.advance(LATER)
    client.send(AGAIN, {"password": PASSWORD})
    action, payload = audited()[-1]
    assert (action, payload["facts"], payload["email"]) == (
        "identity.proven",
        {"by": "password"},
        cast.ana.email,
    )


@pytest.mark.parametrize("path", [AGAIN, "/c/acme/sign-in/authenticator", "/c/acme/sign-in/code"])
def test_whoever_has_just_proven_themselves_goes_on(client, cast, path):
    client.sign_in(cast.ana)
    assert client.get(f"{path}?after=/c/acme/sessions").headers["Location"] == "/c/acme/sessions"


def test_an_ordinary_page_costs_no_statement_more(client, cast, statements):
    client.sign_in(cast.ana)
    client.get("/c/acme/profile")
    statements.clear()
    client.get("/c/acme/settings")
    assert len(statements) <= 3, statements


def test_ending_ones_own_other_browsers_asks_for_nothing(client, cast, clock):
    """Closing one's own doors must be quick."""
    client.sign_in(cast.ana)
    clock.advance(LATER)
    assert client.send("sessions/others/end").headers["Location"] == "/c/acme/sessions"


def test_old_sessions_without_a_proof_are_asked(client, cast, as_):
    client.sign_in(cast.ana)
    with as_(cast.ana) as uow:
        for row in own_sessions.list_live(uow):
            uow.session.get(sessions.SignInSession, (cast.acme.id, row.id)).proven_at = None
    assert client.get("/c/acme/settings/second-factor").headers["Location"].startswith(AGAIN)

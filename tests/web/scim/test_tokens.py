"""Who gets in: a live token of this company, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.domain import provisioning
from portal.models import ScimToken, SignInAttempt
from portal.services import provisioning_tokens
from portal.services.machine_tokens import MOST_WRONG
from tests.factories.belongings import give_acme_everything
from tests.factories.provisioning import GROUP, PATCH, USER, Directory, directory, somebody
from tests.fixtures.cast import SENTINEL
from tests.web.test_companies_apart import _fingerprints

ROUTES = [
    ("GET", "ServiceProviderConfig"),
    ("GET", "ResourceTypes"),
    ("GET", "Schemas"),
    ("GET", "Users"),
    ("POST", "Users"),
    ("GET", "Groups"),
    ("POST", "Groups"),
    ("POST", "Bulk"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("token", ["", "x", "Bearer", "x" * 300, "ž", "staffroom-scim-" + "a" * 43])
def test_without_a_good_token_nothing_opens(app, entra, method, path, token):
    answer = Directory(app, "acme", token).ask(method, path, {} if method == "POST" else None)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert SENTINEL not in answer.text


def test_the_cookies_of_an_admin_open_nothing_here(client, cast):
    """T121: so no form of another site can use them, and no form token is needed."""
    client.sign_in(cast.ana)
    assert client.get("/c/acme/scim/v2/Users").status_code == 401
    answer = client.post("/c/acme/scim/v2/Users", json=somebody())
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_a_token_opens_no_page(client, entra):
    headers = {"Authorization": f"Bearer {entra.token}"}
    assert client.get("/c/acme/settings", headers=headers).status_code == 303
    assert client.post("/c/acme/settings", headers=headers).status_code == 403


def test_another_companys_token_opens_nothing(app, as_, cast, entra):
    """T99."""
    zoes = directory(app, as_, cast.zoe)
    assert Directory(app, "beta", zoes.token).ask("GET", "Users").status_code == 200
    assert Directory(app, "acme", zoes.token).ask("GET", "Users").status_code == 401
    assert Directory(app, "nobody", zoes.token).ask("GET", "Users").status_code == 404


def test_betas_directory_finds_nothing_of_acme_and_changes_nothing(app, as_, cast, entra):
    """T99, T100: Acme's ids in every place look like ids that never were."""
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
    group = entra.create(
        "Groups", displayName=f"Care {SENTINEL}", members=[{"value": str(cast.eve.employee_id)}]
    )
    zoes = directory(app, as_, cast.zoe)
    own = zoes.create("Groups", displayName="Crew", members=[{"value": str(cast.bea.employee_id)}])
    before = _fingerprints(as_, cast)
    eve, random = cast.eve.employee_id, "6f1f3a44-0000-4000-8000-000000000000"
    whole = {"schemas": [USER], **somebody("eve@acme.example")}
    change = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    join = {
        "schemas": [PATCH],
        "Operations": [{"op": "add", "path": "members", "value": [{"value": str(eve)}]}],
    }
    asked = [
        ("GET", "Users/{eve}", None),
        ("PUT", "Users/{eve}", whole),
        ("PATCH", "Users/{eve}", change),
        ("DELETE", "Users/{eve}", None),
        ("GET", "Groups/{group}", None),
        ("PUT", "Groups/{group}", {"schemas": [GROUP], "displayName": "x"}),
        ("PATCH", "Groups/{group}", join),
        ("DELETE", "Groups/{group}", None),
    ]
    for method, path, body in asked:
        theirs = zoes.ask(method, path.format(eve=eve, group=group["id"]), body)
        nobodys = zoes.ask(method, path.format(eve=random, group=random), body)
        assert (theirs.status_code, theirs.data) == (nobodys.status_code, nobodys.data), path
        assert theirs.status_code == 404
    joined = zoes.ask("PATCH", f"Groups/{own['id']}", join)
    assert joined.status_code == 400
    for path in ("Users", "Groups"):
        for value in (str(eve), cast.eve.email, group["id"]):
            for attribute in ("id", "externalId", "userName" if path == "Users" else "displayName"):
                found = zoes.get(path, query_string={"filter": f'{attribute} eq "{value}"'})
                assert found["totalResults"] == 0
        assert SENTINEL not in zoes.ask("GET", path).text
    assert _fingerprints(as_, cast) == before


def test_a_revoked_token_is_dead_at_the_next_request(as_, cast, entra):
    with as_(cast.ana) as uow:
        provisioning_tokens.revoke(uow, uow.session.scalars(select(ScimToken.id)).one())
    assert entra.ask("GET", "Users").status_code == 401


def test_the_token_is_kept_as_its_hash(as_, cast, entra):
    with as_(cast.ana) as uow:
        row = uow.session.execute(text("SELECT t::text AS all FROM scim_token t")).one()
        log = uow.session.scalars(text("SELECT payload FROM audit.event")).all()
    assert entra.token not in row.all
    assert not [one for one in log if entra.token in one]
    assert len(entra.token) > 43


def test_its_use_is_noted_even_when_the_request_is_refused(as_, cast, entra, clock):
    entra.ask("GET", "Users/nothing")
    entra.ask("POST", "Users", b"{")
    with as_(cast.ana) as uow:
        token = uow.session.scalars(select(ScimToken)).one()
    assert (token.last_used_at, token.last_used_ip) == (clock.now(), "127.0.0.1")
    assert token.window_requests == 1


def test_too_many_requests_have_to_wait_for_the_next_minute(entra, clock, monkeypatch):
    monkeypatch.setattr(provisioning_tokens, "MOST_REQUESTS", 3)
    assert [entra.ask("GET", "Users").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = entra.ask("GET", "Users")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    clock.move_to(clock.now() + provisioning.WINDOW + timedelta(seconds=1))
    assert entra.ask("GET", "Users").status_code == 200


def test_guessing_is_slowed_down_and_holds_up_no_good_token(app, as_, cast, entra):
    """Many companies share the addresses of their directory: a stranger there must not lock Acme's out."""
    guess = Directory(app, "acme", "staffroom-scim-guess")
    statuses = [guess.ask("GET", "Users").status_code for _ in range(MOST_WRONG + 2)]
    assert statuses == [401] * MOST_WRONG + [429, 429]
    assert entra.ask("GET", "Users").status_code == 200
    with as_(cast.ana) as uow:
        tries = uow.session.scalars(select(SignInAttempt).where(SignInAttempt.step == "scim")).all()
    assert len(tries) == MOST_WRONG


def test_every_answer_is_kept_from_caches_and_frames(entra):
    headers = entra.ask("GET", "Users").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_discovery_says_what_the_service_can(entra):
    config = entra.get("ServiceProviderConfig")
    assert config["patch"]["supported"] and not config["bulk"]["supported"]
    assert {one["name"] for one in entra.get("ResourceTypes")["Resources"]} == {"User", "Group"}
    names = [one["id"] for one in entra.get("Schemas")["Resources"]]
    assert entra.get(f"Schemas/{names[0]}")["id"] == USER
    assert entra.ask("GET", "Schemas/urn:nothing").status_code == 404
    assert entra.ask("GET", "ResourceTypes", query_string={"filter": 'name eq "User"'}).status_code == 403

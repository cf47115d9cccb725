"""Another method on an address is no way around its rule: HEAD is GET without a body, all others are refused."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.fixtures.cast import SENTINEL

NIL = UUID(int=0)
#: Provisioning takes PUT, PATCH and DELETE too, and counts every wrong token; it has a test of its own for methods.
ELSEWHERE = ("static", "scim.")
OVERRIDES = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST"}


def pages(app, method: str) -> list[str]:
    """Every address that takes the method, with something in each place."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or ()) and not rule.endpoint.startswith(ELSEWHERE):
                values = dict.fromkeys(rule.arguments, NIL) | {"company": "acme"}
                values |= {"token": "x" * 43, "filename": "x", "name": "x", "size": "small"}
                found.append(rule.build({name: values[name] for name in rule.arguments})[1])
    assert len(found) > 30
    return found


@pytest.mark.parametrize("who", [None, "eve"])
def test_head_follows_the_rule_of_its_page(app, client, cast, who):
    """T95: for a stranger and for somebody who may not."""
    for address in pages(app, "GET"):
        answers = []
        for method in ("GET", "HEAD"):
            client.stay(cast.people[who]) if who else client.sign_out()
            answers.append(client.open(address, method=method))
        full, head = answers
        assert head.status_code == full.status_code, address
        assert _path(head) == _path(full), address
        assert head.data == b"", address


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "CONNECT"])
def test_other_methods_are_refused_everywhere(app, client, cast, statements, method):
    """T95, ASVS 4.1.4: with a good form token and every right, nothing is written and nothing told."""
    client.sign_in(cast.ana)
    token = client.form_token()
    for address in {*pages(app, "GET"), *pages(app, "POST")}:
        statements.clear()
        answer = client.open(address, method=method, headers={"X-CSRFToken": token})
        assert answer.status_code in {400, 403, 405}, f"{address}: {answer.status_code}"
        assert SENTINEL not in answer.text
        assert not any(one.startswith(("INSERT", "UPDATE", "DELETE")) for one in statements), address


def test_options_tells_methods_and_nothing_else(app, client, cast, statements):
    """T95: no page, no company, no other origin let in."""
    client.sign_in(cast.ana)
    statements.clear()
    for address in pages(app, "GET"):
        answer = client.options(address, headers={"Origin": "https://evil.example"})
        assert answer.data == b""
        assert set(answer.headers["Allow"].split(", ")) <= {"GET", "HEAD", "OPTIONS", "POST"}
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    assert not any(one.startswith(("INSERT", "UPDATE", "DELETE")) for one in statements)


def test_a_get_that_claims_to_be_a_post_stays_a_get(app, client, cast, as_, statements):
    """T95: neither headers nor a field turn a link into a write."""
    client.sign_in(cast.ana)
    client.get(client.url(""))  # the access token is there, its renewal is no write of this page
    for address in pages(app, "POST"):
        statements.clear()
        answer = client.get(address, headers=OVERRIDES, query_string={"_method": "POST", "method": "POST"})
        assert answer.status_code in {200, 303, 400, 401, 403, 404, 405, 410}, (
            f"{address}: {answer.status_code}"
        )
        written = [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert written == [], address


def _path(answer) -> str:
    """Where it leads; a page to come back to is remembered for GET alone."""
    return answer.headers.get("Location", "").partition("?")[0]

"""Every write of the portal, found by walking its addresses: none without its own browser's form token."""

from __future__ import annotations

from uuid import UUID

import pytest

from portal.web.marks import BY_TOKEN

FORGERIES = [
    "no token",
    "token of another browser",
    "other site",
    "sibling site",
    "origin",
    "method override",
]
NIL = UUID(int=0)


def writes(app) -> list[str]:
    """Every address that takes POST, with something in each place."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            view = app.view_functions[rule.endpoint]
            if view.access_mark is BY_TOKEN:
                continue  # looks at no cookie: tests/web/scim/test_tokens.py
            if "POST" in (rule.methods or ()) and not getattr(view, "posted_from_elsewhere", False):
                values = dict.fromkeys(rule.arguments, NIL) | {"company": "acme"}
                if "token" in rule.arguments:
                    values["token"] = "x" * 43
                found.append(rule.build({name: values[name] for name in rule.arguments})[1])
    return found


@pytest.mark.parametrize("forgery", FORGERIES)
def test_every_write_from_elsewhere_is_refused(app, client, cast, statements, forgery):
    """T121, T125: sign-in and sign-out too."""
    other = app.test_client()
    other.staffroom = client.staffroom
    stolen = other.sign_in(cast.mats).form_token()
    client.sign_in(cast.ana)
    good = client.form_token()
    data, headers = {
        "no token": ({}, {}),
        "token of another browser": ({"csrf_token": stolen}, {}),
        "other site": ({"csrf_token": good}, {"Sec-Fetch-Site": "cross-site"}),
        "sibling site": ({"csrf_token": good}, {"Sec-Fetch-Site": "same-site"}),
        "origin": ({"csrf_token": good}, {"Origin": "https://evil.example"}),
        "method override": ({"_method": "GET"}, {"X-HTTP-Method-Override": "GET"}),
    }[forgery]
    addresses = writes(app)
    assert len(addresses) > 40
    for address in addresses:
        statements.clear()
        answer = client.post(address, data=data, headers=headers)
        assert answer.status_code == 403, f"{address}: {answer.status_code}"
        written = [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert written == [], address


def test_one_address_alone_is_posted_to_from_elsewhere(app):
    """The answer of a SAML provider comes from its own page; it is bound to a trip of this browser instead."""
    marked = [
        name for name, view in app.view_functions.items() if getattr(view, "posted_from_elsewhere", False)
    ]
    assert sorted(marked) == ["billing.webhook", "sso.saml_answer"]

"""Between the password and the code: no address of the company's pages opens, whatever the person may do afterwards."""

from __future__ import annotations

from uuid import UUID

from portal.web.marks import BY_FEED_ADDRESS, BY_TOKEN, OPERATOR, PUBLIC
from tests.factories.sign_in import ask_for_codes, bind_phone
from tests.web.test_companies_apart import PLAIN

CODE_PAGE = "/c/acme/sign-in/code"
ELSEWHERE = {PUBLIC, BY_TOKEN, BY_FEED_ADDRESS, OPERATOR}


def closed_addresses(app):
    """Every address for people who are in, with its methods; ids are looked at later than who is there."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            mark = getattr(app.view_functions[rule.endpoint], "access_mark", None)
            if mark is None or mark in ELSEWHERE or "company" not in rule.arguments:
                continue
            values = {name: _something(rule, name) for name in rule.arguments - {"company"}}
            yield rule.build({"company": "acme", **values})[1], rule.methods & {"GET", "POST"}


def _something(rule, name):
    return PLAIN.get(name, UUID(int=7)) if "UUID" in type(rule._converters[name]).__name__ else PLAIN[name]


def test_no_address_opens_before_the_code(app, client, as_, cast, enter):
    """T56: pages, files, parts for htmx and writes, for somebody with every right of the company."""
    with as_(cast.ana) as uow:
        ask_for_codes(uow)
        bind_phone(uow, cast.ana.employee_id)
    assert enter(cast.ana.email).headers["Location"] == CODE_PAGE
    token, asked, opened = client.form_token(), 0, []
    for address, methods in closed_addresses(app):
        for method in sorted(methods):
            data = {"csrf_token": token} if method == "POST" else None
            answer = client.open(address, method=method, data=data)
            asked += 1
            if (answer.status_code, answer.headers.get("Location")) != (303, CODE_PAGE):
                opened.append(f"{method} {address}: {answer.status_code}")
    assert opened == []
    assert asked > 300

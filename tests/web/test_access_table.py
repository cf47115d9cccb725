"""Who may use which route: the reviewed table tests/access_table.txt, checked against the portal itself.

Each route is asked by each of the cast with Acme's own ids, and a POST with an empty form: 422 means "allowed,
but fill it in". After a wanted change: REWRITE_ACCESS_TABLE=1 make test ARGS=tests/web/test_access_table.py
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.web.test_companies_apart import acme_ids, addresses  # noqa: F401

TABLE = Path(__file__).parents[1] / "access_table.txt"
CAST = ["ana", "mats", "eve", "pia", "otto", "zoe", "nobody"]


def test_every_route_answers_every_role_as_reviewed(app, client, cast, connection, acme_ids):  # noqa: F811
    """T85-T88, T98: a new route shows up here and has to be looked at."""
    found = {}
    for who in CAST:
        for method in ("GET", "POST"):
            for rule, address in addresses(app, method, acme_ids, "acme"):
                client.sign_out() if who == "nobody" else client.sign_in(cast.people[who])
                found.setdefault(f"{method:4} {rule.endpoint}", []).append(
                    _ask(client, connection, method, address)
                )
    lines = [f"{'route':<44}" + "".join(f"{who:>8}" for who in CAST)]
    lines += [f"{route:<44}" + "".join(f"{status:>8}" for status in found[route]) for route in sorted(found)]
    text = "\n".join(lines) + "\n"
    assert not [line for line in lines if " 5" in line], "a page that breaks is nothing to review"
    if os.environ.get("REWRITE_ACCESS_TABLE"):
        TABLE.write_text(text)
    assert text == TABLE.read_text()


def _ask(client, connection, method, address) -> int:
    """The status, with whatever the request changed undone, so that no route depends on the one before."""
    token = client.form_token()
    savepoint = connection.begin_nested()
    try:
        if method == "GET":
            return client.get(address).status_code
        return client.post(address, data={"csrf_token": token}).status_code
    finally:
        savepoint.rollback()

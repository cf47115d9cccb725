"""How many statements a page may send to the database: every page that the portal has, asked by who may see most."""

from __future__ import annotations

import pytest

from tests.web.test_companies_apart import acme_ids, addresses  # noqa: F401

MOST = 8


@pytest.mark.parametrize("who", ["ana", "eve"])
def test_no_page_needs_more_than_eight_statements(app, client, cast, statements, acme_ids, who):  # noqa: F811
    """A session that has just begun is measured: its access token is made and its idle limit moved on the way."""
    counted = {}
    for rule, address in addresses(app, "GET", acme_ids, "acme"):
        client.sign_in(cast.people[who])
        statements.clear()
        client.get(address)
        counted[rule.endpoint] = len(statements)
    assert len(counted) > 30
    assert {page: count for page, count in counted.items() if count > MOST} == {}

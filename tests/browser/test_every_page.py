"""Every page that a person can open, in a real browser: no message in the console, nothing axe calls serious."""

from __future__ import annotations

import pytest

from tests.fixtures.browser import check_accessibility


def test_the_start_page(visit):
    page = visit()
    page.goto("/")
    check_accessibility(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", ["ana", "eve", "mats", "pia"])
def test_every_page_of_the_side_bar(visit, served, who, scheme):
    member = served.cast.people[who]
    page = visit(member, color_scheme=scheme)
    page.goto(f"/c/{member.company.slug}/audit" if who == "ana" else f"/c/{member.company.slug}/")
    addresses = page.eval_on_selector_all("nav a[href]", "links => links.map(link => link.href)")
    assert len(addresses) >= 1
    for address in sorted(set(addresses)):
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        check_accessibility(page)

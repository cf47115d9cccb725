"""The same page of two companies, one after the other in one browser: each shows its own, and nobody keeps it."""

from __future__ import annotations

import pytest

from tests.fixtures.cast import SENTINEL


@pytest.mark.parametrize("page", ["", "people", "calendar", "rosters", "documents/all", "audit", "settings"])
def test_nothing_of_one_company_is_kept_for_the_other(client, cast, page):
    """T110: neither in the process nor, by its headers, in the browser or a proxy."""
    for member, shown in ((cast.ana, True), (cast.zoe, False), (cast.ana, True)):
        answer = client.sign_in(member).get(client.url(page))
        assert answer.status_code == 200
        assert (SENTINEL in answer.text) is shown
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.headers.get("ETag")


def test_the_session_of_one_company_opens_nothing_of_another(client, cast):
    """T99, T110: not with the session's cookie, nor with the access token that came with it."""
    client.sign_in(cast.zoe).page("people")
    for page in ("", "people", "audit", "settings"):
        answer = client.get(f"/c/acme/{page}")
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/c/acme/sign-in")

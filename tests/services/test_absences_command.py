"""`flask absences grant`: the operator grants a year to a whole company."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.db import open_session
from portal.models import LedgerEntry


@pytest.fixture
def run(app, staffroom):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["absences", *words])


def granted(app, slug: str) -> int:
    with app.app_context(), open_session(company_slug=slug) as session:
        return session.scalar(select(func.count()).select_from(LedgerEntry)) or 0


def test_it_grants_one_company_once(run, app, cast):
    """T157: the second run adds nothing; Beta is left alone."""
    assert run("grant", "2027", "acme").output == "Granted 2027 to 5 people.\n"
    assert run("grant", "2027", "acme").output == "Everybody has 2027 already.\n"
    assert (granted(app, "acme"), granted(app, "beta")) == (5, 0)


@pytest.mark.parametrize("words", [("2027", "nobody"), ("1999", "acme"), ("next", "acme")])
def test_what_it_cannot_mean_is_refused(run, app, cast, words):
    done = run("grant", *words)
    assert done.exit_code == 2
    assert granted(app, "acme") == 0

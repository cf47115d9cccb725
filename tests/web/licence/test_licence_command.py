"""`flask company licence`: the operator gives a company its terms."""

from __future__ import annotations

import pytest

from portal.domain.licences import LicenceKind
from portal.services import companies


@pytest.fixture
def change(app, staffroom, cast):
    """Gives the command these words; says how it ended, and what the company has then."""

    def changed(*words):
        with app.app_context():
            told = app.test_cli_runner().invoke(args=["company", "licence", "acme", *words])
            return told, companies.company_facts(cast.acme.id).licence

    return changed


@pytest.mark.parametrize("words", [(), ("--kind", "unlimited")])
def test_a_licence_without_an_end_takes_no_last_day(change, words):
    told, held = change(*words, "--until", "2027-01-31")
    assert told.exit_code == 2
    assert "--kind paid" in told.stderr
    assert (held.kind, held.ends_on) == (LicenceKind.UNLIMITED, None)


def test_kind_and_day_are_set_together_and_each_by_itself(change):
    told, held = change("--kind", "trial", "--until", "2027-01-31")
    assert told.exit_code == 0
    assert "last day: 2027-01-31" in told.stdout
    told, held = change("--until", "2027-02-28")
    assert (held.kind, str(held.ends_on)) == (LicenceKind.TRIAL, "2027-02-28")
    told, held = change("--kind", "unlimited")
    assert told.exit_code == 0
    assert (held.kind, held.ends_on) == (LicenceKind.UNLIMITED, None)
    assert change("--until", "never")[0].exit_code == 0

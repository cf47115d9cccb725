"""What a nightly job does, it does for each company by itself."""

from __future__ import annotations

from portal.jobs import approval_reminders, entitlements
from portal.jobs.unit_of_work import in_every_company


def test_trouble_in_one_company_keeps_no_other_from_its_turn(app, cast, caplog):
    served = []

    def first(uow):
        if uow.company.id == cast.acme.id:
            raise RuntimeError("the disk of Acme is full")

    def second(uow):
        served.append(uow.company.slug)

    with app.app_context():
        in_every_company(first, second, job="a-night")
    assert served == [cast.beta.slug], "Acme's second step waits for the first"
    assert f"a-night failed for company {cast.acme.id}" in caplog.text


def test_the_nights_of_balances_and_decisions_run_through(app, cast, caplog):
    with app.app_context():
        entitlements.run()
        approval_reminders.run()
    assert "failed for company" not in caplog.text

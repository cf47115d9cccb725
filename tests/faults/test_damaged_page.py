"""A byte flips in the database's own files: that page is an error, nothing is written any more, a backup is sound."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.jobs.unit_of_work import company_job
from portal.models import Employee
from portal.services.backups import nightly
from portal.surroundings import connect_backups
from tests.factories.companies import make_company, work
from tests.factories.people import make_employee


def test_a_broken_page_is_an_error_there_and_stops_all_writing(standing, tmp_path):
    """T143: the error stays with what needs the page; the check and a backup find it too; a restore is sound."""
    with standing.app.app_context():
        acme = make_company(standing.staffroom, "acme", "Acme")
        with work(standing.staffroom, acme) as uow:
            make_employee(uow, "ana@acme.example", "Ana", "Nová", roles=("employee", "admin"))
        backups = connect_backups(
            standing.staffroom.settings, standing.staffroom.outside, standing.staffroom.clock
        )
        good = nightly.create(backups)
    assert standing.command("integrity", "check").exit_code == 0
    standing.break_table("employee")
    browser = standing.app.test_client()
    browser.staffroom = standing.staffroom
    assert browser.get("/c/acme/sign-in").status_code == 200, "it needs no employee"
    form = {"email": "ana@acme.example", "password": "not the right one"}
    assert browser.send("/c/acme/sign-in", form).status_code == 500, "this needs one"
    assert standing.staffroom.fence.stands, "met at read"
    standing.command("integrity", "fence", "--down")
    with (
        standing.app.app_context(),
        pytest.raises(DBAPIError, match="invalid page"),
        company_job(str(acme.id), job="any") as uow,
    ):
        uow.session.scalars(select(Employee)).all()
    assert standing.staffroom.fence.stands, "met by a job"
    standing.command("integrity", "fence", "--down")
    checked = standing.command("integrity", "check")
    assert checked.exit_code == 1, checked.output
    assert "DAMAGED  employee: invalid page in block 0" in checked.output
    assert standing.staffroom.fence.stands
    refused = browser.send("/c/acme/sign-in", form)
    assert refused.status_code == 503 and "found damage" in refused.text
    page = browser.get("/c/acme/sign-in")
    assert page.status_code == 200 and "can only be read" in page.text
    broken = standing.command("backup", "create")
    assert broken.exit_code == 2 and "pg_dump" in broken.output
    beside = standing.command("backup", "restore", "--into", str(tmp_path / "beside"))
    assert beside.exit_code == 0, beside.output
    assert good.id in beside.output and "FAILED" not in beside.output
    standing.command("integrity", "fence", "--down")
    assert not standing.staffroom.fence.stands

"""An admin reads the audit log; nobody else can."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.domain.audit_actions import Action
from portal.models import Employee
from portal.services import audit, audit_log


@pytest.fixture
def promoted(cast, as_):
    """Ana gives Eve another job title; the log has to show it."""
    with as_(cast.ana) as uow:
        eve = uow.session.get(Employee, (cast.acme.id, cast.eve.employee_id))
        eve.job_title = "Nurse\r\n2026-01-01 forged line"
        audit.record(uow, Action.EMPLOYEE_CHANGED, subject=eve)


def test_it_shows_who_changed_what_from_what_to_what(client, cast, promoted):
    page = client.sign_in(cast.ana).page("audit")
    assert "Person changed" in page
    assert cast.ana.email in page
    assert "192.0.2.1" in page
    assert "test-1" in page
    assert "Nurse⟨CR⟩⟨LF⟩2026-01-01 forged line" in page


def test_an_employee_may_not_read_it(client, cast):
    """T88-like: the log is for admins, and the attempt itself is logged."""
    assert client.sign_in(cast.eve).get(client.url("audit")).status_code == 403
    assert "Access denied" in client.sign_in(cast.ana).page("audit")


def test_it_filters_by_action(client, cast, promoted):
    client.sign_in(cast.ana)
    assert "Company created" not in client.page("audit?action=employee.changed").split("<tbody>")[1]


def test_a_wrong_filter_is_ignored(client, cast, promoted):
    page = client.sign_in(cast.ana).page("audit?day=yesterday&before=-1")
    assert "Person changed" in page


def test_the_page_takes_few_statements_however_long_the_log(client, cast, as_, statements):
    client.sign_in(cast.ana).page("audit")
    statements.clear()
    client.page("audit")
    few = len(statements)
    with as_(cast.ana) as uow:
        for number in range(120):
            audit.record(uow, Action.EMPLOYEE_CHANGED, number=number)
    statements.clear()
    client.page("audit")
    assert len(statements) == few <= 8


def test_the_chain_is_checked_on_request(client, cast, promoted):
    answer = client.sign_in(cast.ana).send("audit/verification", follow_redirects=True)
    assert "nothing was changed, moved or removed" in answer.text


@pytest.mark.parametrize("table", ["audit.event", "audit.head"])
@pytest.mark.parametrize(
    "verb", ["INSERT INTO {} DEFAULT VALUES", "UPDATE {} SET seq = 1", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_the_app_role_cannot_write_the_log(connection, table, verb):
    """T128: only audit.append writes."""
    with pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text(verb.format(table)))


def test_an_event_without_a_company_is_an_error(connection):
    """T129."""
    connection.execute(text("SELECT set_config('app.company_id', '', true)"))
    with pytest.raises(DBAPIError, match="needs a company"):
        connection.execute(
            text("""SELECT audit.append('[{"action": "a.b", "version": "1", "payload": ""}]')""")
        )


def test_an_undone_change_leaves_no_event(cast, as_):
    """T135."""
    with as_(cast.ana) as uow:
        before = audit_log.verify(uow).checked
    with pytest.raises(RuntimeError), as_(cast.ana) as uow:  # noqa: PT012
        audit.record(uow, Action.EMPLOYEE_CHANGED)
        raise RuntimeError
    with as_(cast.ana) as uow:
        assert audit_log.verify(uow).checked == before

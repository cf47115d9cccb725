"""The database role of the operator's staff, by raw SQL: no live grant, no rows, whatever the code does."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from portal.app import create_app
from portal.database_url import libpq
from portal.db import db
from tests.fixtures.cast import make_cast
from tests.fixtures.portal import make_settings


@dataclass(frozen=True)
class Ground:
    """A database with Acme and Beta, one member of the staff, and its addresses."""

    support_url: str
    admin_url: str
    app_url: str
    acme: UUID
    beta: UUID
    ana: UUID
    staff: UUID


@pytest.fixture(scope="module")
def ground(database_server, worker_id, tmp_path_factory):
    database = database_server.clone(f"staffroom_support_role_{worker_id}")
    app = create_app(make_settings(database, tmp_path_factory.mktemp("instance")))
    with app.app_context():
        cast = make_cast(app.extensions["staffroom"])
        db.engine.dispose()
    staff = uuid4()
    with psycopg.connect(libpq(database.admin_url)) as admin:
        admin.execute(
            "INSERT INTO operator_staff (id, email, name, app_sealed) VALUES (%s, 'sam@operator.example', 'Sam', '')",
            (staff,),
        )
    return Ground(
        database.support_url,
        database.admin_url,
        database.app_url,
        cast.acme.id,
        cast.beta.id,
        cast.ana.employee_id,
        staff,
    )


@pytest.fixture
def admin(ground):
    with psycopg.connect(libpq(ground.admin_url), autocommit=True) as connection:
        yield connection
        connection.execute("DELETE FROM support_visit")
        connection.execute("DELETE FROM support_grant")
        connection.execute("UPDATE operator_staff SET active = true")


@pytest.fixture
def support(ground):
    with psycopg.connect(libpq(ground.support_url)) as connection:
        yield connection
        connection.rollback()


def opened(
    admin, ground, *, writes=False, sealed="{}", since="1 minute", lasts="4 hours", ended=None
) -> UUID:
    """A grant of Acme that Ana asked for and granted."""
    grant = uuid4()
    admin.execute(
        "INSERT INTO support_grant (company_id, id, kind, areas, sealed, writes, hours, reason, asked_at, asked_by_id,"
        " granted_at, granted_by_id, until, ended_at)"
        " VALUES (%s, %s, 'request', '{people}', %s, %s, 4, 'x', now() - %s::interval, %s, now() - %s::interval, %s,"
        " now() - %s::interval + %s::interval, now() - %s::interval)",
        (ground.acme, grant, sealed, writes, since, ground.ana, since, ground.ana, since, lasts, ended),
    )
    return grant


def bind(connection, ground, company, grant, staff=None) -> None:
    for name, value in (
        ("app.company_id", company),
        ("app.support_grant_id", grant),
        ("app.support_staff_id", staff or ground.staff),
    ):
        connection.execute("SELECT set_config(%s, %s, true)", (name, str(value or "")))


def rows(connection, table="employee") -> int:
    return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608


def test_a_live_grant_opens_its_company_and_no_other(support, admin, ground):
    """T113: binding another company beside the grant of this one shows nothing of either."""
    grant = opened(admin, ground)
    bind(support, ground, ground.acme, grant)
    assert rows(support) == 5
    bind(support, ground, ground.beta, grant)
    assert rows(support) == 0


def test_without_a_live_grant_there_are_no_rows(support, admin, ground):
    """T113, T116: none, an unknown one, an expired, an ended, one of nobody of the staff, one of somebody who left."""
    for grant in (
        None,
        uuid4(),
        opened(admin, ground, since="5 hours"),
        opened(admin, ground, ended="1 second"),
    ):
        bind(support, ground, ground.acme, grant)
        assert rows(support) == 0, grant
        assert rows(support, "absence_type") == 0
    live = opened(admin, ground)
    bind(support, ground, ground.acme, live, staff=uuid4())
    assert rows(support) == 0
    admin.execute("UPDATE operator_staff SET active = false")
    bind(support, ground, ground.acme, live)
    assert rows(support) == 0


def test_an_end_counts_within_the_same_transaction(support, admin, ground):
    """T116: the policy asks with every statement, not when the page was begun."""
    grant = opened(admin, ground)
    bind(support, ground, ground.acme, grant)
    assert rows(support) == 5
    admin.execute("UPDATE support_grant SET ended_at = now() WHERE id = %s", (grant,))
    assert rows(support) == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE shift_template SET name = 'x'",
        "INSERT INTO roster (company_id, id, team_id, start_date, end_date)"
        " SELECT company_id, gen_random_uuid(), id, '2026-06-01', '2026-06-30' FROM team LIMIT 1",
        "UPDATE company SET name = 'x' WHERE slug = 'acme'",
    ],
)
def test_a_change_under_a_grant_to_look_is_refused(support, admin, ground, change):
    """T117: aloud, and not as a change of no rows. The same under a grant that allows changes goes through."""
    bind(support, ground, ground.acme, opened(admin, ground))
    with pytest.raises(errors.InsufficientPrivilege):
        support.execute(change)
    support.rollback()
    bind(support, ground, ground.acme, opened(admin, ground, writes=True))
    assert support.execute(change).rowcount >= 1


@pytest.mark.parametrize(
    "forbidden",
    [
        "DELETE FROM shift",
        "DELETE FROM employee",
        "TRUNCATE shift",
        "SELECT * FROM identity",
        "SELECT * FROM sign_in_session",
        "SELECT * FROM identity_provider",
        "SELECT * FROM role_grant",
        "INSERT INTO role_grant DEFAULT VALUES",
        "SELECT * FROM audit.event",
        "DELETE FROM audit.event",
        "SELECT audit.append('[]')",
        "UPDATE support_grant SET until = now() + interval '1 year'",
        "INSERT INTO support_grant DEFAULT VALUES",
        "SELECT * FROM outbox_message",
        "SELECT * FROM authenticator",
        "SET ROLE staffroom_app",
        "UPDATE company SET second_factor_policy = 'off'",
        "UPDATE company SET licence_ends_on = '2099-01-01'",
    ],
)
def test_what_no_grant_ever_opens(support, admin, ground, forbidden):
    """T114, T115, T119, T120: nothing about signing in, no rights, no deleting, no grants, no log."""
    bind(support, ground, ground.acme, opened(admin, ground, writes=True, sealed="{phone}"))
    with pytest.raises(errors.InsufficientPrivilege):
        support.execute(forbidden)


def test_the_key_of_the_company_is_there_for_grants_that_name_something_sealed(support, admin, ground):
    """T115: without it sealed columns are noise, whatever the pages do."""
    bind(support, ground, ground.acme, opened(admin, ground))
    assert rows(support, "company_key") == 0
    bind(support, ground, ground.acme, opened(admin, ground, sealed="{phone}"))
    assert rows(support, "company_key") == 1


def test_support_sees_which_grants_are_live_and_no_others(support, admin, ground):
    live = opened(admin, ground)
    opened(admin, ground, since="5 hours")
    opened(admin, ground, ended="1 second")
    assert support.execute("SELECT id FROM support_grant").fetchall() == [(live,)]


@pytest.mark.parametrize("company", ["acme", "beta"])
def test_permissions_that_are_over_are_nobodys_reading(support, admin, ground, company):
    """T194: whichever company is bound, without a grant or beside one: why it asked for help before stays there."""
    live = opened(admin, ground)
    opened(admin, ground, since="5 hours")
    opened(admin, ground, ended="1 second")
    for grant in (None, live):
        bind(support, ground, getattr(ground, company), grant)
        assert support.execute("SELECT id FROM support_grant").fetchall() == [(live,)]


@pytest.mark.parametrize(
    "rewritten",
    [
        "UPDATE operator_event SET action = 'nothing'",
        "UPDATE incident_entry SET text = 'nothing'",
        "UPDATE incident SET noticed_at = now()",
        "UPDATE incident SET title = 'nothing'",
        "UPDATE processor SET announced_at = now() - interval '1 year'",
        "UPDATE processor SET since = '2030-01-01'",
        "UPDATE processor SET told_at = now()",
        "INSERT INTO processor_notice DEFAULT VALUES",
        "DELETE FROM operator_event",
        "DELETE FROM incident",
        "DELETE FROM processor",
    ],
)
def test_what_the_operator_wrote_down_stays(support, rewritten):
    """T195: the staff's own log, the timeline, the moment of noticing, and when companies were told of a processor."""
    with pytest.raises(errors.InsufficientPrivilege):
        support.execute(rewritten)


EVENT = """[{"action": "support.looked", "version": "1", "payload": "{\\"email\\": \\"%s\\"}"}]"""


def test_support_signs_the_log_with_its_own_name_and_under_a_live_grant(support, admin, ground):
    """T120: neither as somebody else, nor in the log of a company that did not let it in."""
    grant = opened(admin, ground)
    for company, who in ((ground.acme, "ana@acme.example"), (ground.beta, "sam@operator.example")):
        bind(support, ground, company, grant)
        with pytest.raises(errors.InsufficientPrivilege):
            support.execute("SELECT audit.append_by_support(%s::jsonb)", (EVENT % who,))
        support.rollback()
    bind(support, ground, ground.acme, grant)
    number = support.execute(
        "SELECT audit.append_by_support(%s::jsonb)", (EVENT % "sam@operator.example",)
    ).fetchone()[0]
    assert number > 0


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ("kind, asked_by_id", "'request', NULL"),
        ("kind, staff_id", "'request', gen_random_uuid()"),
        ("kind, staff_id, second_staff_id", "'break-glass', %(one)s, %(one)s"),
        ("kind, staff_id, second_staff_id", "'break-glass', %(one)s, NULL"),
        ("kind, staff_id, second_staff_id, writes", "'break-glass', %(one)s, %(two)s, true"),
        (
            "kind, staff_id, second_staff_id, until",
            "'break-glass', %(one)s, %(two)s, now() + interval '2 hours'",
        ),
        (
            "kind, asked_by_id, granted_by_id, until",
            "'request', %(ana)s, %(ana)s, now() + interval '73 hours'",
        ),
    ],
)
def test_no_row_opens_a_company_by_one_of_the_staff_or_for_longer(ground, columns, values):
    """T114: the database itself refuses, from the portal's own role too."""
    given = {"company_id": "%(acme)s", "id": "gen_random_uuid()", "areas": "'{people}'", "sealed": "'{}'",
             "writes": "false", "hours": "1", "reason": "'x'", "asked_at": "now()", "granted_at": "now()",
             "until": "now() + interval '1 hour'"}  # fmt: skip
    given |= dict(zip(columns.split(", "), values.split(", "), strict=True))
    with psycopg.connect(libpq(ground.app_url)) as connection:
        connection.execute("SELECT set_config('app.company_id', %s, true)", (str(ground.acme),))
        names = {"acme": ground.acme, "ana": ground.ana, "one": uuid4(), "two": uuid4()}
        with pytest.raises(errors.CheckViolation):
            connection.execute(
                f"INSERT INTO support_grant ({', '.join(given)}) VALUES ({', '.join(given.values())})",  # noqa: S608
                names,
            )

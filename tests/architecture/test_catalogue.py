"""The alarm of the company isolation: the database's own catalogue, asked for anything that breaks it (T104)."""

from __future__ import annotations

import psycopg
import pytest

from portal.database_url import libpq

#: Tables without a company of their own, each for the reason given.
WITHOUT_COMPANY = {
    "public.alembic_version": "the state of the migrations",
    "public.company": "the companies themselves; row security lets a company write only its own",
    "public.verified_domain": "finds a company from outside; its key is the domain, owned by one company",
    "public.erasure": "certificates of companies that are no more: numbers and checksums, no name",
    "public.procrastinate_jobs": "the queue: names a company and a row, holds nothing else",
    "public.procrastinate_events": "what became of the jobs",
    "public.procrastinate_periodic_defers": "which periodic jobs were queued",
    "public.procrastinate_workers": "which workers live",
    "public.backup_run": "the operator's record of backups; names no company",
    "public.drill": "the operator's record of drills; names no company",
    "public.incident": "the operator's incidents; companies read their own row of one",
    "public.incident_entry": "the timeline of incidents; no right of the app role",
    "public.processor": "who handles data for the operator; every company may read it",
    "public.operator_alarm": "what the operator was told; names no company",
    "public.operator_event": "what happened at the door of the operator's staff",
    "public.operator_challenge": "what passkeys of the operator's staff are asked to sign; no right of the app role",
    "public.operator_passkey": "passkeys of the operator's staff; no right of the app role",
    "public.operator_session": "the operator's staff who are signed in; no right of the app role",
    "public.operator_staff": "the operator's staff; no right of the app role",
    "audit.head": "its key is the company alone",
}
#: What the role of the operator's staff may do with each table of companies, under a live grant. A new table is
#: open to them when a page of an area reads it: give it the policy that `support` has here, in its own migration.
OPEN_TO_SUPPORT: dict[str, set[str]] = {
    **{
        table: {"SELECT"}
        for table in (
            *(
                "absence",
                "absence_part",
                "absence_substitute",
                "released_shift",
                "absence_type",
                "absence_type_version",
                "group_entry",
                "planned_absence",
                "agreed_entitlement",
                "approval_step",
                "step_approver",
                "confirmation",
                "distribution",
                "distribution_recipient",
            ),
            *("custom_field", "custom_value"),
            *("entitlement_plan", "law_pack_choice"),
            *("document", "document_version", "employee", "employment", "line_management", "published_shift"),
            *(
                "site",
                "site_holiday",
                "site_region",
                "staffing_rule",
                "staffing_rule_part",
                "team",
                "team_membership",
            ),
        )
    },
    "ledger_entry": {"SELECT", "INSERT"},
    **{table: {"SELECT", "INSERT", "UPDATE"} for table in ("roster", "shift", "shift_template")},
}
#: Read by it under a policy of their own: which grants are live, and the key while a grant names what it seals.
SPECIAL_FOR_SUPPORT = {
    "support_grant": {"SELECT"},
    "company_key": {"SELECT"},
    "company_incident": {"SELECT"},
    "processor_answer": {"SELECT"},
    "processor_notice": {"SELECT"},
    # When somebody is free, as calendars and rosters show it, and not what the day is called: columns, not the table.
    "person_calendar": set(),
    "person_holiday": set(),
}
SUPPORT_READS = "(company_id = ( SELECT support_company(false) AS support_company))"
SUPPORT_WRITES = "(company_id = ( SELECT support_company(true) AS support_company))"
BOUND = "(company_id = (NULLIF(current_setting('app.company_id'::text, true), ''::text))::uuid)"

TABLES = """
SELECT n.nspname || '.' || c.relname, c.relrowsecurity, c.relforcerowsecurity, c.oid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'audit')
"""
KEYS = """
SELECT conrelid::regclass::text, conname, contype, array(
    SELECT attname FROM unnest(conkey) WITH ORDINALITY AS k(number, place)
    JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.number ORDER BY place)::text[],
    confrelid::regclass::text
FROM pg_constraint WHERE contype IN ('p', 'u', 'f', 'x')
AND connamespace IN ('public'::regnamespace, 'audit'::regnamespace)
"""
INDEXES = """
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid, 1, true)
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
WHERE relnamespace IN ('public'::regnamespace, 'audit'::regnamespace)
"""


@pytest.fixture(scope="module")
def catalogue(database):
    with psycopg.connect(libpq(database.admin_url)) as connection:
        yield connection


@pytest.fixture(scope="module")
def scoped(catalogue):
    """Names of the tables that hold rows of companies."""
    return {
        name.removeprefix("public.") for name, *_ in catalogue.execute(TABLES) if name not in WITHOUT_COMPANY
    }


def test_every_table_of_companies_has_forced_row_security(catalogue):
    for name, enabled, forced, _ in catalogue.execute(TABLES):
        if name not in WITHOUT_COMPANY or name in {"public.company", "public.verified_domain", "audit.head"}:
            assert enabled and forced, f"{name} lacks row security"


def test_the_list_of_tables_without_company_is_exact(catalogue):
    assert set(WITHOUT_COMPANY) <= {name for name, *_ in catalogue.execute(TABLES)}


def test_every_policy_compares_with_the_bound_company(catalogue, scoped):
    rows = catalogue.execute(
        "SELECT schemaname, tablename, permissive, cmd, qual, with_check FROM pg_policies WHERE roles = '{public}'"
    ).fetchall()
    policies = {}
    for schema, table, permissive, command, condition, check in rows:
        name = table if schema == "public" else f"{schema}.{table}"
        policies.setdefault(name, []).append((permissive, command, condition, check))
    for table in scoped:
        assert policies.get(table) == [("PERMISSIVE", "ALL", BOUND, BOUND)], f"{table}: {policies.get(table)}"
    for table in ("company", "verified_domain"):
        for _, command, condition, check in policies[table]:
            if command != "SELECT":
                assert "app.company_id" in (condition or check), f"{table} {command}"


def test_support_sees_a_companys_rows_under_a_live_grant_alone(catalogue, scoped):
    """T113, P11: what is open to it has the restrictive policy; what is not listed has no right at all."""
    policies = {
        table: (kind, command, condition, check)
        for table, kind, command, condition, check in catalogue.execute(
            "SELECT tablename, permissive, cmd, qual, with_check FROM pg_policies"
            " WHERE roles = '{staffroom_support}' AND schemaname = 'public' AND policyname <> 'support_groups'"
        )
    }
    for table in scoped:
        held = {
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES")
            if catalogue.execute(
                "SELECT has_table_privilege('staffroom_support', %s, %s)", (table, right)
            ).fetchone()[0]
        }
        assert held == {**OPEN_TO_SUPPORT, **SPECIAL_FOR_SUPPORT}.get(table, set()), table
        if table in OPEN_TO_SUPPORT:
            assert policies[table] == ("RESTRICTIVE", "ALL", SUPPORT_READS, SUPPORT_WRITES), table
    assert set(policies) == set(OPEN_TO_SUPPORT) | set(SPECIAL_FOR_SUPPORT) | {"company"}
    assert policies["company_key"] == (
        "RESTRICTIVE",
        "ALL",
        "( SELECT support_unseals() AS support_unseals)",
        "false",
    )


def test_the_app_role_cannot_touch_the_operators_staff(catalogue):
    """Nor can whoever serves a customer's page read or make a member of the staff."""
    tables = "operator_challenge operator_event operator_passkey operator_session operator_staff"
    for table in tables.split():
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            held = catalogue.execute("SELECT has_table_privilege('staffroom_app', %s, %s)", (table, right))
            assert held.fetchone() == (False,), f"{right} on {table}"


def test_every_key_of_a_companys_table_starts_with_the_company(catalogue, scoped):
    for table, name, kind, columns, target in catalogue.execute(KEYS):
        if table not in scoped:
            continue
        if kind == "f":
            expected = ["company_id"] if target == "company" else "company_id"
            assert columns == expected or (target in scoped and columns[0] == expected), (
                f"{name} is not composite"
            )
        else:
            assert columns[0] == "company_id", f"{name} is not led by company_id"


def test_every_index_of_a_companys_table_starts_with_the_company(catalogue, scoped):
    for table, name, first in catalogue.execute(INDEXES):
        if table in scoped:
            assert first == "company_id", f"{name} is led by {first}"


def test_no_view_escapes_row_security(catalogue):
    """Views run as their owner unless told otherwise; materialised ones always do."""
    views = catalogue.execute(
        "SELECT oid::regclass::text, relkind, coalesce('security_invoker=true' = ANY(reloptions), false) FROM pg_class"
        " WHERE relkind IN ('v', 'm') AND relnamespace IN ('public'::regnamespace, 'audit'::regnamespace)"
    ).fetchall()
    assert [name for name, kind, invoker in views if kind == "m" or not invoker] == []


@pytest.mark.parametrize("serving", ["staffroom_app", "staffroom_support"])
def test_a_serving_role_owns_nothing_and_has_no_more_rights_than_it_needs(catalogue, serving):
    role = catalogue.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
        " WHERE rolname = %s",
        (serving,),
    ).fetchone()
    assert role == (False,) * 5
    owned = catalogue.execute("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = %s", (serving,))
    assert owned.fetchall() == []
    for right in ("TRUNCATE", "TRIGGER", "REFERENCES"):
        held = [
            name
            for name, *_, oid in catalogue.execute(TABLES).fetchall()
            if catalogue.execute(
                "SELECT has_table_privilege(%s, %s::oid, %s)", (serving, oid, right)
            ).fetchone()[0]
        ]
        assert held == [], f"{right} on {held}"


@pytest.mark.parametrize("table", ["ledger_entry", "confirmation", "document_version", "company_key"])
@pytest.mark.parametrize("right", ["UPDATE", "DELETE"])
def test_what_is_written_once_stays(catalogue, table, right):
    """The ledger is append-only by grant, and so is what people confirmed."""
    held = catalogue.execute("SELECT has_table_privilege('staffroom_app', %s, %s)", (table, right)).fetchone()
    assert held == (False,)


def test_functions_that_run_as_their_owner_pin_their_search_path(catalogue):
    rows = catalogue.execute(
        "SELECT oid::regprocedure::text, proconfig FROM pg_proc WHERE prosecdef"
        " AND pronamespace IN ('public'::regnamespace, 'audit'::regnamespace)"
    ).fetchall()
    assert [
        name
        for name, settings in rows
        if not any(one.startswith("search_path=pg_catalog") for one in settings or [])
    ] == []
    assert len(rows) >= 1

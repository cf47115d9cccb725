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
    "audit.head": "its key is the company alone",
}
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
        "SELECT schemaname, tablename, permissive, cmd, qual, with_check FROM pg_policies"
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


def test_the_app_role_owns_nothing_and_has_no_more_rights_than_it_needs(catalogue):
    role = catalogue.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
        " WHERE rolname = 'staffroom_app'"
    ).fetchone()
    assert role == (False,) * 5
    owned = catalogue.execute(
        "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = 'staffroom_app'"
    )
    assert owned.fetchall() == []
    for right in ("TRUNCATE", "TRIGGER", "REFERENCES"):
        held = [
            name
            for name, *_, oid in catalogue.execute(TABLES).fetchall()
            if catalogue.execute(
                "SELECT has_table_privilege('staffroom_app', %s::oid, %s)", (oid, right)
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

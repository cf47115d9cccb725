"""The life of a company: its licence, letters about it, the wish to close it, and the erasure of everything it has.

Safe to run beside the version before it: every column is empty at first, and an empty licence has no end.

erase_company finds the tables in the catalogue, so that a table made later cannot be forgotten. It deletes from all
of them in one statement: references are checked at its end, so no order among them is needed, and a crash leaves
everything or nothing. It runs as the owner, because the portal itself may not delete what is written once; row
security binds it to the company of the transaction, and it refuses a company that is not marked as being erased.

Revision ID: a1f0c0de0017
Revises: a1f0c0de0012
Create Date: 2026-11-27 09:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0017"
down_revision = "a1f0c0de0012"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLES = ["licence_notice", "closing"]
ERASE = """
CREATE FUNCTION erase_company(erased uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one record;
    parts text[] := '{}';
    counts text[] := '{}';
    counted jsonb;
BEGIN
    IF erased IS DISTINCT FROM nullif(current_setting('app.company_id', true), '')::uuid THEN
        RAISE EXCEPTION 'the company to erase is not the one that is bound';
    END IF;
    PERFORM FROM public.company WHERE id = erased AND erasing_since IS NOT NULL FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the company is not marked as being erased';
    END IF;
    FOR one IN
        SELECT n.nspname, c.relname, row_number() OVER (ORDER BY n.nspname, c.relname) AS number,
            EXISTS (SELECT FROM pg_attribute i WHERE i.attrelid = c.oid AND i.attname = 'id') AS has_id
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'company_id' AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('public', 'audit')
    LOOP
        parts := parts || format('d%s AS (DELETE FROM %I.%I WHERE company_id = $1 RETURNING %s::text AS k)',
            one.number, one.nspname, one.relname, CASE WHEN one.has_id THEN 'id' ELSE 'company_id' END);
        counts := counts || format('SELECT %L AS t, count(*) AS n, string_agg(k, E''\\n'' ORDER BY k COLLATE "C") AS k'
            ' FROM d%s', one.nspname || '.' || one.relname, one.number);
    END LOOP;
    EXECUTE 'WITH ' || array_to_string(parts, ', ')
        || ', gone AS (DELETE FROM public.company WHERE id = $1 RETURNING id::text AS k)'
        || ' SELECT jsonb_object_agg(t, jsonb_build_object(''rows'', n, ''sha256'','
        || ' encode(sha256(convert_to(coalesce(k, ''''), ''UTF8'')), ''hex''))) FROM ('
        || array_to_string(counts, ' UNION ALL ')
        || ' UNION ALL SELECT ''public.company'', count(*), string_agg(k, '''') FROM gone) AS each'
    INTO counted USING erased;
    RETURN counted;
END
$$
"""


def upgrade() -> None:
    _licence_of_a_company()
    op.create_table(
        "licence_notice",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        *_of_a_company("licence_notice"),
        sa.UniqueConstraint(
            "company_id",
            "kind",
            "days",
            "on_date",
            name=op.f("uq_licence_notice_company_id_kind_days_on_date"),
        ),
    )
    op.create_table(
        "closing",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_of_a_company("closing"),
        *_of_a_person("closing", "asked_by_id", "confirmed_by_id"),
    )
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")
    _erasures()


def _licence_of_a_company() -> None:
    op.add_column(
        "company", sa.Column("licence_kind", sa.String(40), server_default="unlimited", nullable=False)
    )
    op.add_column("company", sa.Column("licence_ends_on", sa.Date(), nullable=True))
    op.add_column("company", sa.Column("overdue_since", sa.Date(), nullable=True))
    op.add_column("company", sa.Column("closed_on", sa.Date(), nullable=True))
    op.add_column("company", sa.Column("erasing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "company",
        sa.Column("certificate_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )


def _erasures() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("erased_company", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", postgresql.JSONB(), nullable=True),
        sa.Column("jobs", sa.Integer(), nullable=True),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("files_sha256", sa.Text(), nullable=False),
        sa.Column("audit_events", sa.Integer(), nullable=False),
        sa.Column("audit_head", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signature", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("erased_company", name=op.f("uq_erasure_erased_company")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON erasure TO staffroom_app")
    op.execute(ERASE)
    op.execute("REVOKE ALL ON FUNCTION erase_company(uuid) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION erase_company(uuid) TO staffroom_app")


def _of_a_company(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{table}")),
    ]


def _of_a_person(table: str, *columns: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["company_id", column],
            ["employee.company_id", "employee.id"],
            name=op.f(f"fk_{table}_company_id_{column}"),
        )
        for column in columns
    ]


def downgrade() -> None:
    op.execute("DROP FUNCTION erase_company(uuid)")
    op.drop_table("erasure")
    for table in TABLES:
        op.drop_table(table)
    for column in (
        "certificate_id",
        "erasing_since",
        "closed_on",
        "overdue_since",
        "licence_ends_on",
        "licence_kind",
    ):
        op.drop_column("company", column)

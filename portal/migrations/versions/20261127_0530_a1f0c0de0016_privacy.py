"""Copies of a person's data, requests to be forgotten with their steps, legal holds, and what erases history.

Where the portal may only add rows, a function of the owner erases for it: only of a person whose erasure was
approved by two others, and only what the data map says goes. The audit log's own function empties payloads together
with their salts, so that the chain still verifies. HR and admins of companies that stand already get the rights.

Revision ID: a1f0c0de0016
Revises: a1f0c0de0009
Create Date: 2026-11-27 05:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0016"
down_revision = "a1f0c0de0009"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLES = ["data_export", "erasure_request", "erasure_step", "legal_hold"]
FOR_EVERY_COMPANY = """
DO $$
DECLARE one uuid;
BEGIN
    FOR one IN SELECT id FROM company LOOP
        PERFORM set_config('app.company_id', one::text, true);
        {statement};
    END LOOP;
    PERFORM set_config('app.company_id', '', true);
END
$$
"""
GIVE = (
    "INSERT INTO role_permission (company_id, id, role_id, permission, reach)"
    " SELECT company_id, gen_random_uuid(), role.id, asked.permission, 'company' FROM role"
    " JOIN (VALUES ('hr', 'privacy:manage'), ('hr', 'privacy:hold'), ('admin', 'privacy:manage'))"
    " AS asked (key, permission) ON asked.key = role.key ON CONFLICT DO NOTHING"
)
TAKE = "DELETE FROM role_permission WHERE permission IN ('privacy:manage', 'privacy:hold')"
#: Nobody's history is touched unless somebody planned it and another person approved it.
GUARD = """
    company uuid := nullif(current_setting('app.company_id', true), '')::uuid;
    gone integer;
BEGIN
    IF NOT EXISTS (SELECT FROM public.erasure_request WHERE company_id = company AND employee_id = person
        AND status = 'erasing') THEN
        RAISE EXCEPTION 'no approved request to erase this person';
    END IF;
"""
ERASE_HISTORY = f"""
CREATE FUNCTION erase_history(person uuid, of_table text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE {GUARD}
    CASE of_table
    WHEN 'sign_in_attempt' THEN
        DELETE FROM public.sign_in_attempt WHERE company_id = company AND employee_id = person;
    WHEN 'ledger_entry' THEN
        UPDATE public.ledger_entry SET reason = ''
        WHERE company_id = company AND employee_id = person AND reason <> '';
    WHEN 'confirmation' THEN
        UPDATE public.confirmation SET ip = '' WHERE company_id = company AND employee_id = person AND ip <> '';
    END CASE;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$
"""  # noqa: S608
FORGET_ATTEMPTS = """
CREATE FUNCTION forget_sign_in_attempts(before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    company uuid := nullif(current_setting('app.company_id', true), '')::uuid;
    gone integer;
BEGIN
    -- Throttles count the attempts of the last day, and people look at those of the last weeks.
    IF before > clock_timestamp() - interval '30 days' THEN
        RAISE EXCEPTION 'attempts of the last 30 days stay';
    END IF;
    DELETE FROM public.sign_in_attempt WHERE company_id = company AND attempted_at < before;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$
"""
REDACT = f"""
CREATE FUNCTION audit.redact(person uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    address text;
    name text;
    {GUARD}
    SELECT lower(email), first_name || ' ' || last_name INTO address, name
    FROM public.employee WHERE company_id = company AND id = person;
    -- What they did, what was done to them and their things, and where an event names them all the same.
    UPDATE audit.event SET payload = NULL, salt = NULL
    WHERE company_id = company AND payload IS NOT NULL AND (
        actor_id = person OR subject_id = person OR about_id = person
        OR strpos(payload, person::text) > 0
        OR strpos(lower(payload), address) > 0
        OR strpos(payload, name) > 0
    );
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$
"""  # noqa: S608
FUNCTIONS = ["erase_history(uuid, text)", "forget_sign_in_attempts(timestamptz)", "audit.redact(uuid)"]


def upgrade() -> None:
    op.add_column("employee", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    _data_exports()
    _erasure_requests()
    _erasure_steps()
    _legal_holds()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")
    op.execute("GRANT SELECT (company_id, id, email, first_name, last_name) ON employee TO staffroom_audit")
    op.execute("GRANT SELECT (company_id, employee_id, status) ON erasure_request TO staffroom_audit")
    for statement in (ERASE_HISTORY, FORGET_ATTEMPTS, REDACT):
        op.execute(statement)
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO staffroom_app")
    op.execute("ALTER FUNCTION audit.redact(uuid) OWNER TO staffroom_audit")
    op.execute(FOR_EVERY_COMPANY.format(statement=GIVE))


def downgrade() -> None:
    op.execute(FOR_EVERY_COMPANY.format(statement=TAKE))
    for function in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("REVOKE ALL ON employee FROM staffroom_audit")
    for table in ("erasure_step", "erasure_request", "legal_hold", "data_export"):
        op.drop_table(table)
    op.drop_column("employee", "erased_at")


def _data_exports() -> None:
    op.create_table(
        "data_export",
        *_key(),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        _text("status", default="waiting", length=40),
        sa.Column("tables_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tables_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        _moment("ready_at"),
        _moment("expires_at"),
        _moment("fetched_at"),
        *_foot("data_export", employee_id="employee"),
    )
    _index("data_export", "employee_id")


def _erasure_requests() -> None:
    op.create_table(
        "erasure_request",
        *_key(),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        _text("status", default="open", length=40),
        _text("origin", length=40),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=True),
        sa.Column("planned_by_id", sa.Uuid(), nullable=True),
        _moment("planned_at"),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        _moment("approved_at"),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        _moment("finished_at"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *_foot(
            "erasure_request",
            employee_id="employee",
            planned_by_id="employee",
            approved_by_id="employee",
        ),
    )
    op.create_index(
        "uq_erasure_request_live",
        "erasure_request",
        ["company_id", "employee_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('open', 'planned', 'erasing', 'partly')"),
    )
    _index("erasure_request", "status", "due_on")
    _index("erasure_request", "employee_id")


def _erasure_steps() -> None:
    op.create_table(
        "erasure_step",
        *_key(),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        _text("table_name"),
        _text("waits_for"),
        sa.Column("due_on", sa.Date(), nullable=False),
        _moment("done_at"),
        sa.Column("row_count", sa.Integer(), nullable=True),
        *_foot("erasure_step", request_id="erasure_request"),
        sa.UniqueConstraint(
            "company_id",
            "request_id",
            "table_name",
            "waits_for",
            name=op.f("uq_erasure_step_company_id_request_id_table_name_waits_for"),
        ),
    )


def _legal_holds() -> None:
    op.create_table(
        "legal_hold",
        *_key(),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        _text("reason"),
        sa.Column("until_date", sa.Date(), nullable=True),
        sa.Column("placed_by_id", sa.Uuid(), nullable=False),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        _moment("lifted_at"),
        *_foot("legal_hold", employee_id="employee", placed_by_id="employee", lifted_by_id="employee"),
    )
    _index("legal_hold", "employee_id")


def _key() -> list[sa.Column]:
    return [
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def _text(name: str, *, default: str | None = None, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), server_default=default, nullable=False)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _foot(table: str, **references: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id")),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{target}.company_id", f"{target}.id"],
                name=op.f(f"fk_{table}_company_id_{column}"),
            )
            for column, target in references.items()
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{table}")),
    ]


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_company_id_{'_'.join(columns)}"), table, ["company_id", *columns])

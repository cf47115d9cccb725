"""Support access: what companies open to the operator's staff, who of them came, and the staff themselves.

The role staffroom_support sees rows of a company only while a grant of that company is live and names it in
`app.support_grant_id`, besides the company that is bound as for everybody. It can delete nothing, write only where a
grant allows changes, and neither make nor prolong a grant. What is not listed here is closed to it.

Revision ID: a1f0c0de0015
Revises: a1f0c0de0019
Create Date: 2026-11-27 10:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0015"
down_revision = "a1f0c0de0019"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
SCOPED = ["support_grant", "support_visit"]
OPERATOR = ["operator_event", "operator_session", "operator_staff"]
#: Rights given to built-in roles: {right: keys of roles}
RIGHTS = {"support:ask": ["admin", "hr"], "support:grant": ["admin"]}
#: Tables that support looks at, and of these the ones that it changes under a grant that allows changes.
READ = [
    "absence",
    "absence_part",
    "absence_type",
    "confirmation",
    "custom_field",
    "custom_value",
    "distribution",
    "distribution_recipient",
    "document",
    "document_version",
    "employee",
    "employment",
    "ledger_entry",
    "published_shift",
    "roster",
    "shift",
    "shift_template",
    "site",
    "team",
    "team_membership",
]
WRITE = {
    "ledger_entry": "INSERT",
    "roster": "INSERT, UPDATE",
    "shift": "INSERT, UPDATE",
    "shift_template": "INSERT, UPDATE",
}
READS = "(SELECT public.support_company(false))"
WRITES = "(SELECT public.support_company(true))"

LIVE = "granted_at IS NOT NULL AND ended_at IS NULL AND now() < until"
SUPPORT_COMPANY = f"""
CREATE FUNCTION public.support_company(changes boolean) RETURNS uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT g.company_id FROM public.support_grant g
    JOIN public.operator_staff s ON s.id = nullif(current_setting('app.support_staff_id', true), '')::uuid
    WHERE g.company_id = {BOUND} AND g.id = nullif(current_setting('app.support_grant_id', true), '')::uuid
      AND s.active AND {LIVE} AND (g.writes OR NOT changes)
$$
"""  # noqa: S608
#: The key of the company opens sealed values: it is there for grants that name one.
SUPPORT_KEYS = """
CREATE FUNCTION public.support_unseals() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.support_grant g WHERE g.company_id = (SELECT public.support_company(false))
      AND g.id = nullif(current_setting('app.support_grant_id', true), '')::uuid AND 'phone' = ANY (g.sealed))
$$
"""
#: Support writes to the log of the company that let it in, and under the name of the one who is there.
APPEND = """
CREATE FUNCTION audit.append_by_support(events jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text;
BEGIN
    IF public.support_company(false) IS NULL THEN
        RAISE EXCEPTION 'support has no live grant' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT email INTO who FROM public.operator_staff
    WHERE id = nullif(current_setting('app.support_staff_id', true), '')::uuid;
    IF EXISTS (
        SELECT FROM jsonb_array_elements(events) AS one
        WHERE one->>'actor_id' IS NOT NULL OR ((one->>'payload')::jsonb->>'email') IS DISTINCT FROM who
    ) THEN
        RAISE EXCEPTION 'support signs with its own name' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN audit.append(events);
END
$$
"""


def upgrade() -> None:
    _need_the_role()
    _create_operator_tables()
    _create_grants()
    _create_visits()
    for table in SCOPED:
        _secure(table)
    op.execute("GRANT SELECT, INSERT, UPDATE ON support_grant, support_visit TO staffroom_app")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {', '.join(OPERATOR)} TO staffroom_support")
    op.execute("GRANT SELECT ON support_grant, company TO staffroom_support")
    # The staff's list: live openings of all companies; the rest of them is behind the one policy of companies.
    op.execute(f"CREATE POLICY live_openings ON support_grant FOR SELECT TO staffroom_support USING ({LIVE})")
    op.execute(SUPPORT_COMPANY)
    op.execute(SUPPORT_KEYS)
    op.execute(
        "GRANT EXECUTE ON FUNCTION public.support_company(boolean) TO staffroom_support, staffroom_audit"
    )
    op.execute("GRANT EXECUTE ON FUNCTION public.support_unseals() TO staffroom_support")
    for table in READ:
        _open_to_support(table)
    # Of a company's own fields the ones that colleagues see too; private, contract and sealed ones stay closed.
    op.execute(
        "CREATE POLICY support_groups ON custom_value AS RESTRICTIVE TO staffroom_support USING (EXISTS ("
        "SELECT FROM custom_field f WHERE f.company_id = custom_value.company_id AND f.id = custom_value.field_id"
        " AND f.field_group IN ('work', 'contact'))) WITH CHECK (false)"
    )
    # The page of a hand-out locks its row, which asks for a right to change it; the policy still asks for a grant
    # that allows changes.
    op.execute("GRANT UPDATE (reminded_at) ON distribution TO staffroom_support")
    # What the page of settings changes; never the licence, nor who needs a second factor.
    op.execute(
        "GRANT UPDATE (name, language, time_zone, country, subdivision) ON company TO staffroom_support"
    )
    op.execute(
        "CREATE POLICY support_changes ON company AS RESTRICTIVE FOR UPDATE TO staffroom_support"
        f" USING (id = {READS}) WITH CHECK (id = {WRITES})"
    )
    op.execute("GRANT SELECT ON company_key TO staffroom_support")
    op.execute(
        "CREATE POLICY support_unseals ON company_key AS RESTRICTIVE TO staffroom_support"
        " USING ((SELECT public.support_unseals())) WITH CHECK (false)"
    )
    _let_support_append()
    for right, roles in RIGHTS.items():
        _for_every_company(
            "INSERT INTO role_permission (company_id, id, role_id, permission, reach)"  # noqa: S608
            f" SELECT company_id, gen_random_uuid(), id, '{right}', 'company' FROM role"
            f" WHERE key IN ({', '.join(repr(role) for role in roles)})"
        )


def _need_the_role() -> None:
    found = op.get_bind().execute(sa.text("SELECT FROM pg_roles WHERE rolname = 'staffroom_support'")).first()
    if found is None:
        raise RuntimeError(
            "The role staffroom_support is missing: run portal/database_roles.sql as an administrator first."
        )


def _create_operator_tables() -> None:
    op.create_table(
        "operator_staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("app_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("set_up_hash", sa.LargeBinary(), nullable=True),
        sa.Column("set_up_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_operator_staff_email_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_operator_staff_email")),
    )
    op.create_table(
        "operator_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("idle_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("absolute_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["operator_staff.id"], name=op.f("fk_operator_session_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_operator_session_token_hash")),
    )
    op.create_index(op.f("ix_operator_session_staff_id"), "operator_session", ["staff_id"])
    op.create_table(
        "operator_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_event")),
    )
    op.create_index(op.f("ix_operator_event_ip_at"), "operator_event", ["ip", "at"])
    op.create_index(op.f("ix_operator_event_at"), "operator_event", ["at"])


def _create_grants() -> None:
    op.create_table(
        "support_grant",
        *_keys("support_grant"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sealed", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("writes", sa.Boolean(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_by_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("staff_name", sa.Text(), server_default="", nullable=False),
        sa.Column("second_staff_id", sa.Uuid(), nullable=True),
        sa.Column("second_staff_name", sa.Text(), server_default="", nullable=False),
        sa.Column("end_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'request' AND asked_by_id IS NOT NULL AND staff_id IS NULL AND second_staff_id IS NULL"
            " AND (granted_at IS NULL) = (granted_by_id IS NULL))"
            " OR (kind = 'break-glass' AND staff_id IS NOT NULL AND asked_by_id IS NULL AND NOT writes"
            " AND sealed = '{}' AND (granted_at IS NULL) = (second_staff_id IS NULL)"
            " AND second_staff_id IS DISTINCT FROM staff_id)",
            name=op.f("ck_support_grant_opened_by"),
        ),
        sa.CheckConstraint(
            "(granted_at IS NULL) = (until IS NULL)", name=op.f("ck_support_grant_until_when")
        ),
        sa.CheckConstraint(
            "until <= granted_at + CASE kind WHEN 'request' THEN interval '72 hours' ELSE interval '1 hour' END",
            name=op.f("ck_support_grant_longest"),
        ),
        *(
            _reference("support_grant", column, "employee")
            for column in ("asked_by_id", "granted_by_id", "ended_by_id")
        ),
    )
    op.create_index(op.f("ix_support_grant_company_id_asked_at"), "support_grant", ["company_id", "asked_at"])


def _create_visits() -> None:
    op.create_table(
        "support_visit",
        *_keys("support_visit"),
        sa.Column("support_grant_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("staff_email", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        _reference("support_visit", "support_grant_id", "support_grant"),
        sa.UniqueConstraint(
            "company_id",
            "support_grant_id",
            "staff_id",
            name=op.f("uq_support_visit_company_id_support_grant_id_staff_id"),
        ),
    )


def _keys(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{table}")),
    )


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", column],
        [f"{target}.company_id", f"{target}.id"],
        name=op.f(f"fk_{table}_company_id_{column}"),
    )


def _secure(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )


def _open_to_support(table: str) -> None:
    """USING lets a change find its row under any live grant, so that WITH CHECK refuses it aloud."""
    op.execute(f"GRANT SELECT ON {table} TO staffroom_support")
    if table in WRITE:
        op.execute(f"GRANT {WRITE[table]} ON {table} TO staffroom_support")
    op.execute(
        f"CREATE POLICY support ON {table} AS RESTRICTIVE TO staffroom_support"
        f" USING (company_id = {READS}) WITH CHECK (company_id = {WRITES})"
    )


def _let_support_append() -> None:
    op.execute("GRANT SELECT ON support_grant TO staffroom_audit")
    op.execute("GRANT SELECT (id, email, active) ON operator_staff TO staffroom_audit")
    op.execute("GRANT USAGE ON SCHEMA audit TO staffroom_support")
    op.execute(APPEND)
    op.execute("REVOKE ALL ON FUNCTION audit.append_by_support(jsonb) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION audit.append_by_support(jsonb) TO staffroom_support")
    op.execute("ALTER FUNCTION audit.append_by_support(jsonb) OWNER TO staffroom_audit")


def _for_every_company(statement: str) -> None:
    """Row security binds the owner too; the locks that ALTER TABLE takes keep everybody else away meanwhile."""
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    rights = ", ".join(repr(right) for right in RIGHTS)
    _for_every_company(f"DELETE FROM role_permission WHERE permission IN ({rights})")  # noqa: S608
    op.execute("DROP FUNCTION audit.append_by_support(jsonb)")
    op.execute("REVOKE ALL ON SCHEMA audit FROM staffroom_support")
    op.execute("DROP POLICY support_unseals ON company_key")
    op.execute("DROP POLICY support_changes ON company")
    op.execute("DROP POLICY support_groups ON custom_value")
    for table in READ:
        op.execute(f"DROP POLICY support ON {table}")
    op.execute("REVOKE ALL (reminded_at) ON distribution FROM staffroom_support")
    op.execute("DROP POLICY live_openings ON support_grant")
    op.execute(
        "REVOKE ALL (name, language, time_zone, country, subdivision) ON company FROM staffroom_support"
    )
    for table in [*READ, "company", "company_key"]:
        op.execute(f"REVOKE ALL ON {table} FROM staffroom_support")
    op.execute("DROP FUNCTION public.support_unseals()")
    op.execute("DROP FUNCTION public.support_company(boolean)")
    op.drop_table("support_visit")
    op.drop_table("support_grant")
    op.drop_table("operator_event")
    op.drop_table("operator_session")
    op.drop_table("operator_staff")

"""Domains that companies claim and prove, and provisioning by SCIM: tokens, people, groups.

A domain that led to a company before was vouched for by the operator, and becomes a claim that says so; it is
written before row security closes the new table to whoever has no company bound. Admins of companies that stand
already get the right to set up provisioning.

Revision ID: a1f0c0de0011
Revises: a1f0c0de0013
Create Date: 2026-11-27 11:50:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0011"
down_revision = "a1f0c0de0013"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLES = [
    "domain_claim",
    "scim_token",
    "scim_person",
    "scim_group",
    "scim_group_member",
    "scim_role_grant",
]
TAKE_OVER = """
INSERT INTO domain_claim (company_id, id, domain, token, status, vouched)
SELECT company_id, gen_random_uuid(), domain,
       left(encode(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'hex'), 40),
       'verified', true
FROM verified_domain
"""
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
    " SELECT company_id, gen_random_uuid(), id, 'provisioning:manage', 'company' FROM role WHERE key = 'admin'"
    " ON CONFLICT DO NOTHING"
)
TAKE = "DELETE FROM role_permission WHERE permission = 'provisioning:manage'"


def upgrade() -> None:
    _create_domain_claim()
    op.execute(TAKE_OVER)
    _create_scim_token()
    _create_scim_person()
    _create_scim_group()
    _create_scim_members()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")
    op.execute(FOR_EVERY_COMPANY.format(statement=GIVE))


def downgrade() -> None:
    op.execute(FOR_EVERY_COMPANY.format(statement=TAKE))
    for table in reversed(TABLES):
        op.drop_table(table)


def _keys(table: str) -> list[sa.Column[object] | sa.Constraint]:
    return [
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{table}")),
    ]


def _refers_to(table: str, column: str, target: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        ["company_id", column],
        [f"{target}.company_id", f"{target}.id"],
        name=op.f(f"fk_{table}_company_id_{column}"),
    )


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _create_domain_claim() -> None:
    op.create_table(
        "domain_claim",
        *_keys("domain_claim"),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column(
            "status",
            _choice("domainstatus", "waiting", "verified", "lost"),
            server_default="waiting",
            nullable=False,
        ),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=True),
        sa.Column("vouched", sa.Boolean(), server_default="false", nullable=False),
        _moment("checked_at"),
        sa.Column(
            "finding", _choice("finding", "found", "no-record", "other-value", "no-answer"), nullable=True
        ),
        _moment("last_found_at"),
        _moment("missing_since"),
        sa.CheckConstraint("domain = lower(domain)", name=op.f("ck_domain_claim_domain_lower_case")),
        sa.CheckConstraint(
            "status <> 'verified' OR vouched OR last_found_at IS NOT NULL",
            name=op.f("ck_domain_claim_verified_was_found"),
        ),
        _refers_to("domain_claim", "claimed_by_id", "employee"),
        sa.UniqueConstraint("company_id", "domain", name=op.f("uq_domain_claim_company_id_domain")),
    )
    op.create_index(
        op.f("ix_domain_claim_company_id_last_found_at"),
        "domain_claim",
        ["company_id", "last_found_at"],
        postgresql_where=sa.text("status = 'verified'"),
    )


def _create_scim_token() -> None:
    op.create_table(
        "scim_token",
        *_keys("scim_token"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("invites", sa.Boolean(), server_default="true", nullable=False),
        _moment("last_used_at"),
        sa.Column("last_used_ip", sa.Text(), nullable=True),
        _moment("window_started_at"),
        sa.Column("window_requests", sa.Integer(), server_default="0", nullable=False),
        _moment("revoked_at"),
        _refers_to("scim_token", "created_by_id", "employee"),
        sa.UniqueConstraint("company_id", "token_hash", name=op.f("uq_scim_token_company_id_token_hash")),
    )


def _create_scim_person() -> None:
    op.create_table(
        "scim_person",
        *_keys("scim_person"),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=False),
        _moment("deleted_at"),
        _refers_to("scim_person", "employee_id", "employee"),
        sa.UniqueConstraint("company_id", "employee_id", name=op.f("uq_scim_person_company_id_employee_id")),
    )
    _index("scim_person", "external_id")
    _index("scim_person", "synced_at")


def _create_scim_group() -> None:
    op.create_table(
        "scim_group",
        *_keys("scim_group"),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=True),
        sa.Column("mapped_by_id", sa.Uuid(), nullable=True),
        _refers_to("scim_group", "role_id", "role"),
        _refers_to("scim_group", "mapped_by_id", "employee"),
        sa.UniqueConstraint("company_id", "display_name", name=op.f("uq_scim_group_company_id_display_name")),
    )
    _index("scim_group", "external_id")


def _create_scim_members() -> None:
    op.create_table(
        "scim_group_member",
        *_keys("scim_group_member"),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        _refers_to("scim_group_member", "group_id", "scim_group"),
        _refers_to("scim_group_member", "employee_id", "employee"),
        sa.UniqueConstraint(
            "company_id",
            "group_id",
            "employee_id",
            name=op.f("uq_scim_group_member_company_id_group_id_employee_id"),
        ),
    )
    _index("scim_group_member", "employee_id")
    op.create_table(
        "scim_role_grant",
        *_keys("scim_role_grant"),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        _refers_to("scim_role_grant", "employee_id", "employee"),
        _refers_to("scim_role_grant", "role_id", "role"),
        sa.UniqueConstraint(
            "company_id",
            "employee_id",
            "role_id",
            name=op.f("uq_scim_role_grant_company_id_employee_id_role_id"),
        ),
    )
    _index("scim_role_grant", "role_id")


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_company_id_{column}"), table, ["company_id", column])

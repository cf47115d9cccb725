"""Identity providers of companies, trips to them, and the rule that everybody must come by one.

Admins of companies that stand already get the right to set them up; row security binds the owner of the
tables too, so the roles are reached company by company.

Revision ID: a1f0c0de0005
Revises: a1f0c0de0006
Create Date: 2026-11-27 04:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0005"
down_revision = "a1f0c0de0006"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLES = ["identity_provider", "sso_transaction", "sign_in_policy"]
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
    " SELECT company_id, gen_random_uuid(), id, 'sign-in:manage', 'company' FROM role WHERE key = 'admin'"
    " ON CONFLICT DO NOTHING"
)
TAKE = "DELETE FROM role_permission WHERE permission = 'sign-in:manage'"


def upgrade() -> None:
    _providers()
    _transactions()
    _policies()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")
    op.execute(FOR_EVERY_COMPANY.format(statement=GIVE))


def _providers() -> None:
    op.create_table(
        "identity_provider",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), server_default="draft", nullable=False),
        sa.Column("settings", postgresql.JSONB(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asks_second_factor", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("joining", sa.String(40), server_default="invited", nullable=False),
        sa.Column("role_mapping", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tested_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_identity_provider_company_id")),
        sa.ForeignKeyConstraint(
            ["company_id", "tested_by_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_identity_provider_company_id_tested_by_id"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_identity_provider")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_identity_provider_company_id_name")),
    )


def _transactions() -> None:
    op.create_table(
        "sso_transaction",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("secrets_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("employee_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_sso_transaction_company_id")),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{table}.company_id", f"{table}.id"],
                name=op.f(f"fk_sso_transaction_company_id_{column}"),
            )
            for column, table in (
                ("provider_id", "identity_provider"),
                ("employee_id", "employee"),
                ("invitation_id", "sign_in_link"),
            )
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_sso_transaction")),
        sa.UniqueConstraint(
            "company_id", "state_hash", name=op.f("uq_sso_transaction_company_id_state_hash")
        ),
    )
    op.create_index(
        op.f("ix_sso_transaction_company_id_expires_at"), "sso_transaction", ["company_id", "expires_at"]
    )


def _policies() -> None:
    op.create_table(
        "sign_in_policy",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sso_required", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("break_glass_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "NOT sso_required OR break_glass_id IS NOT NULL",
            name=op.f("ck_sign_in_policy_break_glass_named"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_sign_in_policy_company_id")),
        sa.ForeignKeyConstraint(
            ["company_id", "break_glass_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_sign_in_policy_company_id_break_glass_id"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_sign_in_policy")),
        sa.UniqueConstraint("company_id", name=op.f("uq_sign_in_policy_company_id")),
    )


def downgrade() -> None:
    op.execute(FOR_EVERY_COMPANY.format(statement=TAKE))
    for table in ("sign_in_policy", "sso_transaction", "identity_provider"):
        op.drop_table(table)

"""The audit log leaves the portal: tokens of its feed, and the right to take it out for admins of companies that stand.

Revision ID: a1f0c0de0013
Revises: a1f0c0de0117
Create Date: 2026-11-27 11:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0013"
down_revision = "a1f0c0de0117"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLE = "audit_feed_token"
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
    " SELECT company_id, gen_random_uuid(), id, 'audit:export', 'company' FROM role WHERE key = 'admin'"
    " ON CONFLICT DO NOTHING"
)
TAKE = "DELETE FROM role_permission WHERE permission = 'audit:export'"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_ip", sa.Text(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{TABLE}_company_id")),
        sa.ForeignKeyConstraint(
            ["company_id", "created_by_id"],
            ["employee.company_id", "employee.id"],
            name=op.f(f"fk_{TABLE}_company_id_created_by_id"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("company_id", "token_hash", name=op.f(f"uq_{TABLE}_company_id_token_hash")),
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON {TABLE} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO staffroom_app")
    op.execute(FOR_EVERY_COMPANY.format(statement=GIVE))


def downgrade() -> None:
    op.execute(FOR_EVERY_COMPANY.format(statement=TAKE))
    op.drop_table(TABLE)

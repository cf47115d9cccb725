"""Archives of a whole company that admins ask for.

Revision ID: a1f0c0de0018
Revises: a1f0c0de0112
Create Date: 2026-11-27 11:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0018"
down_revision = "a1f0c0de0112"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "company_archive",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(40), server_default="waiting", nullable=False),
        sa.Column("passphrase_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("tables_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tables_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("parts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_company_archive_company_id")),
        sa.ForeignKeyConstraint(
            ["company_id", "asked_by_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_company_archive_company_id_asked_by_id"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_company_archive")),
    )
    op.execute("ALTER TABLE company_archive ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE company_archive FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON company_archive USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON company_archive TO staffroom_app")
    # An archive says which tables it was written with.
    op.execute("GRANT SELECT ON alembic_version TO staffroom_app")


def downgrade() -> None:
    op.execute("REVOKE SELECT ON alembic_version FROM staffroom_app")
    op.drop_table("company_archive")

"""Files of the audit log that a job makes.

Revision ID: a1f0c0de0161
Revises: a1f0c0de0158
Create Date: 2026-11-27 18:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0161"
down_revision = "a1f0c0de0158"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLE = "audit_export"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=40), server_default="waiting", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("chosen", postgresql.JSONB(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("events_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("events_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("parts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=True)
            for name in ("ready_at", "expires_at", "fetched_at")
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{TABLE}_company_id")),
        sa.ForeignKeyConstraint(
            ["company_id", "asked_by_id"],
            ["employee.company_id", "employee.id"],
            name=op.f(f"fk_{TABLE}_company_id_asked_by_id"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_company_id_asked_by_id"), TABLE, ["company_id", "asked_by_id"])
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON {TABLE} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO staffroom_app")


def downgrade() -> None:
    op.drop_table(TABLE)

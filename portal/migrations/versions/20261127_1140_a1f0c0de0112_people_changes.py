"""Changes of many people at once.

Safe to run beside the version before it: a table is added.

Revision ID: a1f0c0de0112
Revises: a1f0c0de0020
Create Date: 2026-11-27 11:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0112"
down_revision = "a1f0c0de0020"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "people_change",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("asked", postgresql.JSONB(), nullable=False),
        sa.Column("only_possible", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("passed_over", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_people_change_company_id"),
        sa.ForeignKeyConstraint(
            ["company_id", "asked_by_id"],
            ["employee.company_id", "employee.id"],
            name="fk_people_change_company_id_asked_by_id",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "undone_by_id"],
            ["employee.company_id", "employee.id"],
            name="fk_people_change_company_id_undone_by_id",
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name="pk_people_change"),
    )
    op.create_index("ix_people_change_company_id_created_at", "people_change", ["company_id", "created_at"])
    op.execute("ALTER TABLE people_change ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE people_change FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON people_change USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON people_change TO staffroom_app")


def downgrade() -> None:
    op.drop_table("people_change")

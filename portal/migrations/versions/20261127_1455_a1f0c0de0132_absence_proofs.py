"""Proofs of absences, whose files lie sealed in the file store; what a waiting request said before it was changed.

The operator's staff are not let in to see proofs: no policy opens the table to them.

Revision ID: a1f0c0de0132
Revises: a1f0c0de0131
Create Date: 2026-11-27 14:55:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0132"
down_revision = "a1f0c0de0131"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLE = "absence_proof"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("absence", sa.Column("changed_from", sa.Text(), nullable=True))
    op.create_table(
        TABLE,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("company_id", "id")),
        sa.Column("absence_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{TABLE}_company_id")),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{other}.company_id", f"{other}.id"],
                name=op.f(f"fk_{TABLE}_company_id_{column}"),
            )
            for column, other in (
                ("absence_id", "absence"),
                ("employee_id", "employee"),
                ("uploaded_by_id", "employee"),
                ("accepted_by_id", "employee"),
            )
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{TABLE}")),
    )
    for column in ("absence_id", "employee_id"):
        op.create_index(op.f(f"ix_{TABLE}_company_id_{column}"), TABLE, ["company_id", column])
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON {TABLE} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO staffroom_app")


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_column("absence", "changed_from")

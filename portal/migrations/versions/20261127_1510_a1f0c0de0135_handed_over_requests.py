"""From whom, by whom and when a waiting request was handed over to another approver.

The version before shows the new approver as any other of the step.

Revision ID: a1f0c0de0135
Revises: a1f0c0de0127
Create Date: 2026-11-27 15:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0135"
down_revision = "a1f0c0de0134"
branch_labels = None
depends_on = None

TABLE = "step_approver"
PEOPLE = ("handed_from_id", "handed_by_id")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in PEOPLE:
        op.add_column(TABLE, sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{TABLE}_company_id_{column}"),
            TABLE,
            "employee",
            ["company_id", column],
            ["company_id", "id"],
        )
    op.add_column(TABLE, sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column(TABLE, "handed_at")
    for column in reversed(PEOPLE):
        op.drop_constraint(op.f(f"fk_{TABLE}_company_id_{column}"), TABLE, type_="foreignkey")
        op.drop_column(TABLE, column)

"""When those who decide for the whole company were asked too, for a step or for a request without steps.

The version before does not know who was asked later: of a step that all must agree to it waits for them as well.

Revision ID: a1f0c0de0127
Revises: a1f0c0de0126
Create Date: 2026-11-27 14:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0127"
down_revision = "a1f0c0de0126"
branch_labels = None
depends_on = None

TABLES = ("absence", "step_approver")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.add_column(table, sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_column(table, "escalated_at")

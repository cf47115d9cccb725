"""Types of absence whose cancelling somebody has to agree to, and what their owners ask for.

The version before lets owners cancel as ever; what they have asked for waits until this one is back.

Revision ID: a1f0c0de0145
Revises: a1f0c0de0144
Create Date: 2026-11-27 17:55:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0145"
down_revision = "a1f0c0de0144"
branch_labels = None
depends_on = None

RULES = ("absence_type", "absence_type_version")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in RULES:
        op.add_column(
            table, sa.Column("cancel_needs_approval", sa.Boolean(), server_default="false", nullable=False)
        )
    op.add_column(
        "absence", sa.Column("cancel_by_approval", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("absence", sa.Column("cancel_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("absence", sa.Column("cancel_note", sa.Text(), nullable=True))


def downgrade() -> None:
    for column in ("cancel_note", "cancel_asked_at", "cancel_by_approval"):
        op.drop_column("absence", column)
    for table in reversed(RULES):
        op.drop_column(table, "cancel_needs_approval")

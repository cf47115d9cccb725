"""Absences that count as worked up to a limit: which types do, and the limits of each plan.

The version before counts such absences as worked in full, as it did.

Revision ID: a1f0c0de0171
Revises: a1f0c0de0167
Create Date: 2026-11-28 04:11:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0171"
down_revision = "a1f0c0de0167"
branch_labels = None
depends_on = None

_TYPES = ("absence_type", "absence_type_version")
_LIMITS = ("limited_most", "limited_from")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in _TYPES:
        op.add_column(
            table, sa.Column("counts_up_to_limit", sa.Boolean(), server_default="false", nullable=False)
        )
    for column in _LIMITS:
        op.add_column("entitlement_plan", sa.Column(column, sa.Integer(), nullable=True))


def downgrade() -> None:
    for column in _LIMITS:
        op.drop_column("entitlement_plan", column)
    for table in _TYPES:
        op.drop_column(table, "counts_up_to_limit")

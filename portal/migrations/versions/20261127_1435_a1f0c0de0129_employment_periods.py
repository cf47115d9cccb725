"""Whether terms of employment open a new period although the ones before end the day before: somebody was rehired.

Revision ID: a1f0c0de0129
Revises: a1f0c0de0128
Create Date: 2026-11-27 14:35:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0129"
down_revision = "a1f0c0de0128"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "employment", sa.Column("opens_period", sa.Boolean(), server_default="false", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("employment", "opens_period")

"""Flexible working time: so many days a week are agreed, on any of the days of the pattern.

The version before prices a day off of such people as it does everybody's: one day by the day, its minutes by the hour.

Revision ID: a1f0c0de0167
Revises: a1f0c0de0165
Create Date: 2026-11-28 00:06:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0167"
down_revision = "a1f0c0de0165"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("employment", sa.Column("agreed_days", sa.SmallInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_employment_agreed_days_of_a_week"), "employment", "agreed_days BETWEEN 1 AND 7"
    )


def downgrade() -> None:
    op.drop_column("employment", "agreed_days")

"""People who work by the roster: a day off costs the shift that the published roster has on that day.

The version before prices their days by the days of their employment, as it does everybody's.

Revision ID: a1f0c0de0152
Revises: a1f0c0de0151
Create Date: 2026-11-27 18:06:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0152"
down_revision = "a1f0c0de0151"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("employment", sa.Column("by_roster", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("employment", "by_roster")

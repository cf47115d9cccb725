"""Support corrects balances and drafts rosters where it was let in to change: it may hold the person and the team.

To hold a row asks for a right to change one of its columns. The policies of the table let nobody write another
company there, so this one changes nothing.

Revision ID: a1f0c0de0183
Revises: a1f0c0de0182
Create Date: 2026-11-28 08:20:00+00:00
"""

from alembic import op

revision = "a1f0c0de0183"
down_revision = "a1f0c0de0182"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("GRANT UPDATE (company_id) ON employee, team TO staffroom_support")


def downgrade() -> None:
    op.execute("REVOKE UPDATE (company_id) ON employee, team FROM staffroom_support")

"""Whether the virus scanner has answered for a kept file.

Revision ID: a1f0c0de0165
Revises: a1f0c0de0164
Create Date: 2026-11-28 00:04:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0165"
down_revision = "a1f0c0de0164"
branch_labels = None
depends_on = None

TABLES = ("document_version", "absence_proof")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        # A constant default writes no row. The version before this one leaves the column alone: its uploads count as
        # not scanned, which is what they are.
        op.add_column(
            table, sa.Column("scan_state", sa.String(length=40), server_default="not-scanned", nullable=False)
        )
    # A version stays what it is; only what the scanner says of it changes.
    op.execute("GRANT UPDATE (scan_state) ON document_version TO staffroom_app")


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "scan_state")

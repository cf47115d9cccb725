"""What stops fraud with messages and floods of the audit log: counts by range of numbers and by session.

Safe to run beside the version before it: every column is empty or zero at first, and it writes none of them. Codes
sent before have no range; they live five minutes.

Revision ID: a1f0c0de0008
Revises: a1f0c0de0004
Create Date: 2026-11-27 04:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0008"
down_revision = "a1f0c0de0004"
branch_labels = None
depends_on = None

INDEX = "ix_one_time_code_company_id_prefix_index_created_at"


def upgrade() -> None:
    op.add_column("company", sa.Column("codes_stopped_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("one_time_code", sa.Column("prefix_index", sa.LargeBinary(), nullable=True))
    op.create_index(INDEX, "one_time_code", ["company_id", "prefix_index", "created_at"], unique=False)
    op.add_column("sign_in_session", sa.Column("denied_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "sign_in_session", sa.Column("denied_count", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("sign_in_session", "denied_count")
    op.drop_column("sign_in_session", "denied_since")
    op.drop_index(INDEX, table_name="one_time_code")
    op.drop_column("one_time_code", "prefix_index")
    op.drop_column("company", "codes_stopped_until")

"""Whether approvers are reminded by SMS, in which hours, and how many a day.

Every column has a default, and nobody is sent anything until a company asks for it.

Revision ID: a1f0c0de0164
Revises: a1f0c0de0162
Create Date: 2026-11-28 00:03:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0164"
down_revision = "a1f0c0de0162"
branch_labels = None
depends_on = None

NUMBERS = {"approval_texts_from": "8", "approval_texts_until": "18", "approval_texts_a_day": "20"}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "company",
        sa.Column("approval_texts", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    for name, default in NUMBERS.items():
        op.add_column("company", sa.Column(name, sa.Integer(), server_default=default, nullable=False))


def downgrade() -> None:
    for name in reversed(NUMBERS):
        op.drop_column("company", name)
    op.drop_column("company", "approval_texts")

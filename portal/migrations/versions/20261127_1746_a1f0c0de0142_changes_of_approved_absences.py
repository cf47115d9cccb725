"""A request that takes the place of an approved absence, and what of its cost it reserves meanwhile; and whether
requests may use what is still to be earned by their days.

The version before approves such a request beside the absence that it replaces only where they do not overlap; it
judges requests by what was given already.

Revision ID: a1f0c0de0142
Revises: a1f0c0de0141
Create Date: 2026-11-27 17:46:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0142"
down_revision = "a1f0c0de0141"
branch_labels = None
depends_on = None

LINK = "replaces_id"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("absence", sa.Column(LINK, sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f(f"fk_absence_company_id_{LINK}"),
        "absence",
        "absence",
        ["company_id", LINK],
        ["company_id", "id"],
    )
    op.create_index(
        op.f(f"ix_absence_company_id_{LINK}"),
        "absence",
        ["company_id", LINK],
        unique=True,
        postgresql_where=sa.text(f"{LINK} IS NOT NULL AND status IN ('requested', 'approved')"),
    )
    op.add_column("absence_part", sa.Column("reserves", sa.Integer(), nullable=True))
    op.add_column(
        "absence_type",
        sa.Column("uses_future_accrual", sa.Boolean(), server_default="true", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("absence_type", "uses_future_accrual")
    op.drop_column("absence_part", "reserves")
    op.drop_index(op.f(f"ix_absence_company_id_{LINK}"), table_name="absence")
    op.drop_constraint(op.f(f"fk_absence_company_id_{LINK}"), "absence", type_="foreignkey")
    op.drop_column("absence", LINK)

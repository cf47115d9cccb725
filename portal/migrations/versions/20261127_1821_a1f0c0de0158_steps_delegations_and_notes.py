"""So many of a step must agree, delegations for a team or for short absences only, and a reason to every no.

All columns have a default that is how it was before.

Revision ID: a1f0c0de0158
Revises: a1f0c0de0157
Create Date: 2026-11-27 18:21:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0158"
down_revision = "a1f0c0de0157"
branch_labels = None
depends_on = None

TEAM = "fk_delegation_company_id_team_id"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("approval_step", sa.Column("at_least", sa.Integer(), nullable=True))
    op.add_column(
        "absence_type",
        sa.Column("rejection_needs_note", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("delegation", sa.Column("most_days", sa.Integer(), nullable=True))
    op.add_column("delegation", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f(TEAM), "delegation", "team", ["company_id", "team_id"], ["company_id", "id"])


def downgrade() -> None:
    op.drop_constraint(op.f(TEAM), "delegation", type_="foreignkey")
    for table, column in (
        ("delegation", "team_id"),
        ("delegation", "most_days"),
        ("absence_type", "rejection_needs_note"),
        ("approval_step", "at_least"),
    ):
        op.drop_column(table, column)

"""Working time of several weeks that take turns, beside the week that every employment has.

The version before reads the first week for every week, and leaves what is in these columns as it is.

Revision ID: a1f0c0de0151
Revises: a1f0c0de0146
Create Date: 2026-11-27 18:05:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0151"
down_revision = "a1f0c0de0146"
branch_labels = None
depends_on = None

RULES = {
    "further_weeks_whole": "cardinality(further_weeks) % 7 = 0 AND cardinality(further_weeks) <= 49",
    "cycle_begins_with_further_weeks": "(cardinality(further_weeks) > 0) = (cycle_begins IS NOT NULL)",
    "cycle_begins_on_monday": "extract(isodow FROM cycle_begins) = 1",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "employment",
        sa.Column("further_weeks", postgresql.ARRAY(sa.Integer()), server_default="{}", nullable=False),
    )
    op.add_column("employment", sa.Column("cycle_begins", sa.Date(), nullable=True))
    for name, rule in RULES.items():
        op.create_check_constraint(op.f(f"ck_employment_{name}"), "employment", rule)


def downgrade() -> None:
    for name in reversed(RULES):
        op.drop_constraint(op.f(f"ck_employment_{name}"), "employment")
    op.drop_column("employment", "cycle_begins")
    op.drop_column("employment", "further_weeks")

"""Overtime that rosters planned beyond the contract: whose month, what it is the difference of, and which type takes it.

Such hours are of a month, so that more than a day holds may be in one row. The version before, running beside this one,
proposes none, and shows those that are there as hours of the last day of their month.

Revision ID: a1f0c0de0180
Revises: a1f0c0de0173
Create Date: 2026-11-28 04:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0180"
down_revision = "a1f0c0de0173"
branch_labels = None
depends_on = None

TABLE = "overtime_credit"
SUM = ("planned_minutes", "contract_minutes", "holiday_minutes")
CHECKS = {
    "within_a_day_or_month": "worked_minutes BETWEEN 1 AND CASE WHEN roster_month IS NULL THEN 1440 ELSE 44640 END",
    "of_roster_with_its_sum": f"num_nonnulls(roster_month, {', '.join(SUM)}) IN (0, 4)",
}
ONE_OPEN = f"ix_{TABLE}_company_id_employee_id_roster_month"
ONE_TYPE = "ix_absence_type_company_id_overtime_of_roster"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(TABLE, sa.Column("roster_month", sa.Date(), nullable=True))
    for column in SUM:
        op.add_column(TABLE, sa.Column(column, sa.Integer(), nullable=True))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, rule)
    # The wider one says as much of all rows that the version before writes.
    op.drop_constraint(op.f(f"ck_{TABLE}_within_a_day"), TABLE, type_="check")
    op.create_index(
        op.f(ONE_OPEN),
        TABLE,
        ["company_id", "employee_id", "roster_month"],
        unique=True,
        postgresql_where=sa.text("status = 'proposed' AND roster_month IS NOT NULL"),
    )
    op.add_column(
        "absence_type",
        sa.Column("overtime_of_roster", sa.Boolean(), server_default="false", nullable=False),
    )
    op.create_index(
        op.f(ONE_TYPE),
        "absence_type",
        ["company_id", "overtime_of_roster"],
        unique=True,
        postgresql_where=sa.text("overtime_of_roster"),
    )


def downgrade() -> None:
    op.drop_index(op.f(ONE_TYPE), table_name="absence_type")
    op.drop_column("absence_type", "overtime_of_roster")
    op.drop_index(op.f(ONE_OPEN), table_name=TABLE)
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, type_="check")
    # Rows of a month stay as they are: the rule holds for what is written from now on.
    op.execute(
        f"ALTER TABLE {TABLE} ADD CONSTRAINT ck_{TABLE}_within_a_day"
        " CHECK (worked_minutes BETWEEN 1 AND 1440) NOT VALID"
    )
    for column in (*SUM, "roster_month"):
        op.drop_column(TABLE, column)

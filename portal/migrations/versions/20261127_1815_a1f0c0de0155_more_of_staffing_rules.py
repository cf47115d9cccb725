"""Rules of staffing: people and types by name, a part of every year, hours of the day, and who may approve past it.

The rules that stand keep what they say: all day, all year, past a block whoever holds the right to.

Revision ID: a1f0c0de0155
Revises: a1f0c0de0154
Create Date: 2026-11-27 18:15:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0155"
down_revision = "a1f0c0de0154"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("staffing_rule", sa.Column("season_from", sa.SmallInteger(), nullable=True))
    op.add_column("staffing_rule", sa.Column("season_through", sa.SmallInteger(), nullable=True))
    op.add_column("staffing_rule", sa.Column("starts_minute", sa.Integer(), nullable=True))
    op.add_column("staffing_rule", sa.Column("ends_minute", sa.Integer(), nullable=True))
    op.add_column(
        "staffing_rule", sa.Column("override", sa.String(length=40), server_default="right", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_staffing_rule_hours_within_day"),
        "staffing_rule",
        "starts_minute IS NULL AND ends_minute IS NULL"
        " OR starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440",
    )
    op.create_table(
        "staffing_rule_part",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=True),
        sa.Column("absence_type_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(employee_id, absence_type_id) = 1", name=op.f("ck_staffing_rule_part_names_one")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{target}.company_id", f"{target}.id"],
                name=op.f(f"fk_staffing_rule_part_company_id_{column}"),
            )
            for column, target in (
                ("rule_id", "staffing_rule"),
                ("employee_id", "employee"),
                ("absence_type_id", "absence_type"),
            )
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_staffing_rule_part_company_id")
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_staffing_rule_part")),
        sa.UniqueConstraint(
            *("company_id", "rule_id", "part", "employee_id", "absence_type_id"),
            name="uq_staffing_rule_part_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.execute("ALTER TABLE staffing_rule_part ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE staffing_rule_part FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY company ON staffing_rule_part"
        f" USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON staffing_rule_part TO staffroom_app")
    # As the rules themselves: requests and approvals ask them.
    op.execute("GRANT SELECT ON staffing_rule_part TO staffroom_support")
    op.execute(
        "CREATE POLICY support ON staffing_rule_part AS RESTRICTIVE TO staffroom_support"
        " USING (company_id = (SELECT public.support_company(false)))"
        " WITH CHECK (company_id = (SELECT public.support_company(true)))"
    )


def downgrade() -> None:
    op.drop_table("staffing_rule_part")
    op.drop_constraint(op.f("ck_staffing_rule_hours_within_day"), "staffing_rule")
    for column in ("override", "ends_minute", "starts_minute", "season_through", "season_from"):
        op.drop_column("staffing_rule", column)

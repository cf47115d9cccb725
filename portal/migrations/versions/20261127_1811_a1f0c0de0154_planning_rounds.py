"""Planning rounds, and what each decides about a wish.

Revision ID: a1f0c0de0154
Revises: a1f0c0de0153
Create Date: 2026-11-27 18:11:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0154"
down_revision = "a1f0c0de0153"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
ROUND, CHOICE = "planning_round", "planning_choice"
TARGETS = {
    ROUND: {
        "team_id": "team",
        "site_id": "site",
        "author_id": "employee",
        "published_by_id": "employee",
        "undone_by_id": "employee",
    },
    CHOICE: {
        "round_id": ROUND,
        "planned_absence_id": "planned_absence",
        "employee_id": "employee",
    },
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        ROUND,
        *_keys(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("tie_break", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("reminded_at", moment, nullable=True),
        sa.Column("published_at", moment, nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("undone_at", moment, nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("end_date >= start_date", name=op.f(f"ck_{ROUND}_dates_in_order")),
        *_constraints(ROUND),
    )
    op.create_table(
        CHOICE,
        *_keys(),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("planned_absence_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("contested", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("rule_name", sa.Text(), nullable=True),
        sa.Column("rule_date", sa.Date(), nullable=True),
        sa.Column("created_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.UniqueConstraint(
            "company_id",
            "round_id",
            "planned_absence_id",
            name=op.f(f"uq_{CHOICE}_company_id_round_id_planned_absence_id"),
        ),
        *_constraints(CHOICE),
    )
    op.create_index(
        op.f(f"ix_{ROUND}_company_id_deadline"),
        ROUND,
        ["company_id", "deadline"],
        postgresql_where=sa.text("status = 'open'"),
    )
    for column in ("employee_id", "planned_absence_id"):
        op.create_index(op.f(f"ix_{CHOICE}_company_id_{column}"), CHOICE, ["company_id", column])
    for table in (ROUND, CHOICE):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")


def _keys() -> list[sa.Column]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in ("company_id", "id")]


def _constraints(table: str) -> list[sa.Constraint]:
    return [
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{target}.company_id", f"{target}.id"],
                name=op.f(f"fk_{table}_company_id_{column}"),
            )
            for column, target in TARGETS[table].items()
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{table}")),
    ]


def downgrade() -> None:
    op.drop_table(CHOICE)
    op.drop_table(ROUND)

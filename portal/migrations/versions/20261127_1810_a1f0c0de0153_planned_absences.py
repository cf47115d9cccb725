"""Days that people mean to be away, before they ask for them.

Revision ID: a1f0c0de0153
Revises: a1f0c0de0152
Create Date: 2026-11-27 18:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0153"
down_revision = "a1f0c0de0152"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLE = "planned_absence"
TARGETS = {"employee_id": "employee", "absence_type_id": "absence_type", "absence_id": "absence"}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        TABLE,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("company_id", "id")),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("absence_type_id", sa.Uuid(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("first_part", sa.String(length=40), nullable=False),
        sa.Column("last_part", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("planned_at", moment, nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("absence_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("end_date >= start_date", name=op.f(f"ck_{TABLE}_dates_in_order")),
        sa.CheckConstraint("weight BETWEEN 1 AND 3", name=op.f(f"ck_{TABLE}_weight_known")),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{target}.company_id", f"{target}.id"],
                name=op.f(f"fk_{TABLE}_company_id_{column}"),
            )
            for column, target in TARGETS.items()
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{TABLE}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(
        op.f(f"ix_{TABLE}_company_id_employee_id_start_date"),
        TABLE,
        ["company_id", "employee_id", "start_date"],
    )
    op.create_index(
        op.f(f"ix_{TABLE}_company_id_end_date"),
        TABLE,
        ["company_id", "end_date"],
        postgresql_where=sa.text("status = 'planned'"),
    )
    op.create_index(
        op.f(f"ix_{TABLE}_company_id_absence_id"),
        TABLE,
        ["company_id", "absence_id"],
        postgresql_where=sa.text("absence_id IS NOT NULL"),
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON {TABLE} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO staffroom_app")
    op.execute(f"GRANT SELECT ON {TABLE} TO staffroom_support")
    op.execute(
        f"CREATE POLICY support ON {TABLE} AS RESTRICTIVE TO staffroom_support"
        " USING (company_id = (SELECT public.support_company(false)))"
        " WITH CHECK (company_id = (SELECT public.support_company(true)))"
    )


def downgrade() -> None:
    op.drop_table(TABLE)

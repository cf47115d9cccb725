"""Overtime that becomes time off: hours proposed and booked, the types that take them in, and the rows they give.

The operator's staff are not let in: no policy opens the table of hours to them. The version before gives nothing for
overtime and shows the rows that are there as transfers.

Revision ID: a1f0c0de0141
Revises: a1f0c0de0138
Create Date: 2026-11-27 17:45:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0141"
down_revision = "a1f0c0de0138"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLE = "overtime_credit"
LINK = "overtime_credit_id"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("company_id", "id")),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("absence_type_id", sa.Uuid(), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("worked_minutes", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("worked_minutes BETWEEN 1 AND 1440", name=op.f(f"ck_{TABLE}_within_a_day")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{TABLE}_company_id")),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{other}.company_id", f"{other}.id"],
                name=op.f(f"fk_{TABLE}_company_id_{column}"),
            )
            for column, other in (
                ("employee_id", "employee"),
                ("absence_type_id", "absence_type"),
                ("proposed_by_id", "employee"),
                ("decided_by_id", "employee"),
            )
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(
        op.f(f"ix_{TABLE}_company_id_employee_id_worked_on"),
        TABLE,
        ["company_id", "employee_id", "worked_on"],
    )
    op.create_index(
        op.f(f"ix_{TABLE}_company_id_proposed_at"),
        TABLE,
        ["company_id", "proposed_at"],
        postgresql_where=sa.text("status = 'proposed'"),
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON {TABLE} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO staffroom_app")
    for column in ("overtime_months", "overtime_cap"):
        op.add_column("absence_type", sa.Column(column, sa.Integer(), nullable=True))
    op.add_column("ledger_entry", sa.Column(LINK, sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f(f"fk_ledger_entry_company_id_{LINK}"),
        "ledger_entry",
        TABLE,
        ["company_id", LINK],
        ["company_id", "id"],
    )
    op.create_index(
        op.f(f"ix_ledger_entry_company_id_{LINK}"),
        "ledger_entry",
        ["company_id", LINK],
        postgresql_where=sa.text(f"{LINK} IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(op.f(f"ix_ledger_entry_company_id_{LINK}"), table_name="ledger_entry")
    op.drop_constraint(op.f(f"fk_ledger_entry_company_id_{LINK}"), "ledger_entry", type_="foreignkey")
    op.drop_column("ledger_entry", LINK)
    for column in ("overtime_cap", "overtime_months"):
        op.drop_column("absence_type", column)
    op.drop_table(TABLE)

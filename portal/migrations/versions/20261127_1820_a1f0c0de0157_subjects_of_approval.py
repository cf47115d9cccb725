"""Steps of approval can be about overtime too, and nobody's silence keeps a wish to cancel or hours waiting for ever.

The version before writes steps of absences only and goes on doing so: its rows meet the new condition.

Revision ID: a1f0c0de0157
Revises: a1f0c0de0155
Create Date: 2026-11-27 18:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0157"
down_revision = "a1f0c0de0155"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
RULES = "request_approval_rule"
MOMENT = sa.DateTime(timezone=True)
LINK = "overtime_credit_id"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        RULES,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("company_id", "id")),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("absence_type_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{other}.company_id", f"{other}.id"],
                name=op.f(f"fk_{RULES}_company_id_{column}"),
            )
            for column, other in (("absence_type_id", "absence_type"), ("author_id", "employee"))
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{RULES}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{RULES}")),
        sa.UniqueConstraint(
            "company_id",
            "subject",
            "absence_type_id",
            "valid_from",
            name=op.f(f"uq_{RULES}_company_id_subject_absence_type_id_valid_from"),
        ),
    )
    op.execute(f"ALTER TABLE {RULES} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {RULES} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON {RULES} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {RULES} TO staffroom_app")
    op.add_column("approval_step", sa.Column(LINK, sa.Uuid(), nullable=True))
    _refer("approval_step", LINK, "overtime_credit")
    op.create_unique_constraint(
        op.f(f"uq_approval_step_company_id_{LINK}_position"),
        "approval_step",
        ["company_id", LINK, "position"],
    )
    op.alter_column("approval_step", "absence_id", nullable=True)
    op.create_check_constraint(
        op.f("ck_approval_step_of_one_request"), "approval_step", f"num_nonnulls(absence_id, {LINK}) = 1"
    )
    op.add_column("overtime_credit", sa.Column("decided_for_id", sa.Uuid(), nullable=True))
    _refer("overtime_credit", "decided_for_id", "employee")
    op.add_column("overtime_credit", sa.Column("escalated_at", MOMENT, nullable=True))
    op.add_column("absence", sa.Column("cancel_escalated_at", MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("absence", "cancel_escalated_at")
    op.drop_column("overtime_credit", "escalated_at")
    op.drop_constraint(
        op.f("fk_overtime_credit_company_id_decided_for_id"), "overtime_credit", type_="foreignkey"
    )
    op.drop_column("overtime_credit", "decided_for_id")
    for table in ("step_approver", "approval_step"):  # row security binds the owner too
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    of_overtime = f"SELECT id FROM approval_step WHERE {LINK} IS NOT NULL"  # noqa: S608
    op.execute(f"DELETE FROM step_approver WHERE step_id IN ({of_overtime})")  # noqa: S608
    op.execute(f"DELETE FROM approval_step WHERE {LINK} IS NOT NULL")  # noqa: S608
    for table in ("approval_step", "step_approver"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.drop_constraint(op.f("ck_approval_step_of_one_request"), "approval_step", type_="check")
    op.alter_column("approval_step", "absence_id", nullable=False)
    op.drop_constraint(op.f(f"uq_approval_step_company_id_{LINK}_position"), "approval_step", type_="unique")
    op.drop_constraint(op.f(f"fk_approval_step_company_id_{LINK}"), "approval_step", type_="foreignkey")
    op.drop_column("approval_step", LINK)
    op.drop_table(RULES)


def _refer(table: str, column: str, other: str) -> None:
    op.create_foreign_key(
        op.f(f"fk_{table}_company_id_{column}"),
        table,
        other,
        ["company_id", column],
        ["company_id", "id"],
    )

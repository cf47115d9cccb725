"""Who covers for an absence, and whether a type asks for it.

Revision ID: a1f0c0de0143
Revises: a1f0c0de0141
Create Date: 2026-11-27 17:50:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0143"
down_revision = "a1f0c0de0141"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLE = "absence_substitute"
TYPES = ("absence_type", "absence_type_version")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TYPES:
        op.add_column(
            table,
            sa.Column("substitutes", sa.String(40), server_default=sa.text("'optional'"), nullable=False),
        )
    op.add_column("absence", sa.Column("cover_note", sa.Text(), nullable=True))
    op.create_table(
        TABLE,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("company_id", "id")),
        sa.Column("absence_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("named_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(40), server_default=sa.text("'open'"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{TABLE}_company_id")),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{other}.company_id", f"{other}.id"],
                name=op.f(f"fk_{TABLE}_company_id_{column}"),
            )
            for column, other in (
                ("absence_id", "absence"),
                ("employee_id", "employee"),
                ("named_by_id", "employee"),
            )
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "company_id",
            "absence_id",
            "employee_id",
            name=op.f(f"uq_{TABLE}_company_id_absence_id_employee_id"),
        ),
    )
    op.create_index(op.f(f"ix_{TABLE}_company_id_employee_id"), TABLE, ["company_id", "employee_id"])
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
    op.drop_column("absence", "cover_note")
    for table in TYPES:
        op.drop_column(table, "substitutes")

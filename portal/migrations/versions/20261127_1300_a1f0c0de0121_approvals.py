"""Delegations: somebody decides in the place of somebody else for a time; the built-in HR may set that up for others.

Row security binds the owner too, so it is lifted from two tables for that statement, as before.

Revision ID: a1f0c0de0121
Revises: a1f0c0de0115
Create Date: 2026-11-27 13:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0121"
down_revision = "a1f0c0de0115"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
RIGHT = "delegation:manage"
DECIDED_FOR = "fk_absence_company_id_decided_for_id"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("absence", sa.Column("decided_for_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f(DECIDED_FOR),
        "absence",
        "employee",
        ["company_id", "decided_for_id"],
        ["company_id", "id"],
    )
    op.create_table(
        "delegation",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("absence_type_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("end_date >= start_date", name=op.f("ck_delegation_dates_in_order")),
        sa.CheckConstraint("deputy_id <> employee_id", name=op.f("ck_delegation_somebody_else")),
        *[
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{table}.company_id", f"{table}.id"],
                name=op.f(f"fk_delegation_company_id_{column}"),
            )
            for column, table in (
                ("employee_id", "employee"),
                ("deputy_id", "employee"),
                ("absence_type_id", "absence_type"),
                ("author_id", "employee"),
            )
        ],
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_delegation_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_delegation")),
    )
    for column in ("end_date", "employee_id", "deputy_id"):
        op.create_index(op.f(f"ix_delegation_company_id_{column}"), "delegation", ["company_id", column])
    op.execute("ALTER TABLE delegation ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE delegation FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON delegation USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON delegation TO staffroom_app")
    _for_every_company(
        "INSERT INTO role_permission (company_id, id, role_id, permission, reach)"  # noqa: S608
        f" SELECT company_id, gen_random_uuid(), id, '{RIGHT}', 'company' FROM role WHERE key = 'hr'"
    )


def downgrade() -> None:
    _for_every_company(f"DELETE FROM role_permission WHERE permission = '{RIGHT}'")  # noqa: S608
    op.drop_table("delegation")
    op.drop_constraint(op.f(DECIDED_FOR), "absence", type_="foreignkey")
    op.drop_column("absence", "decided_for_id")


def _for_every_company(statement: str) -> None:
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

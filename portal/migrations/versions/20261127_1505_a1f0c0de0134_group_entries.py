"""Absences entered for many people in one operation: by HR, and for closures of a company or a site.

Revision ID: a1f0c0de0134
Revises: a1f0c0de0133
Create Date: 2026-11-27 15:05:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0134"
down_revision = "a1f0c0de0133"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TARGETS = {
    "absence_type_id": "absence_type",
    "site_id": "site",
    "author_id": "employee",
    "undone_by_id": "employee",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "group_entry",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("absence_type_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("first_part", sa.String(length=40), nullable=False),
        sa.Column("last_part", sa.String(length=40), nullable=False),
        sa.Column("people", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("end_date >= start_date", name=op.f("ck_group_entry_dates_in_order")),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{target}.company_id", f"{target}.id"],
                name=op.f(f"fk_group_entry_company_id_{column}"),
            )
            for column, target in TARGETS.items()
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_group_entry_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_group_entry")),
    )
    op.create_index(
        op.f("ix_group_entry_company_id_kind_end_date"), "group_entry", ["company_id", "kind", "end_date"]
    )
    op.execute("ALTER TABLE group_entry ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE group_entry FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON group_entry USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON group_entry TO staffroom_app")
    op.add_column("absence", sa.Column("group_entry_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_absence_company_id_group_entry_id"),
        "absence",
        "group_entry",
        ["company_id", "group_entry_id"],
        ["company_id", "id"],
    )
    op.create_index(op.f("ix_absence_company_id_group_entry_id"), "absence", ["company_id", "group_entry_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_absence_company_id_group_entry_id"), "absence")
    op.drop_constraint(op.f("fk_absence_company_id_group_entry_id"), "absence", type_="foreignkey")
    op.drop_column("absence", "group_entry_id")
    op.drop_table("group_entry")

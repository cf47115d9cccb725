"""Holidays between two times, and calendars and free days of single people.

Support staff may read when somebody is free, as calendars and rosters do, and not what the day is called or why.

Revision ID: a1f0c0de0162
Revises: a1f0c0de0161
Create Date: 2026-11-28 00:01:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0162"
down_revision = "a1f0c0de0161"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
READ_BY_SUPPORT = {
    "person_calendar": "company_id, id, employee_id, valid_from, country, subdivision, site_id",
    "person_holiday": "company_id, id, employee_id, date, part, starts_minute, ends_minute, source",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("site_holiday", sa.Column("starts_minute", sa.Integer(), nullable=True))
    op.add_column("site_holiday", sa.Column("ends_minute", sa.Integer(), nullable=True))
    op.create_table(
        "person_calendar",
        *_key(),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("subdivision", sa.Text(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        *_rest("person_calendar", {"site_id": "site"}, "valid_from"),
    )
    op.create_table(
        "person_holiday",
        *_key(),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=True),
        sa.Column("ends_minute", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        *_rest("person_holiday", {}, "date", "part"),
    )
    for table, columns in READ_BY_SUPPORT.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO staffroom_support")
        op.execute(
            f"CREATE POLICY support ON {table} AS RESTRICTIVE TO staffroom_support"
            " USING (company_id = (SELECT public.support_company(false)))"
            " WITH CHECK (company_id = (SELECT public.support_company(true)))"
        )


def downgrade() -> None:
    for table in reversed(READ_BY_SUPPORT):
        op.drop_table(table)
    for column in ("ends_minute", "starts_minute"):
        op.drop_column("site_holiday", column)


def _key() -> list[sa.Column]:
    return [
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
    ]


def _rest(table: str, references: dict[str, str], *unique: str) -> list:
    own = ("employee_id", *unique)
    return [
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{target}.company_id", f"{target}.id"],
                name=op.f(f"fk_{table}_company_id_{column}"),
            )
            for column, target in {"employee_id": "employee", "author_id": "employee", **references}.items()
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("company_id", *own, name=op.f(f"uq_{table}_company_id_{'_'.join(own)}")),
    ]

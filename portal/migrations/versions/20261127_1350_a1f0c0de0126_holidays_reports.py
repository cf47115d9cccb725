"""A company's own holidays and its regions by date; the built-in HR gets the right to manage them.

Row security binds the owner too, so it is lifted from two tables for that statement, as before.

Revision ID: a1f0c0de0126
Revises: a1f0c0de0125
Create Date: 2026-11-27 13:50:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0126"
down_revision = "a1f0c0de0125"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
RIGHT = "holiday:manage"
TABLES = ("site_holiday", "site_region")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "site_holiday",
        *_key(),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_cs", sa.Text(), nullable=True),
        sa.Column("name_de", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        *_rest("site_holiday", "site_id", "date", "part"),
    )
    op.create_table(
        "site_region",
        *_key(),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("subdivision", sa.Text(), nullable=True),
        *_rest("site_region", "site_id", "valid_from"),
    )
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")
        # Calendars and rosters read them, and so does whoever of the operator's staff is let in to those.
        op.execute(f"GRANT SELECT ON {table} TO staffroom_support")
        op.execute(
            f"CREATE POLICY support ON {table} AS RESTRICTIVE TO staffroom_support"
            " USING (company_id = (SELECT public.support_company(false)))"
            " WITH CHECK (company_id = (SELECT public.support_company(true)))"
        )
    _for_every_company(
        "INSERT INTO role_permission (company_id, id, role_id, permission, reach)"  # noqa: S608
        f" SELECT company_id, gen_random_uuid(), id, '{RIGHT}', 'company' FROM role WHERE key = 'hr'"
    )


def downgrade() -> None:
    _for_every_company(f"DELETE FROM role_permission WHERE permission = '{RIGHT}'")  # noqa: S608
    for table in reversed(TABLES):
        op.drop_table(table)


def _key() -> list[sa.Column]:
    return [
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _rest(table: str, *unique: str) -> list:
    return [
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{target}.company_id", f"{target}.id"],
                name=op.f(f"fk_{table}_company_id_{column}"),
            )
            for column, target in {"site_id": "site", "author_id": "employee"}.items()
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "company_id",
            *unique,
            name=op.f(f"uq_{table}_company_id_{'_'.join(unique)}"),
            postgresql_nulls_not_distinct=True,
        ),
    ]


def _for_every_company(statement: str) -> None:
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

"""Which pack of law a company has chosen for a site. The version before compares with the pack of the country.

Revision ID: a1f0c0de0136
Revises: a1f0c0de0135
Create Date: 2026-11-27 15:15:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0136"
down_revision = "a1f0c0de0135"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLE = "law_pack_choice"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *[
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{table}.company_id", f"{table}.id"],
                name=op.f(f"fk_{TABLE}_company_id_{column}"),
            )
            for column, table in (("site_id", "site"), ("author_id", "employee"))
        ],
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{TABLE}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "company_id",
            "site_id",
            name=op.f(f"uq_{TABLE}_company_id_site_id"),
            postgresql_nulls_not_distinct=True,
        ),
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

"""Which companies were told of a processor: a row of each, written with the letters.

Until now a processor came onto the register once every company had been told, so of those that are there all companies
of that time were.

Revision ID: a1f0c0de0182
Revises: a1f0c0de0180
Create Date: 2026-11-28 08:01:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0182"
down_revision = "a1f0c0de0180"
branch_labels = None
depends_on = None

TABLE = "processor_notice"
BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("processor", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        TABLE,
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("processor_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{TABLE}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("company_id", "processor_id", name=op.f(f"uq_{TABLE}_company_id_processor_id")),
    )
    op.execute("UPDATE processor SET told_at = announced_at")
    op.execute(
        f"INSERT INTO {TABLE} (company_id, id, processor_id, told_at, begins_on)"  # noqa: S608
        " SELECT company.id, gen_random_uuid(), processor.id, processor.announced_at, processor.since"
        " FROM company JOIN processor ON company.created_at <= processor.created_at"
        " WHERE company.erasing_since IS NULL"
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON {TABLE} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute(
        f"CREATE POLICY of_the_operator ON {TABLE} FOR SELECT TO staffroom_support USING ({BOUND} IS NULL)"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO staffroom_app")
    op.execute(f"GRANT SELECT ON {TABLE} TO staffroom_support")
    # The worker writes it once the last company has heard; the operator's staff do not.
    op.execute("GRANT UPDATE (told_at) ON processor TO staffroom_app")


def downgrade() -> None:
    op.execute("REVOKE UPDATE (told_at) ON processor FROM staffroom_app")
    op.drop_table(TABLE)
    op.drop_column("processor", "told_at")

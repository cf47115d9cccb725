"""Calendar feeds: addresses that people's calendar programs fetch, and what such calendars must know of shifts.

Revision ID: a1f0c0de0019
Revises: a1f0c0de0017
Create Date: 2026-11-27 10:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0019"
down_revision = "a1f0c0de0017"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLES = ["feed", "withdrawn_shift"]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "published_shift", sa.Column("shared_version", sa.Integer(), server_default="1", nullable=False)
    )
    _create_feed()
    _create_withdrawn_shift()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("published_shift", "shared_version")


def _create_feed() -> None:
    op.create_table(
        "feed",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("absences", sa.Boolean(), nullable=False),
        sa.Column("shifts", sa.Boolean(), nullable=False),
        sa.Column("holidays", sa.Boolean(), nullable=False),
        sa.Column("busy_only", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_ip", sa.Text(), nullable=True),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_fetches", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(scope = 'team') = (team_id IS NOT NULL)", name=op.f("ck_feed_team_of_a_team")),
        *_references("feed", employee_id="employee", team_id="team"),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_feed")),
        sa.UniqueConstraint("company_id", "token_hash", name=op.f("uq_feed_company_id_token_hash")),
    )
    op.create_index(op.f("ix_feed_company_id_employee_id"), "feed", ["company_id", "employee_id"])


def _create_withdrawn_shift() -> None:
    op.create_table(
        "withdrawn_shift",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("shift_template_id", sa.Uuid(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("shared_version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        *_references(
            "withdrawn_shift", employee_id="employee", roster_id="roster", shift_template_id="shift_template"
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_withdrawn_shift")),
    )
    for columns in (["company_id", "employee_id", "date"], ["company_id", "roster_id", "shift_id"]):
        op.create_index(op.f(f"ix_withdrawn_shift_{'_'.join(columns)}"), "withdrawn_shift", columns)


def _references(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            ["company_id", column],
            [f"{target}.company_id", f"{target}.id"],
            name=op.f(f"fk_{table}_company_id_{column}"),
        )
        for column, target in targets.items()
    ] + [sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id"))]

"""SAML: assertions that were used, and warnings about certificates that were sent.

Revision ID: a1f0c0de0009
Revises: a1f0c0de0005
Create Date: 2026-11-27 04:50:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0009"
down_revision = "a1f0c0de0005"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLES = ["used_assertion", "certificate_warning"]


def upgrade() -> None:
    _used_assertions()
    _certificate_warnings()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")


def _used_assertions() -> None:
    op.create_table(
        "used_assertion",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("assertion_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        *_of_a_provider("used_assertion"),
        sa.UniqueConstraint(
            "company_id",
            "provider_id",
            "assertion_hash",
            name=op.f("uq_used_assertion_company_id_provider_id_assertion_hash"),
        ),
    )
    op.create_index(
        op.f("ix_used_assertion_company_id_expires_at"), "used_assertion", ["company_id", "expires_at"]
    )


def _certificate_warnings() -> None:
    op.create_table(
        "certificate_warning",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("thumbprint", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        *_of_a_provider("certificate_warning"),
        sa.UniqueConstraint(
            "company_id",
            "provider_id",
            "thumbprint",
            "days",
            name=op.f("uq_certificate_warning_company_id_provider_id_thumbprint_days"),
        ),
    )


def _of_a_provider(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id")),
        sa.ForeignKeyConstraint(
            ["company_id", "provider_id"],
            ["identity_provider.company_id", "identity_provider.id"],
            name=op.f(f"fk_{table}_company_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{table}")),
    ]


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)

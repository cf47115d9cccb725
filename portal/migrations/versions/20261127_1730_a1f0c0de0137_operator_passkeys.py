"""Passkeys of the operator's staff, and what they are asked to sign. The version before goes on by the app alone.

Revision ID: a1f0c0de0137
Revises: a1f0c0de0136
Create Date: 2026-11-27 17:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0137"
down_revision = "a1f0c0de0136"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "operator_passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("transports", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["operator_staff.id"], name=op.f("fk_operator_passkey_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_operator_passkey_credential_id")),
    )
    op.create_index(op.f("ix_operator_passkey_staff_id"), "operator_passkey", ["staff_id"])
    op.create_table(
        "operator_challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["operator_staff.id"], name=op.f("fk_operator_challenge_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_challenge")),
    )
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON operator_passkey, operator_challenge TO staffroom_support"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("operator_challenge")
    op.drop_table("operator_passkey")

"""Authenticator apps, passkeys, recovery codes; whom a company asks for a second factor; the age of a proof.

A switch becomes a policy: on is everyone, off stays off. The column is converted in place, because row security
binds the owner too and an UPDATE without a company would change nothing.

Revision ID: a1f0c0de0006
Revises: a1f0c0de0007
Create Date: 2026-11-27 04:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0006"
down_revision = "a1f0c0de0007"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLES = ["authenticator", "passkey", "passkey_challenge", "recovery_code"]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE company ALTER COLUMN second_factor DROP DEFAULT")
    op.execute(
        "ALTER TABLE company ALTER COLUMN second_factor TYPE varchar(40)"
        " USING CASE WHEN second_factor THEN 'everyone' ELSE 'off' END"
    )
    op.execute("ALTER TABLE company ALTER COLUMN second_factor SET DEFAULT 'off'")
    op.alter_column("company", "second_factor", new_column_name="second_factor_policy")
    op.add_column("role", sa.Column("second_factor", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("sign_in_session", sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True))
    _create_tables()
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
    op.drop_column("sign_in_session", "proven_at")
    op.drop_column("role", "second_factor")
    op.alter_column("company", "second_factor_policy", new_column_name="second_factor")
    op.execute("ALTER TABLE company ALTER COLUMN second_factor DROP DEFAULT")
    op.execute("ALTER TABLE company ALTER COLUMN second_factor TYPE boolean USING second_factor <> 'off'")
    op.execute("ALTER TABLE company ALTER COLUMN second_factor SET DEFAULT false")


def _create_tables() -> None:
    op.create_table(
        "authenticator",
        *_keys(),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("consecutive_failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        _created_at(),
        *_constraints("authenticator", "employee", "session"),
    )
    op.create_index(
        "uq_authenticator_confirmed",
        "authenticator",
        ["company_id", "employee_id"],
        unique=True,
        postgresql_where=sa.text("confirmed_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_authenticator_company_id_session_id"), "authenticator", ["company_id", "session_id"]
    )
    op.create_table(
        "recovery_code",
        *_keys(),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("code_hmac", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        _created_at(),
        *_constraints("recovery_code", "employee"),
        sa.UniqueConstraint(
            "company_id",
            "employee_id",
            "code_hmac",
            name=op.f("uq_recovery_code_company_id_employee_id_code_hmac"),
        ),
    )
    op.create_table(
        "passkey",
        *_keys(),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("transports", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        _created_at(),
        *_constraints("passkey", "employee"),
        sa.UniqueConstraint("company_id", "credential_id", name=op.f("uq_passkey_company_id_credential_id")),
    )
    op.create_index(op.f("ix_passkey_company_id_employee_id"), "passkey", ["company_id", "employee_id"])
    op.create_table(
        "passkey_challenge",
        *_keys(),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _created_at(),
        *_constraints("passkey_challenge", "employee", "session"),
    )
    op.create_index(
        op.f("ix_passkey_challenge_company_id_session_id"), "passkey_challenge", ["company_id", "session_id"]
    )


def _keys() -> list[sa.Column]:
    return [
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _created_at() -> sa.Column:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _constraints(table: str, *referred: str) -> list[sa.Constraint]:
    targets = {"employee": "employee", "session": "sign_in_session"}
    return [
        *(
            sa.ForeignKeyConstraint(
                ["company_id", f"{one}_id"],
                [f"{targets[one]}.company_id", f"{targets[one]}.id"],
                name=op.f(f"fk_{table}_company_id_{one}_id"),
            )
            for one in referred
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{table}")),
    ]

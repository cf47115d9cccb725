"""Types of absence that count hours, ask for proof, may be overdrawn; what can be asked for beyond a range of days.

Revision ID: a1f0c0de0125
Revises: a1f0c0de0124
Create Date: 2026-11-27 13:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0125"
down_revision = "a1f0c0de0124"
branch_labels = None
depends_on = None

RIGHT = "absence:enter"
TYPES = ("absence_type", "absence_type_version")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("absence_type", _choice("counting", "'days'"))
    op.add_column(
        "absence_type_version", sa.Column("overdraft", sa.Integer(), server_default="0", nullable=False)
    )
    for table in TYPES:
        op.add_column(table, _choice("unit", "'half'"))
        op.add_column(table, sa.Column("proof_from_days", sa.Integer(), nullable=True))
        op.add_column(
            table, sa.Column("counts_as_worked", sa.Boolean(), server_default="true", nullable=False)
        )
        _for_every_company(table, f"UPDATE {table} SET unit = 'day' WHERE NOT half_days")  # noqa: S608
    # `half_days` stays for the version before, which may be running beside this one; the next one lets it go.
    op.alter_column("absence_type_version", "half_days", server_default="true")
    op.add_column("absence", sa.Column("single_days", sa.Boolean(), server_default="false", nullable=False))
    _for_roles(
        "INSERT INTO role_permission (company_id, id, role_id, permission, reach)"  # noqa: S608
        f" SELECT company_id, gen_random_uuid(), id, '{RIGHT}', 'company' FROM role WHERE key = 'hr'"
    )


def downgrade() -> None:
    _for_roles(f"DELETE FROM role_permission WHERE permission = '{RIGHT}'")  # noqa: S608
    op.drop_column("absence", "single_days")
    for table in TYPES:
        _for_every_company(table, f"UPDATE {table} SET half_days = false WHERE unit = 'day'")  # noqa: S608
        for column in ("unit", "proof_from_days", "counts_as_worked"):
            op.drop_column(table, column)
    op.alter_column("absence_type_version", "half_days", server_default=None)
    op.drop_column("absence_type_version", "overdraft")
    op.drop_column("absence_type", "counting")


def _choice(name: str, default: str) -> sa.Column:
    return sa.Column(name, sa.String(length=40), server_default=sa.text(default), nullable=False)


def _for_roles(statement: str) -> None:
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _for_every_company(table: str, statement: str) -> None:
    """Row security binds the owner too, so it is lifted for that statement."""
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

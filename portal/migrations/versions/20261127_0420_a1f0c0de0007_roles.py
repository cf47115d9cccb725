"""Roles that companies make themselves: a version, names told apart without case, and looking as a role.

The built-in admin gets the right to manage roles. Row security binds the owner too, so it is lifted from two
tables for that statement; the locks that ALTER TABLE takes keep everybody else away until it is back.

Revision ID: a1f0c0de0007
Revises: a1f0c0de0010
Create Date: 2026-11-27 04:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0007"
down_revision = "a1f0c0de0010"
branch_labels = None
depends_on = None

RIGHT = "role:manage"
VIEWING = {"viewing_role_id": "role", "viewing_place_id": "employee"}


def upgrade() -> None:
    op.add_column("role", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_index(
        "uq_role_company_id_lower_name", "role", ["company_id", sa.text("lower(name)")], unique=True
    )
    for column, table in VIEWING.items():
        op.add_column("sign_in_session", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(
            f"fk_sign_in_session_company_id_{column}",
            "sign_in_session",
            table,
            ["company_id", column],
            ["company_id", "id"],
        )
    op.add_column("sign_in_session", sa.Column("viewing_until", sa.DateTime(timezone=True), nullable=True))
    _for_every_company(
        "INSERT INTO role_permission (company_id, id, role_id, permission, reach)"  # noqa: S608
        f" SELECT company_id, gen_random_uuid(), id, '{RIGHT}', 'company' FROM role WHERE key = 'admin'"
    )


def downgrade() -> None:
    _for_every_company(f"DELETE FROM role_permission WHERE permission = '{RIGHT}'")  # noqa: S608
    op.drop_column("sign_in_session", "viewing_until")
    for column in reversed(VIEWING):
        op.drop_constraint(f"fk_sign_in_session_company_id_{column}", "sign_in_session", type_="foreignkey")
        op.drop_column("sign_in_session", column)
    op.drop_index("uq_role_company_id_lower_name", "role")
    op.drop_column("role", "version")


def _for_every_company(statement: str) -> None:
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

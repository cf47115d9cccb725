"""The operator's staff see the rules of types of absence under a permission: the calendar and balances read them.

Revision ID: a1f0c0de0115
Revises: a1f0c0de0011
Create Date: 2026-11-27 11:40:00+00:00
"""

from alembic import op

revision = "a1f0c0de0115"
down_revision = "a1f0c0de0011"
branch_labels = None
depends_on = None

TABLE = "absence_type_version"


def upgrade() -> None:
    op.execute(f"GRANT SELECT ON {TABLE} TO staffroom_support")
    op.execute(
        f"CREATE POLICY support ON {TABLE} AS RESTRICTIVE TO staffroom_support"
        " USING (company_id = (SELECT public.support_company(false)))"
        " WITH CHECK (company_id = (SELECT public.support_company(true)))"
    )


def downgrade() -> None:
    op.execute(f"DROP POLICY support ON {TABLE}")
    op.execute(f"REVOKE ALL ON {TABLE} FROM staffroom_support")

"""The operator's staff see what entered absences for many: the calendar and absences name closures.

Revision ID: a1f0c0de0146
Revises: a1f0c0de0145
Create Date: 2026-11-27 18:00:00+00:00
"""

from alembic import op

revision = "a1f0c0de0146"
down_revision = "a1f0c0de0145"
branch_labels = None
depends_on = None

TABLE = "group_entry"


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

"""The support role reads no permission that is over, and rewrites no record of the operator.

It saw the past permissions of any company that it bound, and could have changed lines of the operator's own log and of
an incident's timeline, the moment an incident was noticed, and what companies were told of a processor and when. The
portal adds to these, and changes the listed columns alone, in the version before too.

Revision ID: a1f0c0de0173
Revises: a1f0c0de0171
Create Date: 2026-11-28 04:13:00+00:00
"""

from alembic import op

revision = "a1f0c0de0173"
down_revision = "a1f0c0de0171"
branch_labels = None
depends_on = None

LIVE = "granted_at IS NOT NULL AND ended_at IS NULL AND now() < until"
#: What may be changed of a line that is there.
CHANGES = {
    "incident": "severity, report, closed_at",
    "incident_entry": "",
    "operator_event": "",
    "processor": "ends_on",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        f"CREATE POLICY live_alone ON support_grant AS RESTRICTIVE FOR SELECT TO staffroom_support USING ({LIVE})"
    )
    for table, columns in CHANGES.items():
        op.execute(f"REVOKE UPDATE ON {table} FROM staffroom_support")
        if columns:
            op.execute(f"GRANT UPDATE ({columns}) ON {table} TO staffroom_support")


def downgrade() -> None:
    for table in CHANGES:
        op.execute(f"GRANT UPDATE ON {table} TO staffroom_support")
    op.execute("DROP POLICY live_alone ON support_grant")

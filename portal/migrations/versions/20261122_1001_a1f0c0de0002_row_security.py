"""The second lock of the company isolation, and what the app role may do with each table.

A policy compares with the company bound to the transaction; with none bound it is NULL and nothing is seen.
FORCE binds the owner too. The app role is granted by name; nothing is granted to anyone by default.

Revision ID: a1f0c0de0002
Revises: a1f0c0de0001
Create Date: 2026-11-22 10:01:00+00:00
"""

from alembic import op

revision = "a1f0c0de0002"
down_revision = "a1f0c0de0001"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"

#: Rows that may be added and read, never changed or taken back by the portal.
APPEND_ONLY = ["company_key", "confirmation", "document_version", "ledger_entry", "sign_in_attempt"]
CHANGING = [
    "absence",
    "absence_part",
    "absence_type",
    "distribution",
    "distribution_recipient",
    "document",
    "employee",
    "employment",
    "identity",
    "one_time_code",
    "outbox_message",
    "phone_factor",
    "published_shift",
    "role",
    "role_grant",
    "role_permission",
    "roster",
    "shift",
    "shift_template",
    "sign_in_link",
    "sign_in_session",
    "site",
    "team",
    "team_membership",
]
#: Readable before a company is bound; written only by the company itself. {table: its company's column}
OPEN_TO_READ = {"company": "id", "verified_domain": "company_id"}


def upgrade() -> None:
    for table in [*APPEND_ONLY, *CHANGING]:
        _secure(table)
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
    for table, column in OPEN_TO_READ.items():
        _secure(table)
        op.execute(f"CREATE POLICY everyone_reads ON {table} FOR SELECT USING (true)")
        op.execute(f"CREATE POLICY company_adds ON {table} FOR INSERT WITH CHECK ({column} = {BOUND})")
        op.execute(
            f"CREATE POLICY company_changes ON {table} FOR UPDATE USING ({column} = {BOUND})"
            f" WITH CHECK ({column} = {BOUND})"
        )
        op.execute(f"CREATE POLICY company_removes ON {table} FOR DELETE USING ({column} = {BOUND})")
    for table in APPEND_ONLY:
        op.execute(f"GRANT SELECT, INSERT ON {table} TO staffroom_app")
    for table in CHANGING:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")
    op.execute("GRANT SELECT, INSERT, UPDATE ON company TO staffroom_app")
    op.execute("GRANT SELECT, INSERT, DELETE ON verified_domain TO staffroom_app")


def downgrade() -> None:
    for table in [*APPEND_ONLY, *CHANGING]:
        op.execute(f"DROP POLICY company ON {table}")
        _open(table)
    for table in OPEN_TO_READ:
        for policy in ("everyone_reads", "company_adds", "company_changes", "company_removes"):
            op.execute(f"DROP POLICY {policy} ON {table}")
        _open(table)


def _secure(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _open(table: str) -> None:
    op.execute(f"REVOKE ALL ON {table} FROM staffroom_app")
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

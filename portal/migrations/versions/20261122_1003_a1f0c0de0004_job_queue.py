"""The job queue's own tables, as the pinned version of Procrastinate lays them out.

Its tables hold no company's data beyond ids: a job names a company and a row, and runs under row security.
A later version of Procrastinate brings its changes as a migration of its own.

Revision ID: a1f0c0de0004
Revises: a1f0c0de0003
Create Date: 2026-11-22 10:03:00+00:00
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "a1f0c0de0004"
down_revision = "a1f0c0de0003"
branch_labels = None
depends_on = None

GRANT_ROUTINES = """
DO $$
DECLARE routine text;
BEGIN
    FOR routine IN SELECT oid::regprocedure::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate%' LOOP
        EXECUTE 'GRANT EXECUTE ON FUNCTION ' || routine || ' TO staffroom_app';
    END LOOP;
END
$$
"""
DROP_ALL = """
DO $$
DECLARE statement text;
BEGIN
    FOR statement IN
        SELECT 'DROP TABLE ' || oid::regclass || ' CASCADE' FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname LIKE 'procrastinate%'
    LOOP EXECUTE statement; END LOOP;
    FOR statement IN
        SELECT 'DROP FUNCTION ' || oid::regprocedure || ' CASCADE' FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate%'
    LOOP EXECUTE statement; END LOOP;
    FOR statement IN
        SELECT 'DROP TYPE ' || oid::regtype || ' CASCADE' FROM pg_type
            WHERE typnamespace = 'public'::regnamespace AND typname LIKE 'procrastinate%'
    LOOP EXECUTE statement; END LOOP;
END
$$
"""


def upgrade() -> None:
    # Through the driver: the SQL holds colons and percent signs that SQLAlchemy would take for its own.
    op.get_bind().connection.driver_connection.execute(SchemaManager.get_schema())
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events,"
        " procrastinate_periodic_defers, procrastinate_workers TO staffroom_app"
    )
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO staffroom_app")
    op.execute(GRANT_ROUTINES)


def downgrade() -> None:
    op.execute(DROP_ALL)

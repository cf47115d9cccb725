"""The audit log: tables owned by a role nobody can sign in as, and the one function that appends to them.

Each event's hash covers the hash before it and a commitment to the salted payload, so that a payload can be
erased (with its salt) while the chain still shows any change, gap or reordering. The head row is locked per
company, which numbers the events without gaps.

Revision ID: a1f0c0de0003
Revises: a1f0c0de0002
Create Date: 2026-11-22 10:02:00+00:00
"""

from alembic import op

revision = "a1f0c0de0003"
down_revision = "a1f0c0de0002"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"

APPEND = """
CREATE FUNCTION audit.append(events jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    company uuid := nullif(current_setting('app.company_id', true), '')::uuid;
    last_seq integer;
    last_hash bytea;
    one jsonb;
    salt bytea;
    commitment bytea;
    moment timestamptz;
    moment_text text;
BEGIN
    IF company IS NULL THEN
        RAISE EXCEPTION 'an audit event needs a company';
    END IF;
    INSERT INTO audit.head (company_id, seq, hash) VALUES (company, 0, sha256(convert_to(company::text, 'UTF8')))
    ON CONFLICT DO NOTHING;
    SELECT seq, hash INTO last_seq, last_hash FROM audit.head WHERE company_id = company FOR UPDATE;
    FOR one IN SELECT value FROM jsonb_array_elements(events) LOOP
        last_seq := last_seq + 1;
        -- Two random UUIDs: 244 random bits without an extension.
        salt := decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');
        commitment := sha256(salt || convert_to(one->>'payload', 'UTF8'));
        moment := clock_timestamp();
        moment_text := to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
        -- Chained as lines; the CHECKs keep line breaks out of the parts, so no two events read the same.
        last_hash := sha256(last_hash || convert_to(concat_ws(E'\\n',
            last_seq::text, company::text, moment_text, coalesce(one->>'actor_id', '-'), one->>'action',
            one->>'version', coalesce(nullif(one->>'subject_type', ''), '-'), coalesce(one->>'subject_id', '-'),
            encode(commitment, 'hex')), 'UTF8'));
        INSERT INTO audit.event (company_id, id, seq, at, actor_id, action, version, subject_type, subject_id,
            commitment, salt, payload, hash)
        VALUES (company, gen_random_uuid(), last_seq, moment, (one->>'actor_id')::uuid, one->>'action',
            one->>'version', coalesce(one->>'subject_type', ''), (one->>'subject_id')::uuid,
            commitment, salt, one->>'payload', last_hash);
    END LOOP;
    UPDATE audit.head SET seq = last_seq, hash = last_hash WHERE company_id = company;
    RETURN last_seq;
END
$$
"""


def upgrade() -> None:
    op.execute("ALTER TABLE audit.event ADD CONSTRAINT ck_event_action_form CHECK (action ~ '^[a-z.-]+$')")
    op.execute(
        "ALTER TABLE audit.event ADD CONSTRAINT ck_event_version_form CHECK (version ~ '^[[:graph:]]+$')"
    )
    op.execute("ALTER TABLE audit.event ADD CONSTRAINT ck_event_type_form CHECK (subject_type ~ '^[a-z_]*$')")
    for table in ("event", "head"):
        op.execute(f"ALTER TABLE audit.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE audit.{table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON audit.{table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
    op.execute("GRANT USAGE, CREATE ON SCHEMA audit TO staffroom_audit")
    op.execute("GRANT USAGE ON SCHEMA audit TO staffroom_app")
    op.execute("GRANT SELECT ON audit.event, audit.head TO staffroom_app")
    op.execute(APPEND)
    op.execute("REVOKE ALL ON FUNCTION audit.append(jsonb) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION audit.append(jsonb) TO staffroom_app")
    for thing in ("TABLE audit.event", "TABLE audit.head", "FUNCTION audit.append(jsonb)"):
        op.execute(f"ALTER {thing} OWNER TO staffroom_audit")


def downgrade() -> None:
    op.execute("DROP FUNCTION audit.append(jsonb)")
    for table in ("event", "head"):
        op.execute(f"DROP POLICY company ON audit.{table}")
        op.execute(f"ALTER TABLE audit.{table} OWNER TO staffroom_owner")
        op.execute(f"REVOKE ALL ON audit.{table} FROM staffroom_app")
        op.execute(f"ALTER TABLE audit.{table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE audit.{table} DISABLE ROW LEVEL SECURITY")
    op.execute("REVOKE ALL ON SCHEMA audit FROM staffroom_app, staffroom_audit")
    for name in ("action", "version", "type"):
        op.execute(f"ALTER TABLE audit.event DROP CONSTRAINT ck_event_{name}_form")

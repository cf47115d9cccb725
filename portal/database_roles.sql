-- The roles of Staffroom's database and what each may do. The embedded server runs this at every start;
-- the operator of any other PostgreSQL (15 or newer) runs it once, as an administrator, inside the database:
--
--     createdb staffroom && psql -d staffroom -f portal/database_roles.sql
--     psql -d staffroom -c '\password staffroom_owner' -c '\password staffroom_app' \
--          -c '\password staffroom_support'
--
-- It can be repeated: it only ever restores this state. It sets no password.

DO $$
DECLARE
    dangerous text;
    this_database text := current_database();
BEGIN
    -- Owns every table and runs the migrations; the portal itself never serves a page as this role.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'staffroom_owner') THEN
        CREATE ROLE staffroom_owner LOGIN NOCREATEDB NOCREATEROLE;
    END IF;
    -- Serves pages and runs jobs: owns nothing, so that row security always binds it.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'staffroom_app') THEN
        CREATE ROLE staffroom_app LOGIN NOCREATEDB NOCREATEROLE;
    END IF;
    -- Serves the operator's staff inside a company: sees rows only under a live grant of that company.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'staffroom_support') THEN
        CREATE ROLE staffroom_support LOGIN NOCREATEDB NOCREATEROLE;
    END IF;
    -- Owns the function that appends to the audit log; nobody can sign in as it.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'staffroom_audit') THEN
        CREATE ROLE staffroom_audit NOLOGIN NOCREATEDB NOCREATEROLE;
    END IF;

    SELECT string_agg(rolname, ', ') INTO dangerous FROM pg_roles
    WHERE rolname IN ('staffroom_owner', 'staffroom_app', 'staffroom_support', 'staffroom_audit')
      AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication);
    IF dangerous IS NOT NULL THEN
        RAISE EXCEPTION 'the role(s) % must not be superuser, BYPASSRLS, CREATEROLE or REPLICATION', dangerous;
    END IF;
    IF EXISTS (
        SELECT FROM pg_auth_members JOIN pg_roles ON pg_roles.oid = member
        WHERE rolname IN ('staffroom_app', 'staffroom_support')
    ) THEN
        RAISE EXCEPTION 'the roles staffroom_app and staffroom_support must not be members of any role';
    END IF;

    -- An administrator who is no superuser (managed servers) acts for the owner below, so must be a member.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
       AND NOT pg_has_role(current_user, 'staffroom_owner', 'MEMBER') THEN
        EXECUTE format('GRANT staffroom_owner TO %I', current_user);
    END IF;
    -- Membership is what lets migrations say ALTER FUNCTION ... OWNER TO staffroom_audit.
    IF NOT pg_has_role('staffroom_owner', 'staffroom_audit', 'MEMBER') THEN
        GRANT staffroom_audit TO staffroom_owner;
    END IF;

    EXECUTE format('ALTER DATABASE %I OWNER TO staffroom_owner', this_database);
    EXECUTE format('ALTER DATABASE %I SET timezone TO ''UTC''', this_database);
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC, staffroom_app, staffroom_support, staffroom_audit',
        this_database);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO staffroom_app, staffroom_support', this_database);
END
$$;

-- In the schema the owner builds; the others only use what a migration grants them by name.
REVOKE ALL ON SCHEMA public FROM PUBLIC, staffroom_app, staffroom_support, staffroom_audit;
GRANT ALL ON SCHEMA public TO staffroom_owner;
GRANT USAGE ON SCHEMA public TO staffroom_app, staffroom_support;
-- A function can only be given to a role that may create in its schema.
GRANT USAGE, CREATE ON SCHEMA public TO staffroom_audit;
-- PostgreSQL lets everyone execute new functions unless told otherwise; tables are private already.
ALTER DEFAULT PRIVILEGES FOR ROLE staffroom_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Exclusion constraints that mix equality with ranges: no two overlapping absences of one person.
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;

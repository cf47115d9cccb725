-- The role that backups are made with: reads the rows of every company, writes nothing. The embedded server runs
-- this at every start; the operator of any other PostgreSQL runs it once, as a superuser, after database_roles.sql:
--
--     psql -d staffroom -f portal/database_backup_role.sql -c '\password staffroom_backup'
--
-- It can be repeated. Only what makes backups gets its address (DATABASE_BACKUP_URL), never the web processes.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'staffroom_backup') THEN
        CREATE ROLE staffroom_backup LOGIN;
    END IF;
    -- Row security hides every company from whoever is bound by it; a backup without them would be empty.
    IF NOT (SELECT rolbypassrls FROM pg_roles WHERE rolname = 'staffroom_backup') THEN
        ALTER ROLE staffroom_backup BYPASSRLS;
    END IF;
    IF EXISTS (
        SELECT FROM pg_roles WHERE rolname = 'staffroom_backup'
        AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication)
    ) THEN
        RAISE EXCEPTION 'the role staffroom_backup must not be superuser, CREATEROLE, CREATEDB or REPLICATION';
    END IF;
    IF NOT pg_has_role('staffroom_backup', 'pg_read_all_data', 'MEMBER') THEN
        GRANT pg_read_all_data TO staffroom_backup;
    END IF;
    IF NOT EXISTS (
        SELECT FROM pg_db_role_setting WHERE setrole = 'staffroom_backup'::regrole AND setdatabase = 0
    ) THEN
        ALTER ROLE staffroom_backup SET default_transaction_read_only = on;
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO staffroom_backup', current_database());
END
$$;

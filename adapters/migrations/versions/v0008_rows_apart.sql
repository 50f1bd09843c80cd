-- Where live sessions stand and what their sensors told. A program of before may have made the tables.

CREATE SCHEMA IF NOT EXISTS live;

CREATE TABLE IF NOT EXISTS live.live_session (
    tenant_id text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    seen_at timestamptz NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (tenant_id, session_id)
);
CREATE INDEX IF NOT EXISTS ix_live_session_seen_at ON live.live_session (seen_at);

CREATE TABLE IF NOT EXISTS live.live_sensors (
    tenant_id text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    sequence integer NOT NULL,
    samples bytea NOT NULL,                 -- JSON
    PRIMARY KEY (tenant_id, session_id, sequence)
);

-- Every table with tenants that is there by now, such as those that analysts' views show, and those
-- that a program of before has made when it started. Its owner sees all of it, and works for all
-- tenants; the application sees the tenant that it has named, where it may see the table at all.
DO $$
DECLARE
    of_tenants record;
BEGIN
    FOR of_tenants IN
        SELECT t.oid::regclass AS name, n.nspname AS schema, pg_get_userbyid(t.relowner) AS owner
        FROM pg_class AS t
        JOIN pg_namespace AS n ON n.oid = t.relnamespace
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attname = 'tenant_id'
        WHERE n.nspname IN ('analytics', 'jobs', 'live') AND t.relkind = 'r'
            AND NOT t.relrowsecurity AND pg_has_role(current_user, t.relowner, 'USAGE')
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', of_tenants.name);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', of_tenants.name);
        EXECUTE format(
            'CREATE POLICY owner_works ON %s TO %I USING (true)', of_tenants.name, of_tenants.owner
        );
        IF of_tenants.schema <> 'analytics' THEN
            EXECUTE format(
                'CREATE POLICY app_works ON %s TO kinelog_app'
                ' USING (tenant_id = (SELECT current_setting(''kinelog.tenant'', true)))',
                of_tenants.name
            );
            EXECUTE format(
                'GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO kinelog_app', of_tenants.name
            );
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO kinelog_app', of_tenants.schema);
        END IF;
    END LOOP;
END
$$;

-- Lets go of live sessions to which nothing can come any more, whosever they are.
CREATE FUNCTION live.forget(seen_before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM live.live_session WHERE seen_at < seen_before;
END;
REVOKE ALL ON FUNCTION live.forget FROM PUBLIC;
GRANT EXECUTE ON FUNCTION live.forget TO kinelog_app;

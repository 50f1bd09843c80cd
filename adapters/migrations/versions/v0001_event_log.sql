-- The event log: facts, the commands that made them, and who may do what with both.
--
-- Nobody inserts by hand: kinelog.append takes the lock that makes the order of positions the
-- order of commits. It runs as kinelog_writer, who owns nothing and passes no policy by.

-- Roles belong to the server, and another of its databases may make them at the same moment.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY
        ARRAY['kinelog_app', 'kinelog_reader', 'kinelog_writer', 'kinelog_analyst']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- that database was first
            END;
        END IF;
    END LOOP;
    IF EXISTS (
        SELECT FROM pg_roles
        WHERE rolname IN ('kinelog_app', 'kinelog_reader', 'kinelog_writer', 'kinelog_analyst')
            AND (rolsuper OR rolbypassrls)
    ) THEN
        RAISE EXCEPTION 'a role of the event log may pass row-level security by';
    END IF;
END
$$;

CREATE TABLE kinelog.events (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    originator_version integer NOT NULL,    -- counts from 1 within the stream
    schema_version integer NOT NULL,
    recorded_at timestamptz NOT NULL,       -- never falls
    event_id uuid NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid,
    originator_id text COLLATE "C" NOT NULL, -- <tenant>/<stream>
    tenant_id text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,        -- the event's declared name
    actor text COLLATE "C" NOT NULL,
    state bytea NOT NULL,                   -- the event as JSON, UTF-8
    UNIQUE (originator_id, originator_version),
    CHECK (starts_with(originator_id, tenant_id || '/'))
);
CREATE INDEX events_of_tenant ON kinelog.events (tenant_id, position);

CREATE TABLE kinelog.command_log (
    tenant_id text COLLATE "C" NOT NULL,
    command_id uuid NOT NULL,
    position bigint NOT NULL,               -- of the command's last event; 0 where it made none
    PRIMARY KEY (tenant_id, command_id)
);

-- What the eventsourcing library reads, with the rights of whoever reads.
CREATE VIEW kinelog.stored_events WITH (security_invoker = true) AS
SELECT position AS notification_id, originator_id, originator_version, topic, state
FROM kinelog.events;

-- Facts stay.

CREATE FUNCTION kinelog.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'facts are neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON kinelog.events
    EXECUTE FUNCTION kinelog.refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON kinelog.command_log
    EXECUTE FUNCTION kinelog.refuse_change();

-- Who sees which rows. Whoever has named no tenant sees none.

ALTER TABLE kinelog.events ENABLE ROW LEVEL SECURITY;
ALTER TABLE kinelog.events FORCE ROW LEVEL SECURITY;
ALTER TABLE kinelog.command_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE kinelog.command_log FORCE ROW LEVEL SECURITY;

-- The sub-select makes PostgreSQL look the setting up once a statement, not once a row. The empty
-- string keeps the policy away from the index: without statistics, loading a short stream would
-- read the tenant's whole index beside the stream's. Whoever wants that index names the tenant.
CREATE POLICY app_reads ON kinelog.events FOR SELECT TO kinelog_app
    USING (tenant_id || '' = (SELECT current_setting('kinelog.tenant', true)));
CREATE POLICY reader_reads ON kinelog.events FOR SELECT TO kinelog_reader USING (true);
-- The writer looks at the last row of the log for its time, whosever that row is.
CREATE POLICY writer_reads ON kinelog.events FOR SELECT TO kinelog_writer USING (true);
CREATE POLICY writer_adds ON kinelog.events FOR INSERT TO kinelog_writer
    WITH CHECK (tenant_id = (SELECT current_setting('kinelog.tenant', true)));

CREATE POLICY app_reads ON kinelog.command_log FOR SELECT TO kinelog_app
    USING (tenant_id = (SELECT current_setting('kinelog.tenant', true)));
CREATE POLICY writer_reads ON kinelog.command_log FOR SELECT TO kinelog_writer
    USING (tenant_id = (SELECT current_setting('kinelog.tenant', true)));
CREATE POLICY writer_adds ON kinelog.command_log FOR INSERT TO kinelog_writer
    WITH CHECK (tenant_id = (SELECT current_setting('kinelog.tenant', true)));

-- Stores what a command decided, in one call. Arrays come in two lengths: one element a change
-- (streams, expected, sizes), one element an event, change after change (the other four).
-- A repeated command gets its first position. Where the stream of a change has another version than
-- expected, `moved` is the number of that change, and nothing is stored. Needs READ COMMITTED: each statement must see what was committed before the lock.
CREATE FUNCTION kinelog.append(
    of_tenant text, of_command uuid, decided_at timestamptz, by_actor text, in_correlation uuid,
    of_cause uuid, streams text[], expected bigint[], sizes integer[], topics text[],
    schema_versions integer[], states bytea[], event_ids uuid[],
    OUT last_position bigint, OUT repeated boolean, OUT moved integer, OUT moved_to bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    version bigint;
    first integer := 1;
BEGIN
    PERFORM pg_advisory_xact_lock(7595438421); -- released when the commit is seen by everybody
    PERFORM set_config('kinelog.tenant', of_tenant, true);

    SELECT c.position INTO last_position FROM kinelog.command_log AS c
    WHERE c.tenant_id = of_tenant AND c.command_id = of_command;
    repeated := FOUND;
    IF repeated THEN
        RETURN;
    END IF;

    FOR i IN 1 .. cardinality(streams) LOOP
        version := NULL;
        IF i > 1 THEN -- where an earlier change of this command leaves the stream
            SELECT expected[j] + sizes[j] INTO version FROM generate_series(1, i - 1) AS j
            WHERE streams[j] = streams[i] ORDER BY j DESC LIMIT 1;
        END IF;
        IF version IS NULL THEN
            SELECT max(e.originator_version) INTO version FROM kinelog.events AS e
            WHERE e.originator_id = of_tenant || '/' || streams[i];
            version := coalesce(version, 0);
        END IF;
        IF version <> expected[i] THEN
            moved := i;
            moved_to := version;
            RETURN;
        END IF;
    END LOOP;

    last_position := 0;
    IF cardinality(topics) > 0 THEN
        decided_at := greatest(
            decided_at, (SELECT e.recorded_at FROM kinelog.events AS e ORDER BY position DESC LIMIT 1)
        );
        FOR i IN 1 .. cardinality(streams) LOOP
            INSERT INTO kinelog.events (
                originator_id, originator_version, topic, schema_version, state, event_id,
                tenant_id, recorded_at, actor, correlation_id, causation_id
            )
            SELECT of_tenant || '/' || streams[i], expected[i] + number, topic, schema_version,
                state, event_id, of_tenant, decided_at, by_actor, in_correlation, of_cause
            FROM unnest(
                topics[first : first + sizes[i] - 1], schema_versions[first : first + sizes[i] - 1],
                states[first : first + sizes[i] - 1], event_ids[first : first + sizes[i] - 1]
            ) WITH ORDINALITY AS new (topic, schema_version, state, event_id, number)
            ORDER BY number;
            first := first + sizes[i];
        END LOOP;
        last_position := currval('kinelog.events_position_seq');
        PERFORM pg_notify('kinelog_events', last_position::text);
    END IF;
    INSERT INTO kinelog.command_log (tenant_id, command_id, position)
    VALUES (of_tenant, of_command, last_position);
END
$$;

-- Reading names the tenant and reads in one call, with the caller's own rights.

CREATE FUNCTION kinelog.stream(of_tenant text, of_stream text, after_version bigint)
RETURNS SETOF kinelog.events LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('kinelog.tenant', of_tenant, true);
    RETURN QUERY
        SELECT * FROM kinelog.events AS e
        WHERE e.originator_id = of_tenant || '/' || of_stream
            AND e.originator_version > after_version
        ORDER BY e.originator_version;
END
$$;

CREATE FUNCTION kinelog.answer(of_tenant text, of_command uuid) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('kinelog.tenant', of_tenant, true);
    RETURN (
        SELECT c.position FROM kinelog.command_log AS c
        WHERE c.tenant_id = of_tenant AND c.command_id = of_command
    );
END
$$;

-- Who may do what. Nobody may do anything else.

REVOKE ALL ON ALL TABLES IN SCHEMA kinelog FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA kinelog FROM PUBLIC;
GRANT USAGE ON SCHEMA kinelog TO kinelog_app, kinelog_reader, kinelog_writer, kinelog_analyst;
GRANT SELECT ON kinelog.events, kinelog.stored_events TO kinelog_app, kinelog_reader;
GRANT SELECT ON kinelog.command_log TO kinelog_app;
GRANT EXECUTE ON FUNCTION kinelog.append, kinelog.stream, kinelog.answer TO kinelog_app;
GRANT SELECT, INSERT ON kinelog.events, kinelog.command_log TO kinelog_writer;
GRANT USAGE ON SEQUENCE kinelog.events_position_seq TO kinelog_writer;

-- Whoever hands the function over and is no superuser must be a member of the new owner's role,
-- but only for that moment: members see what it sees.
DO $$
DECLARE
    superuser boolean := (SELECT rolsuper FROM pg_roles WHERE rolname = current_user);
BEGIN
    IF NOT superuser THEN
        GRANT kinelog_writer TO CURRENT_USER;
    END IF;
    GRANT CREATE ON SCHEMA kinelog TO kinelog_writer;
    ALTER FUNCTION kinelog.append OWNER TO kinelog_writer;
    REVOKE CREATE ON SCHEMA kinelog FROM kinelog_writer;
    IF NOT superuser THEN
        REVOKE kinelog_writer FROM CURRENT_USER;
    END IF;
END
$$;

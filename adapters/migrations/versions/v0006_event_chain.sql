-- A chain for each tenant: an event has the hash of the tenant's event before it, and its own, which
-- covers that one, the whole envelope and the payload as it is stored. Personal fields are sealed in
-- there, so that a chain goes on to hold when a person's key is destroyed.
--
-- The hash is SHA-256 of: previous hash || position || origin || fact. It is written again, for
-- those who verify, in application/audit/hash_chain.py.

-- Whole numbers and times are big-endian; times are microseconds since 2000-01-01 UTC. What has no
-- fixed length has its length, in bytes, in front, but for the payload, which ends it.

CREATE FUNCTION kinelog.sized(content text) RETURNS bytea LANGUAGE sql STABLE
RETURN int4send(octet_length(convert_to(content, 'UTF8'))) || convert_to(content, 'UTF8');

-- What the events of a command share.
CREATE FUNCTION kinelog.chained_origin(
    tenant_id text, actor text, correlation_id uuid, causation_id uuid, recorded_at timestamptz
) RETURNS bytea LANGUAGE sql STABLE
RETURN timestamptz_send(recorded_at) || uuid_send(correlation_id)
    || CASE WHEN causation_id IS NULL THEN '\x00' ELSE '\x01' || uuid_send(causation_id) END
    || kinelog.sized(tenant_id) || kinelog.sized(actor);

CREATE FUNCTION kinelog.chained_fact(
    originator_id text, originator_version integer, topic text, schema_version integer,
    event_id uuid, state bytea
) RETURNS bytea LANGUAGE sql STABLE
RETURN int4send(originator_version) || int4send(schema_version) || uuid_send(event_id)
    || kinelog.sized(originator_id) || kinelog.sized(topic) || state;

-- Before a tenant's first event.
CREATE FUNCTION kinelog.no_hash() RETURNS bytea LANGUAGE sql STABLE
RETURN decode(repeat('00', 32), 'hex');

ALTER TABLE kinelog.events ADD COLUMN previous_hash bytea, ADD COLUMN hash bytea;

-- Events that are there already are taken as they are. Their owner is held by forced policies, too.
ALTER TABLE kinelog.events NO FORCE ROW LEVEL SECURITY;
ALTER TABLE kinelog.events DISABLE TRIGGER refuse_change;
DO $$
DECLARE
    event kinelog.events;
    link bytea;
    of_tenant text;
BEGIN
    FOR event IN SELECT * FROM kinelog.events ORDER BY tenant_id, position LOOP
        IF of_tenant IS DISTINCT FROM event.tenant_id THEN
            of_tenant := event.tenant_id;
            link := kinelog.no_hash();
        END IF;
        event.previous_hash := link;
        link := sha256(
            link || int8send(event.position)
            || kinelog.chained_origin(
                event.tenant_id, event.actor, event.correlation_id, event.causation_id,
                event.recorded_at
            )
            || kinelog.chained_fact(
                event.originator_id, event.originator_version, event.topic, event.schema_version,
                event.event_id, event.state
            )
        );
        UPDATE kinelog.events AS e SET previous_hash = event.previous_hash, hash = link
        WHERE e.position = event.position;
    END LOOP;
END
$$;
ALTER TABLE kinelog.events
    ALTER COLUMN previous_hash SET NOT NULL, ALTER COLUMN hash SET NOT NULL;
ALTER TABLE kinelog.events ENABLE TRIGGER refuse_change;
ALTER TABLE kinelog.events FORCE ROW LEVEL SECURITY;

-- Whoever verifies reads the log with the rights of `kinelog_reader`, and whether it goes on as far
-- as commands were answered.
CREATE POLICY reader_reads ON kinelog.command_log FOR SELECT TO kinelog_reader USING (true);
GRANT SELECT (tenant_id, position) ON kinelog.command_log TO kinelog_reader;

REVOKE ALL ON FUNCTION
    kinelog.sized, kinelog.chained_origin, kinelog.chained_fact, kinelog.no_hash FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    kinelog.sized, kinelog.chained_origin, kinelog.chained_fact, kinelog.no_hash
    TO kinelog_writer;

-- The function is replaced by its owner: whoever is no superuser and inherits no rights of roles could
-- not otherwise. They are a member of that role, which may create, only for that moment: members see what it sees.
DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        GRANT kinelog_writer TO CURRENT_USER;
    END IF;
END
$$;
GRANT CREATE ON SCHEMA kinelog TO kinelog_writer;
SET LOCAL ROLE kinelog_writer;

-- As revision 0001 has it, and chains the events. Positions are drawn before the events are
-- inserted, as the hashes cover them.
CREATE OR REPLACE FUNCTION kinelog.append(
    of_tenant text, of_command uuid, decided_at timestamptz, by_actor text, in_correlation uuid,
    of_cause uuid, streams text[], expected bigint[], sizes integer[], topics text[],
    schema_versions integer[], states bytea[], event_ids uuid[],
    OUT last_position bigint, OUT repeated boolean, OUT moved integer, OUT moved_to bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    version bigint;
    first integer := 1;
    last integer;
    origin bytea;
    fact bytea;
    link bytea;
    links bytea[]; -- the tenant's newest hash, and that of each new event
    positions bigint[];
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
        -- By tenant and position: in that order only the index that begins with the tenant can give
        -- the row. Asked for one tenant's last position, PostgreSQL may walk back the whole log.
        SELECT
            greatest(
                decided_at,
                (SELECT e.recorded_at FROM kinelog.events AS e ORDER BY e.position DESC LIMIT 1)
            ),
            (
                SELECT CASE WHEN e.tenant_id = of_tenant THEN e.hash END FROM kinelog.events AS e
                WHERE (e.tenant_id, e.position) <= (of_tenant, 9223372036854775807)
                ORDER BY e.tenant_id DESC, e.position DESC LIMIT 1
            )
        INTO decided_at, link;
        link := coalesce(link, kinelog.no_hash());
        links := ARRAY[link];
        origin := kinelog.chained_origin(
            of_tenant, by_actor, in_correlation, of_cause, decided_at
        );
        FOR i IN 1 .. cardinality(streams) LOOP
            last := first + sizes[i] - 1;
            FOR fact IN
                SELECT kinelog.chained_fact(
                    of_tenant || '/' || streams[i], (expected[i] + number)::integer, topic,
                    schema_version, event_id, state
                )
                FROM unnest(
                    topics[first : last], schema_versions[first : last], states[first : last],
                    event_ids[first : last]
                ) WITH ORDINALITY AS new (topic, schema_version, state, event_id, number)
                ORDER BY number
            LOOP
                last_position := nextval('kinelog.events_position_seq');
                link := sha256(link || int8send(last_position) || origin || fact);
                positions := positions || last_position;
                links := links || link;
            END LOOP;
            INSERT INTO kinelog.events (
                position, originator_id, originator_version, topic, schema_version, state, event_id,
                tenant_id, recorded_at, actor, correlation_id, causation_id, previous_hash, hash
            )
            OVERRIDING SYSTEM VALUE
            SELECT position, of_tenant || '/' || streams[i], expected[i] + number, topic,
                schema_version, state, event_id, of_tenant, decided_at, by_actor, in_correlation,
                of_cause, previous_hash, hash
            FROM unnest(
                positions[first : last], topics[first : last], schema_versions[first : last],
                states[first : last], event_ids[first : last],
                links[first : last], links[first + 1 : last + 1]
            ) WITH ORDINALITY AS new (
                position, topic, schema_version, state, event_id, previous_hash, hash, number
            )
            ORDER BY number;
            first := last + 1;
        END LOOP;
        PERFORM pg_notify('kinelog_events', last_position::text);
    END IF;
    INSERT INTO kinelog.command_log (tenant_id, command_id, position)
    VALUES (of_tenant, of_command, last_position);
END
$$;

RESET ROLE;
REVOKE CREATE ON SCHEMA kinelog FROM kinelog_writer;
DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        REVOKE kinelog_writer FROM CURRENT_USER;
    END IF;
END
$$;

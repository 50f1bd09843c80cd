-- How far a relay has put the log on the bus. It is held with an advisory lock by one at a time.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kinelog_relay') THEN
        BEGIN
            CREATE ROLE kinelog_relay NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database of the server was first
        END;
    END IF;
END
$$;

CREATE TABLE kinelog.relay_position (
    bus text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0),
    moved_at timestamptz NOT NULL DEFAULT now()
);

REVOKE ALL ON kinelog.relay_position FROM PUBLIC;
GRANT USAGE ON SCHEMA kinelog TO kinelog_relay;
GRANT SELECT, INSERT, UPDATE ON kinelog.relay_position TO kinelog_relay;

-- How far each store of the pose coach has come, session by session. The stores may be elsewhere.

CREATE SCHEMA IF NOT EXISTS pose_coach; -- separate logins may have created it

CREATE TABLE pose_coach.sink_entry (
    sink text COLLATE "C" NOT NULL,
    tenant_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,   -- empty for the profile of the user
    status text COLLATE "C" NOT NULL,
    stored_for text COLLATE "C",            -- key of the user under which it was stored
    attempts integer NOT NULL,
    error text COLLATE "C",                 -- type of the last error
    due_at timestamptz,                     -- NULL where there is nothing to do
    PRIMARY KEY (sink, tenant_id, user_id, session_id)
);
CREATE INDEX sink_entry_session ON pose_coach.sink_entry (tenant_id, session_id);
CREATE INDEX sink_entry_due ON pose_coach.sink_entry (sink, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX sink_entry_unfinished ON pose_coach.sink_entry (sink, status)
    WHERE status NOT IN ('saved', 'deleted');

CREATE TABLE pose_coach.sink_position (
    sink text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0)
);

-- The event at the position of a sink.
CREATE TABLE pose_coach.sink_event (
    sink text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL,
    event_id text COLLATE "C" NOT NULL
);

-- The position that a sink had reached before the log was restored to an earlier one.
CREATE TABLE pose_coach.sink_restored (
    sink text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL
);

ALTER TABLE pose_coach.sink_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE pose_coach.sink_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_works ON pose_coach.sink_entry TO CURRENT_USER USING (true);
CREATE POLICY app_works ON pose_coach.sink_entry TO kinelog_app
    USING (tenant_id = (SELECT current_setting('kinelog.tenant', true)));

REVOKE ALL ON ALL TABLES IN SCHEMA pose_coach FROM PUBLIC;
GRANT USAGE ON SCHEMA pose_coach TO kinelog_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON pose_coach.sink_entry TO kinelog_app;

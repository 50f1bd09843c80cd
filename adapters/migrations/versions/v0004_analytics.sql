-- What analysts read, and what is kept for it. Workers write with the rights of the tables' owner.
-- Analysts see the views alone, with the rights of `kinelog_analyst`, which revision 0001 made.

CREATE SCHEMA analytics;

-- Windows over `kinelog.events.sessions`: rows and position move in one transaction.

CREATE TABLE analytics.worker_position (
    worker_group text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    due bigint NOT NULL,                    -- the offset that comes next
    PRIMARY KEY (worker_group, topic, partition)
);

CREATE TABLE analytics.session_standing (
    tenant_id text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    version integer NOT NULL,               -- of the last event that was counted
    standing jsonb NOT NULL,                -- what later events refer to
    PRIMARY KEY (tenant_id, stream)
);

CREATE TABLE analytics.session_minute (
    tenant_id text COLLATE "C" NOT NULL,
    minute timestamptz NOT NULL,
    stream text COLLATE "C" NOT NULL,
    repetitions bigint NOT NULL,
    PRIMARY KEY (tenant_id, minute, stream)
);

CREATE TABLE analytics.exercise_hour (
    tenant_id text COLLATE "C" NOT NULL,
    hour timestamptz NOT NULL,
    exercise_id text COLLATE "C" NOT NULL,
    athlete_id text COLLATE "C" NOT NULL,
    sessions bigint NOT NULL,
    sets bigint NOT NULL,
    repetitions bigint NOT NULL,
    formed bigint NOT NULL,                 -- repetitions that have a form
    form_millionths bigint NOT NULL,        -- the sum of theirs
    faults bigint NOT NULL,
    duration_ms bigint NOT NULL,
    calories bigint NOT NULL,               -- thousandths of a kilocalorie
    PRIMARY KEY (tenant_id, hour, exercise_id, athlete_id)
);

CREATE TABLE analytics.training_day (
    tenant_id text COLLATE "C" NOT NULL,
    day date NOT NULL,                      -- of the athlete's own calendar
    athlete_id text COLLATE "C" NOT NULL,
    sessions bigint NOT NULL,
    sets bigint NOT NULL,
    repetitions bigint NOT NULL,
    formed bigint NOT NULL,                 -- repetitions that have a form
    form_millionths bigint NOT NULL,        -- the sum of theirs
    faults bigint NOT NULL,
    duration_ms bigint NOT NULL,
    calories bigint NOT NULL,               -- thousandths of a kilocalorie
    PRIMARY KEY (tenant_id, day, athlete_id)
);

-- Days to be rolled up: asked for when `asked` is behind `touched`, and the day is over.
CREATE TABLE analytics.roll_up_due (
    tenant_id text COLLATE "C" NOT NULL,
    day date NOT NULL,
    ends_at timestamptz NOT NULL,           -- in the westernmost of its athletes' zones
    touched bigint NOT NULL DEFAULT 1,
    asked bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, day)
);
CREATE INDEX roll_up_due_open ON analytics.roll_up_due (ends_at) WHERE asked < touched;

CREATE TABLE analytics.roll_up (
    id uuid PRIMARY KEY,                    -- made of the next four
    tenant_id text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL CHECK (period IN ('day', 'week', 'month')),
    start date NOT NULL,
    athlete_id text COLLATE "C",            -- null: all athletes of the tenant
    athletes bigint NOT NULL,
    sessions bigint NOT NULL,
    sets bigint NOT NULL,
    repetitions bigint NOT NULL,
    formed bigint NOT NULL,                 -- repetitions that have a form
    form_millionths bigint NOT NULL,        -- the sum of theirs
    faults bigint NOT NULL,
    duration_ms bigint NOT NULL,
    calories bigint NOT NULL,               -- thousandths of a kilocalorie
    computed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX roll_up_of_period ON analytics.roll_up (tenant_id, period, start);

-- Counts of all contexts' events.

CREATE TABLE analytics.counted_stream (
    tenant_id text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    versions int4multirange NOT NULL,       -- each event counts once, in whatever order they come
    PRIMARY KEY (tenant_id, stream)
);

CREATE TABLE analytics.event_count (
    tenant_id text COLLATE "C" NOT NULL,
    day date NOT NULL,
    name text COLLATE "C" NOT NULL,
    events bigint NOT NULL,
    PRIMARY KEY (tenant_id, day, name)
);

-- The fields of events that analysts see; `kinelog db upgrade` keeps them as the program has them.
CREATE TABLE analytics.open_fields (
    event_name text COLLATE "C" PRIMARY KEY,
    fields text[] NOT NULL
);

-- The views.

-- PostgreSQL's jsonb holds no NUL, and one event must not stop a query over all of them. What stands
-- after an even number of backslashes is that character; it becomes U+FFFD, as in the read models.
CREATE VIEW analytics.events_flat AS
SELECT
    e.position,
    e.tenant_id,
    substr(e.originator_id, length(e.tenant_id) + 2) COLLATE "C" AS stream,
    e.originator_version AS version,
    e.topic AS name,
    e.schema_version,
    e.recorded_at,
    e.correlation_id,
    e.causation_id,
    coalesce(
        (
            SELECT jsonb_object_agg(shown.key, shown.value)
            FROM jsonb_each(
                CASE WHEN position('\\u0000'::bytea IN e.state) = 0
                    THEN convert_from(e.state, 'UTF8')
                    ELSE regexp_replace(
                        convert_from(e.state, 'UTF8'),
                        '(?<!\\)((?:\\\\)*)\\u0000', '\1\\ufffd', 'g'
                    )
                END::jsonb
            ) AS shown
            WHERE shown.key = ANY (o.fields)
        ),
        '{}'
    ) AS payload
FROM kinelog.events AS e
LEFT JOIN analytics.open_fields AS o ON o.event_name = e.topic;

CREATE VIEW analytics.event_counts AS
SELECT tenant_id, day, name, events FROM analytics.event_count;

CREATE VIEW analytics.repetitions_per_minute AS
SELECT tenant_id, minute, sum(repetitions)::bigint AS repetitions
FROM analytics.session_minute
GROUP BY tenant_id, minute;

CREATE VIEW analytics.active_sessions AS
SELECT tenant_id, minute, count(*) AS sessions
FROM analytics.session_minute
GROUP BY tenant_id, minute;

CREATE VIEW analytics.exercises_by_hour AS
SELECT
    tenant_id,
    hour,
    exercise_id,
    count(*) AS athletes,
    sum(sets)::bigint AS sets,
    sum(repetitions)::bigint AS repetitions,
    sum(form_millionths)::double precision / 1000000 / nullif(sum(formed), 0)::double precision
        AS mean_form,
    sum(faults)::bigint AS faults
FROM analytics.exercise_hour
GROUP BY tenant_id, hour, exercise_id;

CREATE VIEW analytics.metrics_rollup AS
SELECT
    id,
    tenant_id,
    period,
    start,
    athlete_id,
    athletes,
    sessions,
    sets,
    repetitions,
    form_millionths::double precision / 1000000 / nullif(formed, 0) AS mean_form,
    faults,
    duration_ms,
    calories::double precision / 1000 AS calories_kcal,
    computed_at
FROM analytics.roll_up;

-- Views of read models. Those are tables behind views of the schema `read`, which come and go with
-- their versions. These stay: while a read model is away, or has no such column any more, the view
-- has the same columns and nothing in them.

CREATE VIEW analytics.sessions AS SELECT
    NULL::text COLLATE "C" AS tenant_id,
    NULL::text COLLATE "C" AS id,
    NULL::text COLLATE "C" AS athlete_id,
    NULL::text COLLATE "C" AS workout_id,
    NULL::text COLLATE "C" AS status,
    NULL::text COLLATE "C" AS time_zone,
    NULL::date AS "day",
    NULL::timestamptz AS started_at,
    NULL::timestamptz AS completed_at,
    NULL::text COLLATE "C" AS exercise_id,
    NULL::jsonb AS exercises,
    NULL::bigint AS sets,
    NULL::bigint AS repetitions,
    NULL::bigint AS rejected,
    NULL::bigint AS duration_ms,
    NULL::bigint AS frames,
    NULL::bigint AS frames_with_pose,
    NULL::double precision AS calories_kcal,
    NULL::double precision AS accuracy,
    NULL::double precision AS performance_score,
    NULL::double precision AS performance_completion,
    NULL::double precision AS performance_form,
    NULL::double precision AS performance_tempo,
    NULL::double precision AS performance_range_of_motion,
    NULL::text COLLATE "C" AS counted_by_source,
    NULL::text COLLATE "C" AS counted_by_model,
    NULL::bigint AS counted_by_definition_version,
    NULL::text COLLATE "C" AS counted_by_learned,
    NULL::bigint AS "position"
WHERE false;

CREATE VIEW analytics.sets AS SELECT
    NULL::text COLLATE "C" AS tenant_id,
    NULL::text COLLATE "C" AS id,
    NULL::text COLLATE "C" AS session_id,
    NULL::bigint AS number,
    NULL::text COLLATE "C" AS exercise_id,
    NULL::text COLLATE "C" AS status,
    NULL::bigint AS target_repetitions,
    NULL::double precision AS load_kg,
    NULL::text COLLATE "C" AS counted_by_source,
    NULL::text COLLATE "C" AS counted_by_model,
    NULL::bigint AS counted_by_definition_version,
    NULL::text COLLATE "C" AS counted_by_learned,
    NULL::bigint AS repetitions,
    NULL::bigint AS rejected,
    NULL::bigint AS hold_ms,
    NULL::bigint AS start_ms,
    NULL::bigint AS end_ms,
    NULL::jsonb AS unjudged,
    NULL::bigint AS "position"
WHERE false;

CREATE VIEW analytics.repetitions AS SELECT
    NULL::text COLLATE "C" AS tenant_id,
    NULL::text COLLATE "C" AS id,
    NULL::text COLLATE "C" AS session_id,
    NULL::text COLLATE "C" AS set_id,
    NULL::bigint AS "set",
    NULL::bigint AS number,
    NULL::bigint AS start_ms,
    NULL::bigint AS end_ms,
    NULL::double precision AS eccentric_s,
    NULL::double precision AS bottom_pause_s,
    NULL::double precision AS concentric_s,
    NULL::double precision AS top_pause_s,
    NULL::double precision AS range_of_motion_deg,
    NULL::double precision AS symmetry,
    NULL::double precision AS form,
    NULL::double precision AS confidence,
    NULL::jsonb AS faults,
    NULL::jsonb AS unjudged,
    NULL::bigint AS "position"
WHERE false;

CREATE VIEW analytics.athlete_days AS SELECT
    NULL::text COLLATE "C" AS tenant_id,
    NULL::text COLLATE "C" AS athlete_id,
    NULL::date AS "day",
    NULL::date AS week,
    NULL::date AS "month",
    NULL::bigint AS sessions,
    NULL::bigint AS sets,
    NULL::bigint AS repetitions,
    NULL::bigint AS duration_ms,
    NULL::double precision AS calories_kcal,
    NULL::double precision AS accuracy_weight,
    NULL::bigint AS accuracy_repetitions,
    NULL::bigint AS "position"
WHERE false;

-- Called by whoever puts read models into place, in the same transaction: after they are there, and
-- before they go. It runs with the rights of the views' owner, who must be able to read `read`.
CREATE FUNCTION kinelog.show_to_analysts(model text, is_there boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    shown text := CASE model
        WHEN 'session_summary' THEN 'sessions'
        WHEN 'exercise_set' THEN 'sets'
        WHEN 'repetition' THEN 'repetitions'
        WHEN 'athlete_day' THEN 'athlete_days'
    END;
    columns text;
BEGIN
    IF shown IS NULL THEN
        RETURN;
    END IF;
    SELECT string_agg(
        CASE WHEN source.attname IS NULL
            THEN format(
                'NULL::%s%s AS %I', format_type(target.atttypid, target.atttypmod),
                CASE WHEN target.attcollation = 0 THEN '' ELSE ' COLLATE "C"' END, target.attname
            )
            ELSE format('%I', source.attname)
        END, ', ' ORDER BY target.attnum
    ) INTO columns
    FROM pg_attribute AS target
    LEFT JOIN pg_attribute AS source ON is_there
        AND source.attrelid = to_regclass(format('read.%I', model))
        AND source.attname = target.attname
        AND source.atttypid = target.atttypid
        AND source.attcollation = target.attcollation
    WHERE target.attrelid = format('analytics.%I', shown)::regclass AND target.attnum > 0;
    EXECUTE format(
        'CREATE OR REPLACE VIEW analytics.%I AS SELECT %s %s', shown, columns,
        CASE WHEN is_there THEN format('FROM read.%I', model) ELSE 'WHERE false' END
    );
END
$$;

DO $$
DECLARE
    model text;
BEGIN
    FOREACH model IN ARRAY ARRAY['session_summary', 'exercise_set', 'repetition', 'athlete_day'] LOOP
        PERFORM kinelog.show_to_analysts(model, to_regclass(format('read.%I', model)) IS NOT NULL);
    END LOOP;
END
$$;

-- What each column means; docs/analysts.md says the same.

COMMENT ON VIEW analytics.events_flat IS 
    'One row per event of the log, decoded; fields about persons are left out.';
COMMENT ON COLUMN analytics.events_flat.position IS
    'Place in the log; rises over all tenants, with gaps.';
COMMENT ON COLUMN analytics.events_flat.tenant_id IS
    'Whose event it is.';
COMMENT ON COLUMN analytics.events_flat.stream IS
    'What it happened to: category, a hyphen, and an id.';
COMMENT ON COLUMN analytics.events_flat.version IS
    'Place in the stream, from 1.';
COMMENT ON COLUMN analytics.events_flat.name IS
    'Stored name of the event.';
COMMENT ON COLUMN analytics.events_flat.schema_version IS
    'Version of the payload''s shape.';
COMMENT ON COLUMN analytics.events_flat.recorded_at IS
    'When the log took it in.';
COMMENT ON COLUMN analytics.events_flat.correlation_id IS
    'The chain of messages that it belongs to.';
COMMENT ON COLUMN analytics.events_flat.causation_id IS
    'The message that caused it, if one did.';
COMMENT ON COLUMN analytics.events_flat.payload IS
    'Its open fields, as JSON; empty for an event that nobody has opened.';

COMMENT ON VIEW analytics.event_counts IS 
    'How many events of each name there were, by UTC day.';
COMMENT ON COLUMN analytics.event_counts.tenant_id IS
    'Whose events they are.';
COMMENT ON COLUMN analytics.event_counts.day IS
    'UTC day on which the log took them in.';
COMMENT ON COLUMN analytics.event_counts.name IS
    'Stored name of the event.';
COMMENT ON COLUMN analytics.event_counts.events IS
    'How many.';

COMMENT ON VIEW analytics.repetitions_per_minute IS 
    'Repetitions that stand, by the minute in which they were counted.';
COMMENT ON COLUMN analytics.repetitions_per_minute.tenant_id IS
    'Whose they are.';
COMMENT ON COLUMN analytics.repetitions_per_minute.minute IS
    'When the minute begins.';
COMMENT ON COLUMN analytics.repetitions_per_minute.repetitions IS
    'How many, without those withdrawn later; 0 where somebody trained without one.';

COMMENT ON VIEW analytics.active_sessions IS 
    'Sessions in which something happened, by minute.';
COMMENT ON COLUMN analytics.active_sessions.tenant_id IS
    'Whose they are.';
COMMENT ON COLUMN analytics.active_sessions.minute IS
    'When the minute begins.';
COMMENT ON COLUMN analytics.active_sessions.sessions IS
    'How many.';

COMMENT ON VIEW analytics.exercises_by_hour IS 
    'What was done of each exercise, by hour.';
COMMENT ON COLUMN analytics.exercises_by_hour.tenant_id IS
    'Whose athletes did it.';
COMMENT ON COLUMN analytics.exercises_by_hour.hour IS
    'When the hour begins.';
COMMENT ON COLUMN analytics.exercises_by_hour.exercise_id IS
    'Which exercise.';
COMMENT ON COLUMN analytics.exercises_by_hour.athletes IS
    'How many athletes did it.';
COMMENT ON COLUMN analytics.exercises_by_hour.sets IS
    'Sets begun in the hour.';
COMMENT ON COLUMN analytics.exercises_by_hour.repetitions IS
    'Repetitions that stand.';
COMMENT ON COLUMN analytics.exercises_by_hour.mean_form IS
    'Mean form of those repetitions that have one, 0..1; null where none has.';
COMMENT ON COLUMN analytics.exercises_by_hour.faults IS
    'Faults seen in repetitions and holds.';

COMMENT ON VIEW analytics.metrics_rollup IS 
    'Figures of a day, an ISO week or a month, by athlete and for a whole tenant.';
COMMENT ON COLUMN analytics.metrics_rollup.id IS
    'Made of tenant, period, start and athlete; the same each time it is computed.';
COMMENT ON COLUMN analytics.metrics_rollup.tenant_id IS
    'Whose figures they are.';
COMMENT ON COLUMN analytics.metrics_rollup.period IS
    'day, week or month.';
COMMENT ON COLUMN analytics.metrics_rollup.start IS
    'First day of the period, of the athletes'' own calendars; a week begins on Monday.';
COMMENT ON COLUMN analytics.metrics_rollup.athlete_id IS
    'Whose training it was; null for all athletes of the tenant.';
COMMENT ON COLUMN analytics.metrics_rollup.athletes IS
    'How many athletes trained; 1 where it is one athlete''s.';
COMMENT ON COLUMN analytics.metrics_rollup.sessions IS
    'Sessions completed, of those that began in the period.';
COMMENT ON COLUMN analytics.metrics_rollup.sets IS
    'Sets begun.';
COMMENT ON COLUMN analytics.metrics_rollup.repetitions IS
    'Repetitions that stand.';
COMMENT ON COLUMN analytics.metrics_rollup.mean_form IS
    'Mean form of those repetitions that have one, 0..1; null where none has.';
COMMENT ON COLUMN analytics.metrics_rollup.faults IS
    'Faults seen in repetitions and holds.';
COMMENT ON COLUMN analytics.metrics_rollup.duration_ms IS
    'Milliseconds of the completed sessions.';
COMMENT ON COLUMN analytics.metrics_rollup.calories_kcal IS
    'Kilocalories of the completed sessions, as estimated.';
COMMENT ON COLUMN analytics.metrics_rollup.computed_at IS
    'When it was last computed.';

COMMENT ON VIEW analytics.sessions IS 
    'Sessions, with what came of them. One row per session.';
COMMENT ON COLUMN analytics.sessions.tenant_id IS
    'Whose session it is.';
COMMENT ON COLUMN analytics.sessions.id IS
    'The session.';
COMMENT ON COLUMN analytics.sessions.athlete_id IS
    'Who trained.';
COMMENT ON COLUMN analytics.sessions.workout_id IS
    'Which workout was performed; null where it was none.';
COMMENT ON COLUMN analytics.sessions.status IS
    'underway or completed.';
COMMENT ON COLUMN analytics.sessions.time_zone IS
    'The athlete''s time zone (IANA).';
COMMENT ON COLUMN analytics.sessions.day IS
    'The athlete''s day on which it began.';
COMMENT ON COLUMN analytics.sessions.started_at IS
    'When it began.';
COMMENT ON COLUMN analytics.sessions.completed_at IS
    'When it was over; null while it is underway.';
COMMENT ON COLUMN analytics.sessions.exercise_id IS
    'The exercise of its first set.';
COMMENT ON COLUMN analytics.sessions.exercises IS
    'All exercises, each once, in order of appearance.';
COMMENT ON COLUMN analytics.sessions.sets IS
    'Sets begun.';
COMMENT ON COLUMN analytics.sessions.repetitions IS
    'Repetitions that stand, after corrections.';
COMMENT ON COLUMN analytics.sessions.rejected IS
    'Movements not counted.';
COMMENT ON COLUMN analytics.sessions.duration_ms IS
    'Milliseconds; 0 until it is completed, as are the next three.';
COMMENT ON COLUMN analytics.sessions.frames IS
    'Frames seen.';
COMMENT ON COLUMN analytics.sessions.frames_with_pose IS
    'Frames in which the athlete was found.';
COMMENT ON COLUMN analytics.sessions.calories_kcal IS
    'Kilocalories, as estimated.';
COMMENT ON COLUMN analytics.sessions.accuracy IS
    'Mean form of its repetitions, 0..1; null where none was measured.';
COMMENT ON COLUMN analytics.sessions.performance_score IS
    '0..100; its inputs are the next four.';
COMMENT ON COLUMN analytics.sessions.performance_completion IS
    'Share of the target reached, 0..1.';
COMMENT ON COLUMN analytics.sessions.performance_form IS
    'Form, 0..1.';
COMMENT ON COLUMN analytics.sessions.performance_tempo IS
    'Tempo, 0..1.';
COMMENT ON COLUMN analytics.sessions.performance_range_of_motion IS
    'Range of motion, 0..1.';
COMMENT ON COLUMN analytics.sessions.counted_by_source IS
    'Who counted the newest set: device, server, manual or file.';
COMMENT ON COLUMN analytics.sessions.counted_by_model IS
    'With which pose model.';
COMMENT ON COLUMN analytics.sessions.counted_by_definition_version IS
    'With which version of the exercise''s definition.';
COMMENT ON COLUMN analytics.sessions.counted_by_learned IS
    'By what the counter had learned of the exercise; the beginning of its SHA-256.';
COMMENT ON COLUMN analytics.sessions.position IS
    'Position in the log of the last event in this row.';

COMMENT ON VIEW analytics.sets IS 
    'Sets of all sessions. One row per set.';
COMMENT ON COLUMN analytics.sets.tenant_id IS
    'Whose set it is.';
COMMENT ON COLUMN analytics.sets.id IS
    'The set: its session and number.';
COMMENT ON COLUMN analytics.sets.session_id IS
    'The session; id of analytics.sessions.';
COMMENT ON COLUMN analytics.sets.number IS
    'From 1 within the session.';
COMMENT ON COLUMN analytics.sets.exercise_id IS
    'Which exercise.';
COMMENT ON COLUMN analytics.sets.status IS
    'underway or completed.';
COMMENT ON COLUMN analytics.sets.target_repetitions IS
    'How many were prescribed, if any were.';
COMMENT ON COLUMN analytics.sets.load_kg IS
    'Resistance in kilograms, if it is known.';
COMMENT ON COLUMN analytics.sets.counted_by_source IS
    'Who counted: device, server, manual or file.';
COMMENT ON COLUMN analytics.sets.counted_by_model IS
    'With which pose model.';
COMMENT ON COLUMN analytics.sets.counted_by_definition_version IS
    'With which version of the exercise''s definition.';
COMMENT ON COLUMN analytics.sets.counted_by_learned IS
    'By what the counter had learned of the exercise; the beginning of its SHA-256.';
COMMENT ON COLUMN analytics.sets.repetitions IS
    'Repetitions that stand, after corrections.';
COMMENT ON COLUMN analytics.sets.rejected IS
    'Movements not counted.';
COMMENT ON COLUMN analytics.sets.hold_ms IS
    'Milliseconds held, over all holds of the set.';
COMMENT ON COLUMN analytics.sets.start_ms IS
    'Begin, in milliseconds of the session; null until it is completed.';
COMMENT ON COLUMN analytics.sets.end_ms IS
    'End, in milliseconds of the session; null until it is completed.';
COMMENT ON COLUMN analytics.sets.unjudged IS
    'Names of the faults that nothing in it could show; null where nobody said.';
COMMENT ON COLUMN analytics.sets.position IS
    'Position in the log of the last event in this row.';

COMMENT ON VIEW analytics.repetitions IS 
    'Repetitions that stand. One row per repetition.';
COMMENT ON COLUMN analytics.repetitions.tenant_id IS
    'Whose repetition it is.';
COMMENT ON COLUMN analytics.repetitions.id IS
    'The repetition: its set and number.';
COMMENT ON COLUMN analytics.repetitions.session_id IS
    'The session; id of analytics.sessions.';
COMMENT ON COLUMN analytics.repetitions.set_id IS
    'The set, which knows the exercise; id of analytics.sets.';
COMMENT ON COLUMN analytics.repetitions.set IS
    'Number of the set within the session.';
COMMENT ON COLUMN analytics.repetitions.number IS
    'From 1 within the set; those withdrawn are missing.';
COMMENT ON COLUMN analytics.repetitions.start_ms IS
    'Begin, in milliseconds of the session.';
COMMENT ON COLUMN analytics.repetitions.end_ms IS
    'End, in milliseconds of the session.';
COMMENT ON COLUMN analytics.repetitions.eccentric_s IS
    'Seconds of the eccentric phase; null where the tempo was not measured.';
COMMENT ON COLUMN analytics.repetitions.bottom_pause_s IS
    'Seconds of the pause after it.';
COMMENT ON COLUMN analytics.repetitions.concentric_s IS
    'Seconds of the concentric phase.';
COMMENT ON COLUMN analytics.repetitions.top_pause_s IS
    'Seconds of the pause after it.';
COMMENT ON COLUMN analytics.repetitions.range_of_motion_deg IS
    'Degrees that the joint travelled; null where not measured.';
COMMENT ON COLUMN analytics.repetitions.symmetry IS
    '1 for equal travel of both sides, 0..1; null where one was hidden.';
COMMENT ON COLUMN analytics.repetitions.form IS
    'Quality of the movement, 0..1; null where not measured.';
COMMENT ON COLUMN analytics.repetitions.confidence IS
    'How surely it was one, 0..1.';
COMMENT ON COLUMN analytics.repetitions.faults IS
    'Names of its faults.';
COMMENT ON COLUMN analytics.repetitions.unjudged IS
    'Names of the faults that could not be seen, nor their absence; null where nobody said.';
COMMENT ON COLUMN analytics.repetitions.position IS
    'Position in the log of the last event in this row.';

COMMENT ON VIEW analytics.athlete_days IS 
    'Completed sessions, summed by athlete and their own day.';
COMMENT ON COLUMN analytics.athlete_days.tenant_id IS
    'Whose athlete it is.';
COMMENT ON COLUMN analytics.athlete_days.athlete_id IS
    'Who trained.';
COMMENT ON COLUMN analytics.athlete_days.day IS
    'The athlete''s day on which the sessions began.';
COMMENT ON COLUMN analytics.athlete_days.week IS
    'Monday of that day''s week.';
COMMENT ON COLUMN analytics.athlete_days.month IS
    'First of that day''s month.';
COMMENT ON COLUMN analytics.athlete_days.sessions IS
    'Completed sessions.';
COMMENT ON COLUMN analytics.athlete_days.sets IS
    'Their sets.';
COMMENT ON COLUMN analytics.athlete_days.repetitions IS
    'Their repetitions.';
COMMENT ON COLUMN analytics.athlete_days.duration_ms IS
    'Their milliseconds.';
COMMENT ON COLUMN analytics.athlete_days.calories_kcal IS
    'Their kilocalories, as estimated.';
COMMENT ON COLUMN analytics.athlete_days.accuracy_weight IS
    'Sum of accuracy x repetitions; divide it by the next column.';
COMMENT ON COLUMN analytics.athlete_days.accuracy_repetitions IS
    'Repetitions of sessions that have an accuracy.';
COMMENT ON COLUMN analytics.athlete_days.position IS
    'Position in the log of the last event in this row.';

-- Who may do what. Nobody may do anything else.

REVOKE ALL ON ALL TABLES IN SCHEMA analytics FROM PUBLIC;
REVOKE ALL ON FUNCTION kinelog.show_to_analysts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kinelog.show_to_analysts TO kinelog_reader;
GRANT USAGE ON SCHEMA analytics TO kinelog_analyst, kinelog_reader;
GRANT SELECT ON analytics.open_fields TO kinelog_reader;
GRANT SELECT ON
    analytics.events_flat, analytics.event_counts, analytics.repetitions_per_minute, analytics.active_sessions,
    analytics.exercises_by_hour, analytics.metrics_rollup, analytics.sessions, analytics.sets,
    analytics.repetitions, analytics.athlete_days
    TO kinelog_analyst;
REVOKE USAGE ON SCHEMA kinelog FROM kinelog_analyst;

-- `events_flat` reads the log as `kinelog_reader` does. Whoever hands a view over and is no superuser
-- must be a member of the new owner's role, but only for that moment.
DO $$
DECLARE
    member boolean := pg_has_role(current_user, 'kinelog_reader', 'MEMBER');
BEGIN
    IF NOT member THEN
        GRANT kinelog_reader TO CURRENT_USER;
    END IF;
    GRANT CREATE ON SCHEMA analytics TO kinelog_reader;
    ALTER VIEW analytics.events_flat OWNER TO kinelog_reader;
    REVOKE CREATE ON SCHEMA analytics FROM kinelog_reader;
    IF NOT member THEN
        REVOKE kinelog_reader FROM CURRENT_USER;
    END IF;
END
$$;

-- Analysts log in by roles of their own that are members of this one, and only read. Whoever
-- upgrades may lack the right to say so; then docs/analysts.md has it to be said by a superuser.
DO $$
BEGIN
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO kinelog_analyst', current_database());
    EXECUTE format(
        'ALTER ROLE kinelog_analyst IN DATABASE %I SET default_transaction_read_only = on',
        current_database()
    );
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'kinelog_analyst is left as it is: see docs/analysts.md';
END
$$;

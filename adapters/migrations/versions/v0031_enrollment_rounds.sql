-- Rounds of enrollments: an empty view, which is shown the read model.
CREATE VIEW analytics.enrollment_rounds AS SELECT
    NULL::text COLLATE "C" AS tenant_id,
    NULL::text COLLATE "C" AS id,
    NULL::bigint AS round,
    NULL::text COLLATE "C" AS user_id,
    NULL::text COLLATE "C" AS trainer_id,
    NULL::text COLLATE "C" AS plan_id,
    NULL::bigint AS plan_number,
    NULL::text COLLATE "C" AS status,
    NULL::bigint AS weeks,
    NULL::bigint AS sessions,
    NULL::timestamptz AS created_at,
    NULL::timestamptz AS began_at,
    NULL::date AS ended_on,
    NULL::jsonb AS workouts,
    NULL::text COLLATE "C" AS subscription_id,
    NULL::bigint AS performed,
    NULL::bigint AS missed,
    NULL::bigint AS next_number,
    NULL::text COLLATE "C" AS next_workout_id,
    NULL::text COLLATE "C" AS next_session_id,
    NULL::date AS next_due_on,
    NULL::bigint AS "position"
WHERE false;

-- Shows a read model to analysts, as before, and the rounds of enrollments.
CREATE OR REPLACE FUNCTION kinelog.show_to_analysts(model text, is_there boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    shown text := CASE model
        WHEN 'session_summary' THEN 'sessions'
        WHEN 'exercise_set' THEN 'sets'
        WHEN 'repetition' THEN 'repetitions'
        WHEN 'athlete_day' THEN 'athlete_days'
        WHEN 'achievement' THEN 'achievements'
        WHEN 'leaderboards' THEN 'leaderboards'
        WHEN 'session_frames' THEN 'session_frames'
        WHEN 'enrollment' THEN 'enrollments'
        WHEN 'payment' THEN 'payments'
        WHEN 'recommendation' THEN 'recommendations'
        WHEN 'enrollment_rounds' THEN 'enrollment_rounds'
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

-- The view of enrollments keeps its columns, for analysts built on them; new ones come after the old. It
-- is made empty, and then shown its read model again, if that is there.
DO $$
DECLARE
    columns text;
BEGIN
    SELECT string_agg(
        format(
            'NULL::%s%s AS %I', format_type(atttypid, atttypmod),
            CASE WHEN attcollation = 0 THEN '' ELSE ' COLLATE "C"' END, attname
        ), ', ' ORDER BY attnum
    ) INTO columns
    FROM pg_attribute
    WHERE attrelid = 'analytics.enrollments'::regclass AND attnum > 0;
    EXECUTE format(
        'CREATE OR REPLACE VIEW analytics.enrollments AS SELECT %s,'
        ' NULL::timestamptz AS began_at, NULL::date AS ended_on WHERE false',
        columns
    );
END
$$;

SELECT kinelog.show_to_analysts(model, to_regclass(format('read.%I', model)) IS NOT NULL)
FROM unnest(ARRAY['enrollment', 'enrollment_rounds']) AS model;

GRANT SELECT ON analytics.enrollment_rounds TO kinelog_analyst;

-- The meaning of each column; docs/analysts.md says the same.
COMMENT ON VIEW analytics.enrollment_rounds IS
    'Rounds of enrollments in plans: a user who enrolls in the same plan again begins another one. One row per round.';
COMMENT ON COLUMN analytics.enrollment_rounds.tenant_id IS
    'Whose enrollment it is.';
COMMENT ON COLUMN analytics.enrollment_rounds.id IS
    'The enrollment.';
COMMENT ON COLUMN analytics.enrollment_rounds.round IS
    'From 1: each time that the user enrolled in the plan.';
COMMENT ON COLUMN analytics.enrollment_rounds.user_id IS
    'Who enrolled.';
COMMENT ON COLUMN analytics.enrollment_rounds.trainer_id IS
    'Whose plan it is.';
COMMENT ON COLUMN analytics.enrollment_rounds.plan_id IS
    'The plan.';
COMMENT ON COLUMN analytics.enrollment_rounds.plan_number IS
    'The version of the plan.';
COMMENT ON COLUMN analytics.enrollment_rounds.status IS
    'pending_payment, active, paused, completed or cancelled.';
COMMENT ON COLUMN analytics.enrollment_rounds.weeks IS
    'Weeks of the plan.';
COMMENT ON COLUMN analytics.enrollment_rounds.sessions IS
    'Workouts in all weeks.';
COMMENT ON COLUMN analytics.enrollment_rounds.created_at IS
    'When the user enrolled.';
COMMENT ON COLUMN analytics.enrollment_rounds.began_at IS
    'When it began: at once, or with the first payment; null before.';
COMMENT ON COLUMN analytics.enrollment_rounds.ended_on IS
    'The athlete''s day on which it was completed, or the day in UTC on which it was cancelled; null before.';
COMMENT ON COLUMN analytics.enrollment_rounds.workouts IS
    'The workouts that the plan prescribes, each once.';
COMMENT ON COLUMN analytics.enrollment_rounds.subscription_id IS
    'The subscription that pays for it; null where the plan is free.';
COMMENT ON COLUMN analytics.enrollment_rounds.performed IS
    'Workouts performed.';
COMMENT ON COLUMN analytics.enrollment_rounds.missed IS
    'Workouts missed.';
COMMENT ON COLUMN analytics.enrollment_rounds.next_number IS
    'Number of the next workout, from 1; null once the round is over, as are the next three.';
COMMENT ON COLUMN analytics.enrollment_rounds.next_workout_id IS
    'The next workout.';
COMMENT ON COLUMN analytics.enrollment_rounds.next_session_id IS
    'The session in which it will be performed.';
COMMENT ON COLUMN analytics.enrollment_rounds.next_due_on IS
    'The day on which it is due.';
COMMENT ON COLUMN analytics.enrollment_rounds."position" IS
    'Position in the log of the last event of the enrollment.';
COMMENT ON VIEW analytics.enrollments IS
    'Enrollments in plans, each in its latest round. One row per enrollment.';
COMMENT ON COLUMN analytics.enrollments.began_at IS
    'When it began: at once, or with the first payment; null before.';
COMMENT ON COLUMN analytics.enrollments.ended_on IS
    'The athlete''s day on which it was completed, or the day in UTC on which it was cancelled; null before.';

-- A view keeps its columns, for analysts built on them; new ones come after the old. Each is made
-- empty, and then shown its read model again, if that is there.
DO $$
DECLARE
    added record;
    columns text;
BEGIN
    FOR added IN SELECT * FROM (VALUES
        ('sessions', 'session_summary',
            'NULL::text COLLATE "C" AS status_before, NULL::bigint AS skipped,'
            ' NULL::text COLLATE "C" AS body_mass, NULL::text COLLATE "C" AS healthkit_status,'
            ' NULL::text COLLATE "C" AS healthkit_reason'),
        ('sets', 'exercise_set',
            'NULL::bigint AS line, NULL::bigint AS target_hold_s, NULL::jsonb AS overridden,'
            ' NULL::jsonb AS looks, NULL::text COLLATE "C" AS stands'),
        ('repetitions', 'repetition', 'NULL::boolean AS by_hand')
    ) AS each (view, model, more) LOOP
        SELECT string_agg(
            format(
                'NULL::%s%s AS %I', format_type(atttypid, atttypmod),
                CASE WHEN attcollation = 0 THEN '' ELSE ' COLLATE "C"' END, attname
            ), ', ' ORDER BY attnum
        ) INTO columns
        FROM pg_attribute
        WHERE attrelid = format('analytics.%I', added.view)::regclass AND attnum > 0;
        EXECUTE format(
            'CREATE OR REPLACE VIEW analytics.%I AS SELECT %s, %s WHERE false',
            added.view, columns, added.more
        );
        PERFORM kinelog.show_to_analysts(
            added.model, to_regclass(format('read.%I', added.model)) IS NOT NULL
        );
    END LOOP;
END
$$;

-- What each column means; docs/analysts.md says the same.
COMMENT ON COLUMN analytics.sessions.status IS
    'underway or completed; deleted where the athlete wants to see it no more.';
COMMENT ON COLUMN analytics.sessions.status_before IS
    'What a deleted one was; null for others.';
COMMENT ON COLUMN analytics.sessions.skipped IS
    'Sets of the prescription that were not begun.';
COMMENT ON COLUMN analytics.sessions.body_mass IS
    'Whose body mass the calories rest on: given at its end, profile, or default for a reference person.';
COMMENT ON COLUMN analytics.sessions.healthkit_status IS
    'How far writing it to HealthKit has come: not_requested, pending, synced or failed.';
COMMENT ON COLUMN analytics.sessions.healthkit_reason IS
    'Why that failed; null where it did not.';
COMMENT ON COLUMN analytics.sets.line IS
    'Which line of the prescription it performs, from 1; null where there is none.';
COMMENT ON COLUMN analytics.sets.target_hold_s IS
    'How many seconds of holding were prescribed, if any were.';
COMMENT ON COLUMN analytics.sets.overridden IS
    'Checks of the camera''s picture that were not right when it was begun all the same.';
COMMENT ON COLUMN analytics.sets.looks IS
    'What the device''s landmarks and ours of its pictures came to, where they differ.';
COMMENT ON COLUMN analytics.sets.stands IS
    'Whose of these two are followed: device or server; null where there are not two.';
COMMENT ON COLUMN analytics.repetitions.by_hand IS
    'Whether the athlete says that it was done, whoever else counts the set.';

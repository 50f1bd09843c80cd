-- A view keeps its columns, for analysts built on them; new ones come after the old. Each is made
-- empty, and then shown its read model again, if that is there.
DO $$
DECLARE
    added record;
    columns text;
BEGIN
    FOR added IN SELECT * FROM (VALUES
        ('sets', 'exercise_set',
            'NULL::bigint AS verified_repetitions, NULL::bigint AS verified_hold_ms'),
        ('athlete_days', 'athlete_day', 'NULL::bigint AS verified_repetitions')
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

-- The meaning of each column; docs/analysts.md says the same.
COMMENT ON COLUMN analytics.sets.verified_repetitions IS
    'Repetitions that Kinelog counted itself; null until the session is completed, or where it was not recorded.';
COMMENT ON COLUMN analytics.sets.verified_hold_ms IS
    'Milliseconds held that Kinelog measured itself; null as above.';
COMMENT ON COLUMN analytics.athlete_days.verified_repetitions IS
    'Repetitions that Kinelog counted itself; all of a session for which this was not recorded.';

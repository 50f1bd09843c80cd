-- A view keeps its columns, for analysts built on them; new ones come after the old. Each is made
-- empty, and then shown its read model again, if that is there.
DO $$
DECLARE
    added record;
    columns text;
BEGIN
    FOR added IN SELECT * FROM (VALUES
        ('athlete_days', 'athlete_day', 'NULL::bigint AS accuracy_hold_ms'),
        ('leaderboards', 'leaderboards', 'NULL::bigint AS form_hold_ms')
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
COMMENT ON COLUMN analytics.athlete_days.accuracy_weight IS
    'Sum of accuracy x weight; divide it by the weights: accuracy_repetitions + accuracy_hold_ms / 1000.0.';
COMMENT ON COLUMN analytics.athlete_days.accuracy_repetitions IS
    'Repetitions whose form was measured; all of a session with an accuracy for which this was not recorded.';
COMMENT ON COLUMN analytics.athlete_days.accuracy_hold_ms IS
    'Milliseconds held whose form was measured; a second weighs as much as one repetition.';
COMMENT ON COLUMN analytics.leaderboards.form_weight IS
    'Sum of form x weight; divide it by the weights: form_repetitions + form_hold_ms / 1000.0.';
COMMENT ON COLUMN analytics.leaderboards.form_repetitions IS
    'Repetitions whose form was measured; all of a set with a form for which this was not recorded.';
COMMENT ON COLUMN analytics.leaderboards.form_hold_ms IS
    'Milliseconds held whose form was measured; a second weighs as much as one repetition.';

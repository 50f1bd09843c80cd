-- A view keeps its columns, for analysts built on them; new ones come after the old. Each is made
-- empty, and then shown its read model again, if that is there.
DO $$
DECLARE
    added record;
    columns text;
BEGIN
    FOR added IN SELECT * FROM (VALUES
        ('sessions', 'session_summary', 'NULL::bigint AS verified_repetitions'),
        ('repetitions', 'repetition', 'NULL::text COLLATE "C" AS source, NULL::boolean AS verified')
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
COMMENT ON COLUMN analytics.sessions.verified_repetitions IS
    'Repetitions that Kinelog counted itself; only these count for leaderboards and awards. Null until completion.';
COMMENT ON COLUMN analytics.repetitions.source IS
    'Counted by: server, device, file or manual; null where it was not recorded.';
COMMENT ON COLUMN analytics.repetitions.verified IS
    'Whether Kinelog counted it itself, from landmarks or images that it received.';

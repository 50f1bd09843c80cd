-- The view keeps its columns, for analysts built on them; the new one comes after the old. It is made
-- empty, and then shown its read model again, if that is there.
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
    WHERE attrelid = 'analytics.sets'::regclass AND attnum > 0;
    EXECUTE format(
        'CREATE OR REPLACE VIEW analytics.sets AS SELECT %s, NULL::double precision AS rpe WHERE false',
        columns
    );
    PERFORM kinelog.show_to_analysts('exercise_set', to_regclass('read.exercise_set') IS NOT NULL);
END
$$;

-- The meaning of the column; docs/analysts.md says the same.
COMMENT ON COLUMN analytics.sets.rpe IS
    'How hard it felt (RPE), as the athlete said: 1 to 10, in steps of 0.5; null where they did not say.';

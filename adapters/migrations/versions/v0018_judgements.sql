-- A view keeps its columns, for analysts built on them; new ones come after the old. Each is made
-- empty, and then shown its read model again, if that is there.
DO $$
DECLARE
    added record;
    columns text;
BEGIN
    FOR added IN SELECT * FROM (VALUES
        ('repetitions', 'repetition',
            'NULL::jsonb AS judgements, NULL::double precision AS form_error')
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
COMMENT ON COLUMN analytics.repetitions.judgements IS
    'Each fault that was judged: fault, degree, probability, measured, bound; null where unrecorded.';
COMMENT ON COLUMN analytics.repetitions.form_error IS
    'Standard deviation of form, 0..1; null where unrecorded.';

-- A view keeps its columns, for analysts built on them; new ones come after the old. Each is made
-- empty, and then shown its read model again, if that is there.
DO $$
DECLARE
    added record;
    columns text;
BEGIN
    FOR added IN SELECT * FROM (VALUES
        ('payments', 'payment',
            'NULL::text COLLATE "C" AS dispute, NULL::text COLLATE "C" AS dispute_reason, '
            || 'NULL::timestamptz AS dispute_due_at')
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
COMMENT ON COLUMN analytics.payments.attention IS
    'Why a person has to act at the gateway; null where nobody has to.';
COMMENT ON COLUMN analytics.payments.is_open IS
    'Whether it is pending, has such attempts, or is disputed.';
COMMENT ON COLUMN analytics.payments.dispute IS
    'Stage of the latest dispute by the bank of the user; null without one.';
COMMENT ON COLUMN analytics.payments.dispute_reason IS
    'Reason of the bank.';
COMMENT ON COLUMN analytics.payments.dispute_due_at IS
    'When evidence must have been given at the gateway; null where none is due.';

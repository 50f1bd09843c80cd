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
    WHERE attrelid = 'analytics.payments'::regclass AND attnum > 0;
    EXECUTE format(
        'CREATE OR REPLACE VIEW analytics.payments AS SELECT %s, NULL::bigint AS owed_minor WHERE false',
        columns
    );
    PERFORM kinelog.show_to_analysts('payment', to_regclass('read.payment') IS NOT NULL);
END
$$;

-- The meaning of each column; docs/analysts.md says the same.
COMMENT ON COLUMN analytics.payments.attention IS
    'Why a person has to act, at the gateway or after a failed refund; null where nobody has to.';
COMMENT ON COLUMN analytics.payments.owed_minor IS
    'Refunds that have failed at the bank of the user and were not repaid yet, in the same unit.';

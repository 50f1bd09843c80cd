-- Recommendations: an empty view, which is shown the read model.
CREATE VIEW analytics.recommendations AS SELECT
    NULL::text COLLATE "C" AS tenant_id,
    NULL::text COLLATE "C" AS id,
    NULL::text COLLATE "C" AS user_id,
    NULL::text COLLATE "C" AS context,
    NULL::text COLLATE "C" AS model,
    NULL::timestamptz AS generated_at,
    NULL::bigint AS listed,
    NULL::bigint AS viewed,
    NULL::bigint AS clicked,
    NULL::timestamptz AS clicked_at,
    NULL::bigint AS "position"
WHERE false;

-- Shows a read model to analysts, as before, and the recommendations.
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

SELECT kinelog.show_to_analysts('recommendation', to_regclass('read.recommendation') IS NOT NULL);

GRANT SELECT ON analytics.recommendations TO kinelog_analyst;

-- The meaning of each column; docs/analysts.md says the same.
COMMENT ON VIEW analytics.recommendations IS
    'Lists of recommendations, and what came of them. One row per list.';
COMMENT ON COLUMN analytics.recommendations.tenant_id IS
    'Whose list it is.';
COMMENT ON COLUMN analytics.recommendations.id IS
    'The list.';
COMMENT ON COLUMN analytics.recommendations.user_id IS
    'For whom it was made.';
COMMENT ON COLUMN analytics.recommendations.context IS
    'The page that asked for it.';
COMMENT ON COLUMN analytics.recommendations.model IS
    'The ranking that made it.';
COMMENT ON COLUMN analytics.recommendations.generated_at IS
    'When it was made.';
COMMENT ON COLUMN analytics.recommendations.listed IS
    'Items in the list.';
COMMENT ON COLUMN analytics.recommendations.viewed IS
    'Items that the user saw, from the first.';
COMMENT ON COLUMN analytics.recommendations.clicked IS
    'Items that the user opened.';
COMMENT ON COLUMN analytics.recommendations.clicked_at IS
    'When they opened the first one; null before.';
COMMENT ON COLUMN analytics.recommendations."position" IS
    'Position in the log of the last event in this row.';

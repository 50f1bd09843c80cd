-- The frames of recordings: an empty view, which is shown the read models' view of that name.
CREATE VIEW analytics.session_frames AS SELECT
    NULL::text COLLATE "C" AS tenant_id,
    NULL::bigint AS id,
    NULL::text COLLATE "C" AS session_id,
    NULL::double precision AS "timestamp",
    NULL::bigint AS frame_number,
    NULL::jsonb AS pose_data,
    NULL::text COLLATE "C" AS image_path
WHERE false;

-- As before, with one view more.
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

SELECT kinelog.show_to_analysts('session_frames', to_regclass('read.session_frames') IS NOT NULL);

GRANT SELECT ON analytics.session_frames TO kinelog_analyst;

-- The meaning of each column; docs/analysts.md says the same.
COMMENT ON VIEW analytics.session_frames IS
    'Frames of recordings, one row per frame.';
COMMENT ON COLUMN analytics.session_frames.tenant_id IS
    'Whose frame it is.';
COMMENT ON COLUMN analytics.session_frames.id IS
    'From 1 within the recording.';
COMMENT ON COLUMN analytics.session_frames.session_id IS
    'The recording.';
COMMENT ON COLUMN analytics.session_frames."timestamp" IS
    'Seconds since the session began; frames of a chunk are evenly spaced, exact times are in the media store.';
COMMENT ON COLUMN analytics.session_frames.frame_number IS
    'From 0 within the recording.';
COMMENT ON COLUMN analytics.session_frames.pose_data IS
    'Where its landmarks are: digest of the chunk in the media store, and number of the frame in it, from 0. They are encrypted for the athlete.';
COMMENT ON COLUMN analytics.session_frames.image_path IS
    'Digest of the list of the chunk''s pictures in the media store; null where there are none.';

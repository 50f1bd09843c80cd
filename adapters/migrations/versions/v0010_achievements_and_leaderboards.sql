-- Analysts see what athletes have earned, and what leaderboards are reckoned from. Each view is made
-- empty, and then shown its read model, if that is there.

CREATE VIEW analytics.achievements AS SELECT
    NULL::text COLLATE "C" AS tenant_id,
    NULL::text COLLATE "C" AS id,
    NULL::text COLLATE "C" AS athlete_id,
    NULL::text COLLATE "C" AS kind,
    NULL::text COLLATE "C" AS name,
    NULL::text COLLATE "C" AS tier,
    NULL::text COLLATE "C" AS measure,
    NULL::double precision AS least,
    NULL::double precision AS figure,
    NULL::text COLLATE "C" AS session_id,
    NULL::timestamptz AS earned_at,
    NULL::bigint AS "position"
WHERE false;

CREATE VIEW analytics.leaderboards AS SELECT
    NULL::text COLLATE "C" AS tenant_id,
    NULL::text COLLATE "C" AS athlete_id,
    NULL::text COLLATE "C" AS exercise_id,
    NULL::text COLLATE "C" AS session_id,
    NULL::bigint AS repetitions,
    NULL::double precision AS best_form,
    NULL::double precision AS form_weight,
    NULL::bigint AS form_repetitions,
    NULL::date AS "day",
    NULL::date AS week,
    NULL::date AS "month",
    NULL::bigint AS day_number,
    NULL::boolean AS shown,
    NULL::bigint AS "position"
WHERE false;

-- As before, with two views more.
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

SELECT kinelog.show_to_analysts(model, to_regclass(format('read.%I', model)) IS NOT NULL)
FROM unnest(ARRAY['achievement', 'leaderboards']) AS model;

GRANT SELECT ON analytics.achievements, analytics.leaderboards TO kinelog_analyst;

-- What each column means; docs/analysts.md says the same.
COMMENT ON VIEW analytics.achievements IS
    'Badges and tiers of trophies that athletes have earned.';
COMMENT ON COLUMN analytics.achievements.tenant_id IS
    'Whose athlete it is.';
COMMENT ON COLUMN analytics.achievements.id IS
    'The achievement: athlete, name and, of a trophy, tier.';
COMMENT ON COLUMN analytics.achievements.athlete_id IS
    'Who earned it.';
COMMENT ON COLUMN analytics.achievements.kind IS
    'badge or trophy.';
COMMENT ON COLUMN analytics.achievements.name IS
    'Of the badge, or of the trophy''s family.';
COMMENT ON COLUMN analytics.achievements.tier IS
    'bronze, silver or gold; null for a badge.';
COMMENT ON COLUMN analytics.achievements.measure IS
    'What was measured.';
COMMENT ON COLUMN analytics.achievements.least IS
    'How much of it was asked for.';
COMMENT ON COLUMN analytics.achievements.figure IS
    'How much it was in that session.';
COMMENT ON COLUMN analytics.achievements.session_id IS
    'The session in which it was earned; it may be deleted since.';
COMMENT ON COLUMN analytics.achievements.earned_at IS
    'When that was completed.';
COMMENT ON COLUMN analytics.achievements.position IS
    'Position in the log of the last event in this row.';
COMMENT ON VIEW analytics.leaderboards IS
    'What each exercise in a completed session adds to leaderboards, of members and of others.';
COMMENT ON COLUMN analytics.leaderboards.tenant_id IS
    'Whose athlete it is.';
COMMENT ON COLUMN analytics.leaderboards.athlete_id IS
    'Who trained.';
COMMENT ON COLUMN analytics.leaderboards.exercise_id IS
    'The exercise.';
COMMENT ON COLUMN analytics.leaderboards.session_id IS
    'The session.';
COMMENT ON COLUMN analytics.leaderboards.repetitions IS
    'Repetitions of its sets.';
COMMENT ON COLUMN analytics.leaderboards.best_form IS
    'Form of the best set, 0..1; null where none was measured.';
COMMENT ON COLUMN analytics.leaderboards.form_weight IS
    'Sum of form x repetitions; divide it by the next column.';
COMMENT ON COLUMN analytics.leaderboards.form_repetitions IS
    'Repetitions whose form was measured.';
COMMENT ON COLUMN analytics.leaderboards.day IS
    'The athlete''s day on which the session began; null while it is underway.';
COMMENT ON COLUMN analytics.leaderboards.week IS
    'Monday of that day''s week.';
COMMENT ON COLUMN analytics.leaderboards.month IS
    'First of that day''s month.';
COMMENT ON COLUMN analytics.leaderboards.day_number IS
    'Days since the beginning of the year 1; neighbours differ by one.';
COMMENT ON COLUMN analytics.leaderboards.shown IS
    'Whether the athlete has not deleted the session.';
COMMENT ON COLUMN analytics.leaderboards.position IS
    'Position in the log of the last event in this row.';

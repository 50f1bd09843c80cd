-- Enrollments and payments: empty views, which are shown the read models.
CREATE VIEW analytics.enrollments AS SELECT
    NULL::text COLLATE "C" AS tenant_id,
    NULL::text COLLATE "C" AS id,
    NULL::text COLLATE "C" AS user_id,
    NULL::text COLLATE "C" AS trainer_id,
    NULL::text COLLATE "C" AS plan_id,
    NULL::bigint AS plan_number,
    NULL::text COLLATE "C" AS status,
    NULL::bigint AS weeks,
    NULL::bigint AS sessions,
    NULL::timestamptz AS created_at,
    NULL::jsonb AS workouts,
    NULL::text COLLATE "C" AS subscription_id,
    NULL::bigint AS performed,
    NULL::bigint AS missed,
    NULL::bigint AS next_number,
    NULL::text COLLATE "C" AS next_workout_id,
    NULL::text COLLATE "C" AS next_session_id,
    NULL::date AS next_due_on,
    NULL::bigint AS "position"
WHERE false;

CREATE VIEW analytics.payments AS SELECT
    NULL::text COLLATE "C" AS tenant_id,
    NULL::text COLLATE "C" AS id,
    NULL::text COLLATE "C" AS user_id,
    NULL::text COLLATE "C" AS subscription_id,
    NULL::text COLLATE "C" AS status,
    NULL::text COLLATE "C" AS region,
    NULL::bigint AS amount_minor,
    NULL::text COLLATE "C" AS currency,
    NULL::timestamptz AS created_at,
    NULL::timestamptz AS changed_at,
    NULL::text COLLATE "C" AS gateway,
    NULL::text COLLATE "C" AS route_reason,
    NULL::boolean AS needs_action,
    NULL::text COLLATE "C" AS decline_reason,
    NULL::text COLLATE "C" AS fail_reason,
    NULL::text COLLATE "C" AS attention,
    NULL::bigint AS returned_minor,
    NULL::jsonb AS unsettled,
    NULL::boolean AS is_open,
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
        WHEN 'session_frames' THEN 'session_frames'
        WHEN 'enrollment' THEN 'enrollments'
        WHEN 'payment' THEN 'payments'
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
FROM unnest(ARRAY['enrollment', 'payment']) AS model;

GRANT SELECT ON analytics.enrollments, analytics.payments TO kinelog_analyst;

-- The meaning of each column; docs/analysts.md says the same.
COMMENT ON VIEW analytics.enrollments IS
    'Enrollments in plans. One row per enrollment.';
COMMENT ON COLUMN analytics.enrollments.tenant_id IS
    'Whose enrollment it is.';
COMMENT ON COLUMN analytics.enrollments.id IS
    'The enrollment.';
COMMENT ON COLUMN analytics.enrollments.user_id IS
    'Who enrolled.';
COMMENT ON COLUMN analytics.enrollments.trainer_id IS
    'Whose plan it is.';
COMMENT ON COLUMN analytics.enrollments.plan_id IS
    'The plan.';
COMMENT ON COLUMN analytics.enrollments.plan_number IS
    'The version of the plan.';
COMMENT ON COLUMN analytics.enrollments.status IS
    'pending_payment, active, paused, completed or cancelled.';
COMMENT ON COLUMN analytics.enrollments.weeks IS
    'Weeks of the plan.';
COMMENT ON COLUMN analytics.enrollments.sessions IS
    'Workouts in all weeks.';
COMMENT ON COLUMN analytics.enrollments.created_at IS
    'When the user enrolled.';
COMMENT ON COLUMN analytics.enrollments.workouts IS
    'The workouts that the plan prescribes, each once.';
COMMENT ON COLUMN analytics.enrollments.subscription_id IS
    'The subscription that pays for it; null where the plan is free.';
COMMENT ON COLUMN analytics.enrollments.performed IS
    'Workouts performed.';
COMMENT ON COLUMN analytics.enrollments.missed IS
    'Workouts missed.';
COMMENT ON COLUMN analytics.enrollments.next_number IS
    'Number of the next workout, from 1; null once the enrollment is over, as are the next three.';
COMMENT ON COLUMN analytics.enrollments.next_workout_id IS
    'The next workout.';
COMMENT ON COLUMN analytics.enrollments.next_session_id IS
    'The session in which it will be performed.';
COMMENT ON COLUMN analytics.enrollments.next_due_on IS
    'The day on which it is due.';
COMMENT ON COLUMN analytics.enrollments."position" IS
    'Position in the log of the last event in this row.';
COMMENT ON VIEW analytics.payments IS
    'Payments of subscriptions. One row per payment.';
COMMENT ON COLUMN analytics.payments.tenant_id IS
    'Whose payment it is.';
COMMENT ON COLUMN analytics.payments.id IS
    'The payment.';
COMMENT ON COLUMN analytics.payments.user_id IS
    'Who pays.';
COMMENT ON COLUMN analytics.payments.subscription_id IS
    'The subscription that it pays for.';
COMMENT ON COLUMN analytics.payments.status IS
    'pending, completed, failed or refunded.';
COMMENT ON COLUMN analytics.payments.region IS
    'The region of the price.';
COMMENT ON COLUMN analytics.payments.amount_minor IS
    'Amount with tax, in the smallest unit of the currency, such as cents.';
COMMENT ON COLUMN analytics.payments.currency IS
    'Currency (ISO 4217).';
COMMENT ON COLUMN analytics.payments.created_at IS
    'When it was begun.';
COMMENT ON COLUMN analytics.payments.changed_at IS
    'When it last changed.';
COMMENT ON COLUMN analytics.payments.gateway IS
    'The gateway of the latest attempt; null before the first.';
COMMENT ON COLUMN analytics.payments.route_reason IS
    'Why it was sent to that gateway.';
COMMENT ON COLUMN analytics.payments.needs_action IS
    'Whether the user has to act, such as for 3-D Secure.';
COMMENT ON COLUMN analytics.payments.decline_reason IS
    'Why the latest attempt was declined; null where it was not.';
COMMENT ON COLUMN analytics.payments.fail_reason IS
    'Why the payment failed; null where it did not.';
COMMENT ON COLUMN analytics.payments.attention IS
    'Why an administrator has to look at it; null where nobody has to.';
COMMENT ON COLUMN analytics.payments.returned_minor IS
    'Part of the amount that was returned, in the same unit.';
COMMENT ON COLUMN analytics.payments.unsettled IS
    'Attempts that are to be voided or refunded.';
COMMENT ON COLUMN analytics.payments.is_open IS
    'Whether it is pending, or has such attempts.';
COMMENT ON COLUMN analytics.payments."position" IS
    'Position in the log of the last event in this row.';

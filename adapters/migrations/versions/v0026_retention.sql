-- Retention: computed from the view of training days, which is shown the read model.
CREATE VIEW analytics.retention AS
WITH trained AS (
    SELECT DISTINCT tenant_id, athlete_id, month FROM analytics.athlete_days WHERE sessions > 0
), cohorts AS (
    SELECT tenant_id, athlete_id, min(month) AS cohort FROM trained GROUP BY tenant_id, athlete_id
)
SELECT trained.tenant_id, cohorts.cohort, trained.month, count(*) AS athletes
FROM trained JOIN cohorts
    ON cohorts.tenant_id = trained.tenant_id AND cohorts.athlete_id = trained.athlete_id
GROUP BY trained.tenant_id, cohorts.cohort, trained.month;

GRANT SELECT ON analytics.retention TO kinelog_analyst;

-- The meaning of each column; docs/analysts.md says the same.
COMMENT ON VIEW analytics.retention IS
    'How many of the athletes who first trained in a month trained in that month and in later ones.';
COMMENT ON COLUMN analytics.retention.tenant_id IS
    'Whose athletes they are.';
COMMENT ON COLUMN analytics.retention.cohort IS
    'First of the month in which they first completed a session.';
COMMENT ON COLUMN analytics.retention.month IS
    'First of the month in which they trained, of their own calendars.';
COMMENT ON COLUMN analytics.retention.athletes IS
    'How many of the cohort trained in it; in the first month, all.';

-- The meaning of columns in plain words; docs/analysts.md says the same.
COMMENT ON COLUMN analytics.sessions.counted_by_model IS
    'The pose model.';
COMMENT ON COLUMN analytics.sessions.counted_by_definition_version IS
    'Version of the exercise''s definition.';
COMMENT ON COLUMN analytics.sessions.status_before IS
    'Status before the deletion; null for others.';
COMMENT ON COLUMN analytics.sets.counted_by_model IS
    'The pose model.';
COMMENT ON COLUMN analytics.sets.counted_by_definition_version IS
    'Version of the exercise''s definition.';
COMMENT ON COLUMN analytics.sets.looks IS
    'Counts by device and by server, where they differ.';
COMMENT ON COLUMN analytics.sets.stands IS
    'The accepted count: device or server; null where there are not two.';

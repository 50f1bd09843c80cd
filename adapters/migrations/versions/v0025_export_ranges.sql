-- Exports may have a range of days, and be of an athlete whom the user trains.
ALTER TABLE privacy.personal_export
  ADD COLUMN athlete_id text,
  ADD COLUMN since date,
  ADD COLUMN until date;

CREATE OR REPLACE VIEW privacy.exports WITH (security_invoker = true) AS
SELECT tenant_id, id, user_id, state, created_at, expires_at, files, size, problem_code, format, athlete_id, since, until
FROM privacy.personal_export;

-- Exports have a format; those before were archives of all personal data.
ALTER TABLE privacy.personal_export ADD COLUMN format text NOT NULL DEFAULT 'archive';

CREATE OR REPLACE VIEW privacy.exports WITH (security_invoker = true) AS
SELECT tenant_id, id, user_id, state, created_at, expires_at, files, size, problem_code, format
FROM privacy.personal_export;

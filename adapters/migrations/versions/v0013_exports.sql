-- The data exports of users under their plain name. The view shows the rows of the table that its
-- reader may see.
CREATE VIEW privacy.exports WITH (security_invoker = true) AS
SELECT tenant_id, id, user_id, state, created_at, expires_at, files, size, problem_code
FROM privacy.personal_export;

REVOKE ALL ON privacy.exports FROM PUBLIC;
GRANT SELECT ON privacy.exports TO kinelog_app;

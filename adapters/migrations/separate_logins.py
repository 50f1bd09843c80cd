"""Separate database logins: one owns the event log, another runs the platform.

The owner of a table may drop its triggers, so a process that logs in as the owner could make the
log mutable. After `separate`, the login of the running processes owns what they create and change
(read models, jobs, accounts, statistics), and only reads and appends to the log.
"""

from typing import Final

import sqlalchemy as sa

from domain.kernel import Rejected

CHANGEABLE_SCHEMAS: Final = (
    "analytics",
    "emails",
    "identity",
    "jobs",
    "knowledge",
    "live",
    "pose_coach",
    "privacy",
    "read",
)
"""Schemas whose tables the running processes change; some are created when a process starts."""

ROLES: Final = ("kinelog_app", "kinelog_reader", "kinelog_relay")
"""Roles that running processes take."""

SEPARATE: Final = """
DO $$
DECLARE
    run_time name := current_setting('kinelog.run_time_login');
    log_owner_id oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
    run_time_id oid := (SELECT oid FROM pg_roles WHERE rolname = run_time);
    schemas text[] := '{{{schemas}}}';
    roles text[] := '{{{roles}}}';
    named text;
    statement text;
BEGIN
    FOREACH named IN ARRAY schemas LOOP
        EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', named);
    END LOOP;

    -- Schemas first: the new owner of an object must be allowed to create in its schema.
    FOR statement IN
        SELECT format('ALTER SCHEMA %I OWNER TO %I', wanted.name, pg_get_userbyid(wanted.owner))
        FROM (
            SELECT unnest(schemas) AS name, run_time_id AS owner
            UNION ALL SELECT 'kinelog', log_owner_id
        ) AS wanted
        JOIN pg_namespace AS n ON n.nspname = wanted.name
        WHERE n.nspowner <> wanted.owner
    LOOP
        EXECUTE statement;
    END LOOP;

    -- Objects of these two logins only: events_flat and append belong to roles without login.
    FOR statement IN
        SELECT format('ALTER %s %s OWNER TO %I', each.kind, each.name, pg_get_userbyid(each.wanted))
        FROM (
            SELECT 'TABLE' AS kind, c.oid::regclass::text AS name, c.oid, c.relowner AS owner,
                CASE n.nspname WHEN 'kinelog' THEN log_owner_id ELSE run_time_id END AS wanted
            FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE (n.nspname = 'kinelog' OR n.nspname = ANY (schemas)) AND c.relkind IN ('r', 'v')
            UNION ALL
            SELECT 'ROUTINE', p.oid::regprocedure::text, p.oid, p.proowner,
                CASE n.nspname WHEN 'kinelog' THEN log_owner_id ELSE run_time_id END
            FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
            WHERE n.nspname = 'kinelog' OR n.nspname = ANY (schemas)
        ) AS each
        WHERE each.owner IN (log_owner_id, run_time_id)
            AND each.owner <> each.wanted
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = each.oid AND deptype = 'e')
    LOOP
        EXECUTE statement;
    END LOOP;

    -- Policies for the former owner of a table are for its new one.
    FOR statement IN
        SELECT format('ALTER POLICY %I ON %s TO %I', p.polname, p.polrelid::regclass, run_time)
        FROM pg_policy AS p
        JOIN pg_class AS c ON c.oid = p.polrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (schemas) AND p.polroles = ARRAY[log_owner_id]
    LOOP
        EXECUTE statement;
    END LOOP;

    FOREACH named IN ARRAY roles LOOP
        IF NOT pg_has_role(run_time, named, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', named, run_time);
        END IF;
    END LOOP;
    -- Reading is subject to policies, which show the login itself no event.
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), run_time);
    EXECUTE format('GRANT USAGE ON SCHEMA kinelog TO %I', run_time);
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA kinelog TO %I', run_time);
    EXECUTE format('GRANT EXECUTE ON FUNCTION kinelog.show_to_analysts TO %I', run_time);
END
$$
""".format(schemas=",".join(CHANGEABLE_SCHEMAS), roles=",".join(ROLES))  # noqa: S608  constants

NAME: Final = sa.text("SELECT set_config('kinelog.run_time_login', :login, true)")
LOGINS: Final = sa.text(
    "SELECT current_user AS owner, count(*) AS number,"
    " coalesce(bool_and(pg_has_role(current_user, oid, 'USAGE')), false) AS inherits"
    " FROM pg_roles WHERE rolname = :login"
)


class LoginsNotReady(Rejected):
    """The two database logins cannot be separated."""

    code = "storage.logins_not_ready"
    kind = "unavailable"


def separate(connection: sa.Connection, run_time_login: str) -> None:
    """Give the log to the current login, and everything else to `run_time_login`.

    Idempotent; does nothing if both are the same login. Raises LoginsNotReady unless the current
    login inherits the rights of the other, which it needs to upgrade the other's tables.
    """
    logins = connection.execute(LOGINS, {"login": run_time_login}).one()
    if logins.owner == run_time_login:
        return
    if not logins.number:
        raise LoginsNotReady(f"PostgreSQL has no login {run_time_login}. Create it.")
    if not logins.inherits:
        raise LoginsNotReady(
            f"The login {logins.owner} does not inherit the rights of {run_time_login}."
            f" As a superuser, run GRANT {run_time_login} TO {logins.owner}."
        )
    connection.execute(NAME, {"login": run_time_login})
    connection.exec_driver_sql(SEPARATE, execution_options={"no_parameters": True})

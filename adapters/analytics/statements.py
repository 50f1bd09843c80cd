"""SQL statements that update windows. Each takes whole columns and writes rows in their order."""

from typing import Final

from application.analytics.windows import TALLIED

_NAMES: Final = ", ".join(TALLIED)
_ARRAYS: Final = ", ".join(["%s::bigint[]"] * len(TALLIED))


def _added(table: str) -> str:
    return ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in TALLIED)


POSITIONS: Final = """
SELECT partition, due FROM worker_position WHERE worker_group = %s AND topic = %s
"""

BEGIN_POSITION: Final = """
INSERT INTO worker_position (worker_group, topic, partition, due) VALUES (%s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""

MOVE_POSITION: Final = """
UPDATE worker_position SET due = %s
WHERE worker_group = %s AND topic = %s AND partition = %s AND due = %s
"""
"""Move a position from its expected value; after a concurrent move it changes nothing."""

RESTART_POSITIONS: Final = """
UPDATE worker_position SET due = 0 WHERE topic = ANY(%s::text[])
"""

STANDINGS: Final = """
SELECT tenant_id, stream, standing::text FROM session_standing
WHERE (tenant_id, stream) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""

KEEP_STANDINGS: Final = """
INSERT INTO session_standing (tenant_id, stream, version, standing)
SELECT * FROM unnest(%s::text[], %s::text[], %s::integer[], %s::jsonb[])
ON CONFLICT (tenant_id, stream)
DO UPDATE SET version = excluded.version, standing = excluded.standing
WHERE NOT session_standing.standing @> '{"is_erased": true}'
"""
"""It changes nothing of a session whose athlete was erased meanwhile."""

ERASE_STANDINGS: Final = """
INSERT INTO session_standing (tenant_id, stream, version, standing)
SELECT %s, stream, 0, '{"is_erased": true}' FROM unnest(%s::text[]) AS stream
ON CONFLICT (tenant_id, stream) DO UPDATE SET version = 0, standing = excluded.standing
"""

ADD_MINUTES: Final = """
INSERT INTO session_minute (tenant_id, minute, stream, repetitions)
SELECT * FROM unnest(%s::text[], %s::timestamptz[], %s::text[], %s::bigint[])
ON CONFLICT (tenant_id, minute, stream)
DO UPDATE SET repetitions = session_minute.repetitions + excluded.repetitions
"""

ADD_HOURS: Final = f"""
INSERT INTO exercise_hour (tenant_id, hour, exercise_id, athlete_id, {_NAMES})
SELECT * FROM unnest(%s::text[], %s::timestamptz[], %s::text[], %s::text[], {_ARRAYS})
ON CONFLICT (tenant_id, hour, exercise_id, athlete_id) DO UPDATE SET {_added("exercise_hour")}
"""  # noqa: S608  our own names

DROP_EMPTY_HOURS: Final = f"""
DELETE FROM exercise_hour
WHERE (tenant_id, hour, exercise_id, athlete_id) IN (
    SELECT * FROM unnest(%s::text[], %s::timestamptz[], %s::text[], %s::text[])
) AND ({_NAMES}) = ({", ".join(["0"] * len(TALLIED))})
"""  # noqa: S608  our own names
"""Delete hours without repetitions or sets left: those athletes no longer count for the
exercise."""

ADD_DAYS: Final = f"""
INSERT INTO training_day (tenant_id, day, athlete_id, {_NAMES})
SELECT * FROM unnest(%s::text[], %s::date[], %s::text[], {_ARRAYS})
ON CONFLICT (tenant_id, day, athlete_id) DO UPDATE SET {_added("training_day")}
"""  # noqa: S608  our own names

TOUCH_DAYS: Final = """
INSERT INTO roll_up_due AS known (tenant_id, day, ends_at)
SELECT * FROM unnest(%s::text[], %s::date[], %s::timestamptz[])
ON CONFLICT (tenant_id, day)
DO UPDATE SET ends_at = greatest(known.ends_at, excluded.ends_at), touched = known.touched + 1
"""

DAYS_OVER: Final = """
SELECT tenant_id, day, touched FROM roll_up_due WHERE asked < touched AND ends_at <= %s
ORDER BY day, tenant_id
"""

MARK_REQUESTED: Final = """
UPDATE roll_up_due SET asked = greatest(asked, %s) WHERE tenant_id = %s AND day = %s
"""

DAYS_BETWEEN: Final = f"""
SELECT tenant_id, day, athlete_id, {_NAMES} FROM training_day
WHERE tenant_id = %s AND %s <= day AND day < %s
"""  # noqa: S608  our own names

PUT_ROLL_UPS: Final = f"""
INSERT INTO roll_up (id, tenant_id, period, start, athlete_id, athletes, {_NAMES})
SELECT * FROM unnest(
    %s::uuid[], %s::text[], %s::text[], %s::date[], %s::text[], %s::bigint[], {_ARRAYS}
)
ON CONFLICT (id) DO UPDATE SET
    athletes = excluded.athletes, computed_at = excluded.computed_at,
    {", ".join(f"{name} = excluded.{name}" for name in TALLIED)}
"""  # noqa: S608  our own names

COUNT: Final = """
WITH fresh AS (
    INSERT INTO counted_stream AS known (tenant_id, stream, versions)
    VALUES (%s, %s, int4multirange(int4range(%s, %s, '[]')))
    ON CONFLICT (tenant_id, stream)
    DO UPDATE SET versions = known.versions + excluded.versions
    WHERE NOT known.versions @> excluded.versions
    RETURNING true
)
INSERT INTO event_count AS known (tenant_id, day, name, events)
SELECT %s, %s, %s, 1 FROM fresh
ON CONFLICT (tenant_id, day, name) DO UPDATE SET events = known.events + 1
"""
"""Count an event unless this version of its stream has been counted."""

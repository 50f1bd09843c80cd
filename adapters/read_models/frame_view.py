"""SQL view `session_frames`: one row for each frame of a recording (R-DAT-04).

Frames are not rows of a table: their landmarks and pictures are in the media store, sealed with
the person's key. The view lists the frames of the chunks in `recording_chunk`, and where each
frame's data is. Frames of a chunk are evenly spaced in it; the exact times are in the media store.
"""

from typing import Final

import sqlalchemy as sa

NAME: Final = "session_frames"
SOURCE: Final = "recording_chunk"
"""The read model whose table has the chunks."""

VIEW: Final = """
CREATE {or_replace} VIEW session_frames AS SELECT
    chunk.tenant_id,
    chunk.first_frame + {number} + 1 AS id,
    chunk.recording_id AS session_id,
    (
        chunk.start_ms
        + CAST(chunk.end_ms - chunk.start_ms AS double precision) * {number}
        / CASE WHEN chunk.frames > 1 THEN chunk.frames - 1 ELSE 1 END
    ) / 1000 AS "timestamp",
    chunk.first_frame + {number} AS frame_number,
    {object}('chunk', chunk.digest, 'frame', {number}) AS pose_data,
    chunk.images AS image_path,
    chunk.owner_id,
    chunk.key
FROM {table} AS chunk CROSS JOIN {numbers}
"""

POSTGRESQL: Final = {
    "or_replace": "OR REPLACE",
    "object": "jsonb_build_object",
    "number": "frame.number",
    "numbers": "LATERAL generate_series(0, chunk.frames - 1) AS frame (number)",
}

SQLITE: Final = {
    "or_replace": "",
    "object": "json_object",
    "number": "frame.key",
    "numbers": (
        "json_each('[0' || replace(hex(zeroblob(chunk.frames - 1)), '00', ',0') || ']') AS frame"
    ),
}
"""SQLite has no `generate_series`: the keys of an array of as many zeros are the numbers."""


def create_frame_view(connection: sa.Connection, table: str) -> None:
    """Create the view on the table of chunks, or on PostgreSQL point it at another one."""
    dialect = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    connection.exec_driver_sql(VIEW.format(table=table, **dialect))

"""Databases and read models that an erasure rewrites, because rows are deleted from them."""

from typing import Final

FREE_TEXT_MODELS: Final = (
    "plan",
    "pose_session",
    "session_recording",
    "session_summary",
    "trainer",
    "user_profile",
    "workout_prescription",
)
"""Read models with free text of users."""

REWRITTEN: Final = frozenset(
    {"tables.sqlite3", "identity.sqlite3", "live.sqlite3", "privacy.sqlite3", "pose_*.sqlite3"}
)
"""SQLite files from which rows are deleted."""

"""Databases and read models that an erasure rewrites, because rows are deleted from them."""

from typing import Final

PERSONAL_MODELS: Final = (
    "content_item",
    "health_goal",
    "health_integration",
    "health_metric",
    "participant",
    "plan",
    "pose_session",
    "pose_totals",
    "published_content",
    "session_recording",
    "session_summary",
    "trainer",
    "user_profile",
    "workout_prescription",
)
"""Read models with what events have encrypted: texts of users, and health data."""

REWRITTEN: Final = frozenset(
    {"tables.sqlite3", "identity.sqlite3", "live.sqlite3", "privacy.sqlite3", "pose_*.sqlite3"}
)
"""SQLite files from which rows are deleted."""

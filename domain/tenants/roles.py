"""Roles of the users of a tenant."""

from typing import Literal

StaffRole = Literal["trainer", "analyst", "administrator"]
"""Trainers upload content, analysts see aggregate statistics, administrators manage roles."""

Role = Literal["member"] | StaffRole
"""Every user is a member; some have a staff role as well (R-CAT-06)."""

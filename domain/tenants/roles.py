"""Whoever has an account with a tenant is a member; some have a role beside that."""

from typing import Literal

StaffRole = Literal["trainer", "analyst", "administrator"]
"""Uploads content; looks at everybody's figures; decides who has which role."""

Role = Literal["member"] | StaffRole
"""The roles that follow from what people do here (R-CAT-06)."""

"""Erasure in tests that are not about it."""

from domain.ids import TenantId, UserId


def nobody_is_erased(_tenant: TenantId, _user: UserId) -> bool:
    """Return False."""
    return False

"""Periods that syncs of health clouds fetch."""

from datetime import datetime, timedelta
from typing import Final

from application.health.deliveries import DeliveringCloud
from application.health.links import HealthLink
from application.health.providers import HealthProvider

EVERY: Final = timedelta(hours=24)
"""Time between two syncs without a webhook (R-HLT-07)."""

FIRST: Final = timedelta(days=30)
"""Days before linking that the first sync fetches."""

OVERLAP: Final = timedelta(days=7)
"""Days before the last sync that each sync fetches again, for late, changed and deleted records."""


def start_of_sync(link: HealthLink, provider: HealthProvider, now: datetime) -> datetime:
    """Return the beginning of the period that a sync fetches.

    A cloud that delivers is asked for each period once, and not before a day has passed.
    """
    if link.synced_until is None:
        start = now - FIRST
    elif isinstance(provider, DeliveringCloud):
        start = link.synced_until if now - link.synced_until >= EVERY else now
    else:
        start = link.synced_until - OVERLAP
    if provider.reach is not None:  # records before it are not listed, and not deleted
        start = max(start, now - provider.reach)
    return start

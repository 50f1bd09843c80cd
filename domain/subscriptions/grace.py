"""Grace: access after the date of a renewal that has failed, while it is tried again.

A user loses it for a year by a subscription that ends in it. Trials have none, and pauses need
none: they give no access.
"""

from datetime import datetime, timedelta
from typing import Final

WITHHELD: Final = timedelta(days=365)
"""Time after the unpaid end in which the user begins neither a trial nor a period with grace."""


def outlasts_date(*, has_grace: bool, on_trial: bool) -> bool:
    """Return whether access stays after the date of a renewal that has failed."""
    return has_grace and not on_trial


def is_in_grace(
    *,
    has_grace: bool,
    on_trial: bool,
    is_past_due: bool,
    ends_at: datetime | None,
    renews_at: datetime | None,
    at: datetime,
) -> bool:
    """Return whether a subscription gives access at a moment without being paid or cancelled.

    `is_past_due`: a renewal has failed, and the subscription is not paused.
    """
    is_unpaid = is_past_due and outlasts_date(has_grace=has_grace, on_trial=on_trial)
    return is_unpaid and ends_at is None and renews_at is not None and renews_at < at

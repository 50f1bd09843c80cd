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


def grace_begins_at(
    *,
    has_grace: bool,
    on_trial: bool,
    is_past_due: bool,
    ends_at: datetime | None,
    renews_at: datetime | None,
) -> datetime | None:
    """Return when a subscription begins to give access without being paid or cancelled, or None.

    `is_past_due`: a renewal has failed, and the subscription is not paused.
    """
    is_unpaid = is_past_due and outlasts_date(has_grace=has_grace, on_trial=on_trial)
    return renews_at if is_unpaid and ends_at is None else None

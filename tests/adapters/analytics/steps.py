"""A step of an analytics worker: received events and a change of position."""

from collections.abc import Sequence

from application.analytics.ports import Step
from application.analytics.windows import ReceivedEvent


def step(
    seen_events: Sequence[ReceivedEvent],
    before: int | None = None,
    after: int = 1,
    *,
    partition: int = 0,
) -> Step:
    expected = {} if before is None else {partition: before}
    return Step("analysts", "events", expected, {partition: after}, seen_events)

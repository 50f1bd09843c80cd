"""Two hundred stops of a workout while stores and workers fail: both stores equal the log."""

from datetime import timedelta
from random import Random
from typing import Any, Final

import pytest

from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import PAGE_LIMIT, Window
from application.pose_coach.sinks import RETRY
from application.pose_coach.stores import SessionRecord
from domain.ids import DEFAULT_TENANT
from domain.pose_coach.key import PoseCoachKey
from projections.pose_session import POSE_SESSION
from tests.application.pose_coach.coach_fixture import Coach, Faulty, content
from tests.application.pose_coach.coach_fixture import coach as opened

coach = opened

STOPS: Final = 200


class Killed(BaseException):
    """The worker ends here, without any further step of its own."""


class Chaos(Faulty):
    """A store that fails, or whose worker is killed, before or after some of its writes."""

    def __init__(self, faulty: Faulty, random: Random) -> None:
        super().__init__(faulty._store)
        self.random: Random | None = random

    def __getattr__(self, name: str) -> Any:
        work = getattr(self._store, name)
        if self.random is None or name not in {"save", "delete", "save_profile"}:
            return work
        fault = self.random.choice([None, None, None, StorageUnavailable("down"), Killed()])
        is_done = self.random.random() < 0.5

        def write(*arguments: Any) -> Any:
            result = work(*arguments) if fault is None or is_done else None
            if fault is not None:
                raise fault
            return result

        return write


def follow(coach: Coach, *stores: Chaos) -> None:
    """Run a worker for each store; a killed one is not started again at once."""
    for store in stores:
        try:
            coach.follow(store)
        except Killed:
            continue


@pytest.mark.slow
def test_stores_equal_the_log_after_two_hundred_stops_with_failures(coach: Coach) -> None:
    """R-PCH-15, R-PCH-18, R-PCH-21, R-OPS-09: byte for byte, with deletions and merges between."""
    random = Random(17)  # noqa: S311  no secret
    document, analytics = Chaos(coach.document, random), Chaos(coach.analytics, random)
    for number in range(STOPS):
        session_id = coach.save(number)
        if random.random() < 0.1:
            coach.delete(session_id)
        coach.now += timedelta(seconds=random.choice([0, 1, 60]))
        if random.random() < 0.3:
            follow(coach, document, analytics)
    document.random = analytics.random = None
    coach.now += timedelta(seconds=RETRY.longest_s)
    for _ in range(2):
        coach.follow(document, analytics)
    page = coach.platform.read.page(POSE_SESSION, DEFAULT_TENANT, window=Window(PAGE_LIMIT))
    rows = [edge.row for edge in page.edges]
    assert 150 < len(rows) < STOPS
    log = content([SessionRecord.of(row, PoseCoachKey("uid-of-ada")) for row in rows])
    for store in (coach.stores.document, coach.stores.analytics):
        assert content(store.list(DEFAULT_TENANT, "uid-of-ada")) == log
    assert coach.verify()

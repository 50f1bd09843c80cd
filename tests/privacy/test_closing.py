"""The platform closes what background tasks use after they have ended."""

from collections.abc import Callable

import pytest

from adapters.users.background_tasks import Background
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring import privacy
from domain.ids import DEFAULT_TENANT, UserId


def test_an_archive_under_way_can_read_the_log_until_it_ends(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-12: reading from a closed database would crash the process."""
    read: list[Callable[[], object]] = []
    outcomes: list[object] = []

    class LastTask(Background):
        def close(self) -> None:
            self(lambda: outcomes.append(read[0]()))
            super().close()

    monkeypatch.setattr(privacy, "Background", LastTask)
    with open_platform(settings) as platform:
        erasure = platform.privacy().erasure
        read.append(lambda: erasure.subject_data(DEFAULT_TENANT, UserId("ada")))
        read[0]()
    assert len(outcomes) == 1

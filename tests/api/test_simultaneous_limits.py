"""Limits of exports and imports hold for requests at the same moment, and one gets the last."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from application.health import import_service
from application.platform import Platform
from application.privacy.data_exports import ExportQuota
from application.privacy.personal_exports import ExportQuotaExceeded
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api.health_files import CSV, SHARED, upload
from tests.api.health_records import connect
from tests.api.measuring import ada
from tests.api.people import Person, Town
from tests.api.stored_uploads import shelves

__all__ = ["ada"]

pytestmark = pytest.mark.both_compositions

AT_ONCE = 4
"""Requests at the same moment."""

ROUNDS = 10
"""Repetitions of a race that one of two orders would let pass."""


def at_once(ask: Callable[[], Any]) -> Counter[Any]:
    """Ask from several threads at the same moment; count the answers."""
    barrier = Barrier(AT_ONCE)

    def wait_and_ask(_: int) -> Any:
        barrier.wait()
        return ask()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return Counter(threads.map(wait_and_ask, range(AT_ONCE)))


def test_one_of_several_requests_gets_the_last_export_of_a_day(platform: Platform) -> None:
    """R-API-08, R-TEN-12: the others are refused, and store nothing."""
    exports = replace(
        platform.privacy().exports,
        quota=ExportQuota(of_user=1, of_tenant=1000),
        later=lambda _: None,
    )
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=uuid4())
    for _ in range(ROUNDS):
        user_id = UserId(str(uuid4()))

        def is_accepted(user_id: UserId = user_id) -> bool:
            try:
                exports.request(uuid4(), user_id, origin=origin)
            except ExportQuotaExceeded:
                return False
            return True

        assert at_once(is_accepted) == {True: 1, False: AT_ONCE - 1}
        assert len(exports.store.of_user(DEFAULT_TENANT, user_id)) == 1


def test_one_of_several_requests_gets_the_last_import(
    town: Town, ada: Person, settings: Settings
) -> None:
    """R-API-08: the files of the others are not kept."""
    connect(ada, "apple_health", *SHARED)
    for _ in range(import_service.MOST_UNFINISHED - 1):
        assert upload(ada, CSV, "csv").status_code == 202
    statuses = at_once(lambda: upload(ada, CSV, "csv").status_code)
    assert statuses == {202: 1, 409: AT_ONCE - 1}
    imports = town.platform.health_imports.store.of_user(DEFAULT_TENANT, UserId(ada.id))
    assert len(imports) == len(shelves(settings)) == import_service.MOST_UNFINISHED

"""The list of tenants is read from the log at most every 5 minutes."""

from datetime import UTC, datetime

import pytest

from application.kernel.ports import StorageUnavailable
from application.payments.tenant_list import TENANTS_KEPT, TenantList
from domain.ids import TenantId

AT = datetime(2030, 1, 7, tzinfo=UTC)
STUDIO, CLUB = TenantId("studio"), TenantId("club")


def test_the_log_is_read_again_once_the_list_is_old() -> None:
    now, log = [AT], [STUDIO]
    tenants = TenantList(lambda: list(log), lambda: now[0])
    assert tenants() == (STUDIO,)
    log.append(CLUB)
    assert tenants() == (STUDIO,)
    now[0] += TENANTS_KEPT
    assert tenants() == (STUDIO, CLUB)


def test_the_log_is_read_again_after_an_error() -> None:
    answers: list[list[TenantId] | StorageUnavailable] = [
        [STUDIO],
        StorageUnavailable("The log cannot be reached."),
    ]

    def load() -> list[TenantId]:
        answer = answers.pop()
        if isinstance(answer, StorageUnavailable):
            raise answer
        return answer

    tenants = TenantList(load, lambda: AT)
    with pytest.raises(StorageUnavailable):
        tenants()
    assert tenants() == (STUDIO,)

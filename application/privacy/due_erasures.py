"""Due erasures, and those to be repeated because a backup restored their keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from application.privacy.erasure import ErasureService, NotCertified
from domain.erasures.commands import ErasureUnknown
from domain.ids import UserId
from domain.kernel import Origin, Rejected

logger: Any = structlog.get_logger()


class ErasureFailed(Rejected):
    """An unexpected error ended the erasure; it remains due. The log has the details."""

    code = "erasure.failed"
    kind = "unavailable"


@dataclass(frozen=True)
class DueErasureResults:
    """Results of erasures: certified, not certified, and failed with their errors."""

    certified: Sequence[UserId]
    refused: Sequence[UserId]
    failed: Mapping[UserId, Rejected]


def run_due(erasure: ErasureService, origin: Origin) -> DueErasureResults:
    """Run all due erasures of a tenant, and repeat those whose key a backup has restored.

    A failure does not stop the others; that erasure remains due. An unexpected one is logged.
    Raises StorageUnavailable.
    """
    certified, refused = list[UserId](), list[UserId]()
    failed: dict[UserId, Rejected] = {}
    due = erasure.due(origin.tenant_id)
    for user_id in dict.fromkeys((*due, *erasure.certificates.users(origin.tenant_id))):
        try:
            if user_id not in due and not erasure.is_readable(origin.tenant_id, user_id):
                continue
            outcome = erasure.run(user_id, origin=origin)
        except ErasureUnknown:
            erasure.drop_due(origin.tenant_id, user_id)
        except Rejected as problem:
            failed[user_id] = problem
        except Exception:
            logger.exception("erasure.failed", tenant=origin.tenant_id, user=user_id)
            failed[user_id] = ErasureFailed()
        else:
            (refused if isinstance(outcome, NotCertified) else certified).append(user_id)
    return DueErasureResults(certified, refused, failed)

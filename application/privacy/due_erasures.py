"""Those whose time to change their mind is over are forgotten, one after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from application.privacy.erasure import ErasureService, NotCertified
from domain.erasures.commands import ErasureUnknown
from domain.ids import UserId
from domain.kernel import Origin, Rejected


@dataclass(frozen=True)
class DueErasureResults:
    """Who was forgotten, of whom something is still there, and whose erasure failed, and why."""

    certified: Sequence[UserId]
    refused: Sequence[UserId]
    failed: Mapping[UserId, Rejected]


def run_due(erasure: ErasureService, origin: Origin) -> DueErasureResults:
    """Carry out all erasures of a tenant that are due. Raises StorageUnavailable.

    One that cannot be carried out does not hold up the others; it stays due.
    """
    certified, refused = list[UserId](), list[UserId]()
    failed: dict[UserId, Rejected] = {}
    for who in erasure.due(origin.tenant_id):
        try:
            outcome = erasure.carry_out(who, origin=origin)
        except ErasureUnknown:
            erasure.not_asked(origin.tenant_id, who)
        except Rejected as problem:
            failed[who] = problem
        else:
            (refused if isinstance(outcome, NotCertified) else certified).append(who)
    return DueErasureResults(certified, refused, failed)

"""Those whose time to change their mind is over are forgotten, one after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from application.privacy.erasure import Erasing, NotCertified
from domain.erasures.commands import ErasureUnknown
from domain.ids import UserId
from domain.kernel import Origin, Rejected


@dataclass(frozen=True)
class CarriedOut:
    """Who was forgotten, of whom something is still there, and whose erasure failed, and why."""

    certified: Sequence[UserId]
    refused: Sequence[UserId]
    failed: Mapping[UserId, Rejected]


def carry_out_due(erasing: Erasing, origin: Origin) -> CarriedOut:
    """Carry out all erasures of a tenant that are due. Raises StorageUnavailable.

    One that cannot be carried out does not hold up the others; it stays due.
    """
    certified, refused = list[UserId](), list[UserId]()
    failed: dict[UserId, Rejected] = {}
    for who in erasing.due(origin.tenant_id):
        try:
            outcome = erasing.carry_out(who, origin=origin)
        except ErasureUnknown:
            erasing.not_asked(origin.tenant_id, who)
        except Rejected as problem:
            failed[who] = problem
        else:
            (refused if isinstance(outcome, NotCertified) else certified).append(who)
    return CarriedOut(certified, refused, failed)

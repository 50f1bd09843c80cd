"""A tenant's id stands in front of its streams and names its folder, so its shape is narrow."""

import re

from domain.ids import TenantId
from domain.kernel import Rejected

SHAPE = re.compile(r"[a-z0-9_-]{1,64}")
"""No separator of a path or of a stream, no upper case: some file systems do not tell it apart."""


class TenantInvalid(Rejected):
    """A tenant id has 1 to 64 characters, each a lower-case letter, a digit, `_` or `-`."""

    code = "tenant.invalid"
    kind = "invalid"


def checked(tenant_id: TenantId) -> TenantId:
    """Return the id if nothing but itself can be meant by it; TenantInvalid otherwise."""
    if not SHAPE.fullmatch(tenant_id):
        raise TenantInvalid
    return tenant_id

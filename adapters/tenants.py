"""Validation of tenant ids, which prefix streams and name folders."""

import re

from domain.ids import TenantId
from domain.kernel import Rejected

SHAPE = re.compile(r"[a-z0-9_-]{1,64}")
"""No separators of paths or streams, and no upper case, because some file systems ignore case."""


class TenantInvalid(Rejected):
    """A tenant id has 1 to 64 characters, each a lower-case letter, a digit, `_` or `-`."""

    code = "tenant.invalid"
    kind = "invalid"


def checked(tenant_id: TenantId) -> TenantId:
    """Return the id if it is valid and unambiguous; raise TenantInvalid otherwise."""
    if not SHAPE.fullmatch(tenant_id):
        raise TenantInvalid
    return tenant_id

"""Validation of tenant ids, which prefix streams and name folders."""

import re
from typing import Final

from domain.ids import TenantId
from domain.kernel import Rejected

TENANT_PATTERN: Final = r"^[a-z0-9_-]{1,64}$"
"""No separators of paths or streams, and no upper case, because some file systems ignore case."""


class TenantInvalid(Rejected):
    """A tenant id has 1 to 64 of the characters a to z, 0 to 9, `_` and `-`."""

    code = "tenant.invalid"
    kind = "invalid"


def parse_tenant_id(text: str) -> TenantId:
    """Return the text as a tenant id. Raises TenantInvalid."""
    if not re.fullmatch(TENANT_PATTERN, text):
        raise TenantInvalid
    return TenantId(text)

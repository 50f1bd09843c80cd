"""Object keys of media: tenant, prefix, SHA-256 of the content.

`<tenant>/shelves/<prefix>/<sha256>`, and `<tenant>/<aa>/<sha256>` on the prefix "", where aa begins
the digest. Shelves are sessions or jobs, so all that belongs to one has one beginning.
"""

import re
from typing import Final

from adapters.tenants import checked
from application.kernel.ports import MediaMissing
from domain.ids import TenantId
from domain.kernel import Rejected

DIGEST: Final = re.compile(r"[0-9a-f]{64}")
PREFIX_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}")
"""The shape of an id that a client may choose (`api.caller`): nothing in it leads elsewhere."""


class InvalidPrefix(Rejected):
    """A prefix has an id's name: a letter or digit, then up to 127 of those and of `_.:@-`."""

    code = "media.shelf_invalid"
    kind = "invalid"


def prefix_of(tenant_id: TenantId, prefix: str) -> str:
    """Tell where the prefix's media lie. Raises TenantInvalid or InvalidPrefix."""
    if not PREFIX_PATTERN.fullmatch(prefix):
        raise InvalidPrefix
    return f"{checked(tenant_id)}/shelves/{prefix}"


def place_of(tenant_id: TenantId, digest: str, prefix: str) -> str:
    """Tell where content lies. Raises TenantInvalid, InvalidPrefix; MediaMissing for no digest."""
    folder = prefix_of(tenant_id, prefix) if prefix else f"{checked(tenant_id)}/{digest[:2]}"
    if not DIGEST.fullmatch(digest):
        raise MediaMissing
    return f"{folder}/{digest}"

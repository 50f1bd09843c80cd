"""Media have one name everywhere: their tenant, the shelf they lie on, the digest of their content.

`<tenant>/shelves/<shelf>/<sha256>`, and `<tenant>/<aa>/<sha256>` on the shelf "", where aa begins
the digest. Shelves are sessions or jobs, so all that belongs to one has one beginning.
"""

import re
from typing import Final

from adapters.tenants import checked
from application.kernel.ports import MediaMissing
from domain.ids import TenantId
from domain.kernel import Rejected

DIGEST: Final = re.compile(r"[0-9a-f]{64}")
SHELF: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}")
"""The shape of an id that a client may choose (`api.caller`): nothing in it leads elsewhere."""


class ShelfInvalid(Rejected):
    """A shelf has an id's name: a letter or digit, then up to 127 of those and of `_.:@-`."""

    code = "media.shelf_invalid"
    kind = "invalid"


def shelf_of(tenant_id: TenantId, shelf: str) -> str:
    """Tell where the shelf's media lie. Raises TenantInvalid or ShelfInvalid."""
    if not SHELF.fullmatch(shelf):
        raise ShelfInvalid
    return f"{checked(tenant_id)}/shelves/{shelf}"


def place_of(tenant_id: TenantId, digest: str, shelf: str) -> str:
    """Tell where content lies. Raises TenantInvalid, ShelfInvalid; MediaMissing for no digest."""
    folder = shelf_of(tenant_id, shelf) if shelf else f"{checked(tenant_id)}/{digest[:2]}"
    if not DIGEST.fullmatch(digest):
        raise MediaMissing
    return f"{folder}/{digest}"

"""Object keys of media: tenant, prefix, SHA-256 of the content.

`<tenant>/shelves/<prefix>/<sha256>`, and `<tenant>/<aa>/<sha256>` for the prefix "", where aa
begins the digest. Prefixes are sessions, jobs or versions of content, so all media of one share a
key prefix.
"""

import re
from typing import Final

from application.kernel.ports import MediaMissing
from domain.ids import TenantId
from domain.kernel import Rejected
from domain.tenants.tenant_id import parse_tenant_id

DIGEST: Final = re.compile(r"[0-9a-f]{64}")
PREFIX_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@~-]{0,127}")
"""Allowed ids that a client may choose (`api.caller`): none of them can leave the tenant's
folder. No such id has a `~`: prefixes that have one are never a client's."""


class InvalidPrefix(Rejected):
    """A prefix has 1 to 128 characters: letters, digits and `_.:@~-`, a letter or digit first."""

    code = "media.shelf_invalid"
    kind = "invalid"


def prefix_of(tenant_id: TenantId, prefix: str) -> str:
    """Return the key prefix of the media. Raises TenantInvalid or InvalidPrefix."""
    if not PREFIX_PATTERN.fullmatch(prefix):
        raise InvalidPrefix
    return f"{parse_tenant_id(tenant_id)}/shelves/{prefix}"


def place_of(tenant_id: TenantId, digest: str, prefix: str) -> str:
    """Return the key of content.

    Raises TenantInvalid, InvalidPrefix; MediaMissing for an invalid digest.
    """
    folder = (
        prefix_of(tenant_id, prefix) if prefix else f"{parse_tenant_id(tenant_id)}/{digest[:2]}"
    )
    if not DIGEST.fullmatch(digest):
        raise MediaMissing
    return f"{folder}/{digest}"

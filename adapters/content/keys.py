"""Names of uploaded files in a store: `<tenant>/uploads/<content>/<version>`."""

import re
from typing import Final

from application.content.upload_store import UploadKey
from application.kernel.ports import MediaMissing
from domain.ids import ContentId, TenantId
from domain.tenants.tenant_id import parse_tenant_id

CONTENT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
NAME: Final = re.compile(
    rf"(?P<tenant>[^/]+)/uploads/(?P<content>{CONTENT_ID.pattern})/(?P<number>[0-9]+)"
)


def name_of(key: UploadKey) -> str:
    """Return the name of a file. Raises TenantInvalid, and MediaMissing for an impossible id."""
    if not CONTENT_ID.fullmatch(key.content_id):
        raise MediaMissing
    return f"{prefix_of(key.tenant_id)}{key.content_id}/{key.number}"


def prefix_of(tenant_id: TenantId) -> str:
    """Return the prefix of the names of a tenant's files. Raises TenantInvalid."""
    return f"{parse_tenant_id(tenant_id)}/uploads/"


def key_of(name: str) -> UploadKey | None:
    """Return the key of a name, or None if it names something else."""
    match = NAME.fullmatch(name)
    if match is None:
        return None
    return UploadKey(TenantId(match["tenant"]), ContentId(match["content"]), int(match["number"]))

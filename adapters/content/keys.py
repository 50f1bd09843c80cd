"""Names of files of content in a store.

Uploads are `<tenant>/uploads/<content>/<version>`. Encoded files and captions are in the media
store (`adapters.media.keys`) under the prefixes of `application.content.manifest`.
"""

import re
from typing import Final

from application.content.orphans import EncodedPlace
from application.content.upload_store import UploadKey
from application.kernel.ports import MediaMissing
from domain.ids import ContentId, TenantId
from domain.tenants.tenant_id import parse_tenant_id

CONTENT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
NAME: Final = re.compile(
    rf"(?P<tenant>[^/]+)/uploads/(?P<content>{CONTENT_ID.pattern})/(?P<number>[0-9]+)"
)

MEDIA: Final = "shelves/content~"
MEDIA_NAME: Final = re.compile(
    rf"[^/]+/shelves/(?P<prefix>content~(?P<content>{CONTENT_ID.pattern})\.([0-9]+|captions))"
    r"/(?P<digest>[0-9a-f]{64})"
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


def media_names_of(tenant_id: TenantId) -> str:
    """Return the prefix of the names of a tenant's encoded files and captions.

    Raises TenantInvalid.
    """
    return f"{parse_tenant_id(tenant_id)}/{MEDIA}"


def media_name_of(name: str) -> tuple[ContentId, EncodedPlace] | None:
    """Return the item and the place of an encoded file or of captions, or None for other names."""
    match = MEDIA_NAME.fullmatch(name)
    if match is None:
        return None
    return ContentId(match["content"]), EncodedPlace(match["prefix"], match["digest"])

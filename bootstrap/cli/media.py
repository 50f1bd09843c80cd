"""`kinelog media`: list the stored videos and landmarks of a session, and link to them."""

from datetime import timedelta
from typing import Annotated

import typer

from application.kernel.ports import StoredMedia
from bootstrap.cli.output import (
    JsonOption,
    TenantOption,
    out,
    print_json,
    print_more,
    print_table,
    table,
)
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.content import build_bucket_address
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.platform import build_media_store, build_sealed_media_store
from domain.ids import DEFAULT_TENANT, SessionId, TenantId
from domain.kernel import Rejected

app = typer.Typer(help="The stored videos and landmarks of sessions.", no_args_is_help=True)

SessionArgument = Annotated[str, typer.Argument(help="The session's id.")]


class LinksNotGiven(Rejected):
    """Only media in a bucket have links (KINELOG_S3_BUCKET), and only those of no person."""

    code = "media.no_links"
    kind = "conflict"


class NotificationsNotSet(Rejected):
    """Set KINELOG_S3_BUCKET, KINELOG_S3_ENDPOINT and KINELOG_S3_NOTIFICATION_SECRET first."""

    code = "media.notifications_not_set"
    kind = "invalid"


@app.command("list")
def list_(
    session: SessionArgument,
    *,
    first: Annotated[int, typer.Option(min=1, max=1000, help="Maximum number of rows.")] = 100,
    after: Annotated[str, typer.Option(help="Continue after this digest.")] = "",
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """List the media of a session by the SHA-256 digest of their content."""
    settings, tenant_id = Settings(), TenantId(tenant)
    store = build_media_store(settings)
    media = store.list_media(tenant_id, session, after=after, limit=first)
    if not media:
        with open_platform(settings) as platform:
            platform.history.events(tenant_id, SessionId(session))  # there is such a session
    following = media[-1].digest if len(media) == first else None
    if as_json:
        print_json({"media": media, "next": following})
        return
    result = table(None, "digest", "bytes", right=("bytes",))
    for each in media:
        result.add_row(*_cells(each))
    print_table(result)
    if following is not None:
        print_more(f"kinelog media list {session}", following, tenant)


def _cells(each: StoredMedia) -> tuple[str, str]:
    return each.digest, f"{each.size:,}"


@app.command()
def link(
    session: SessionArgument,
    digest: Annotated[str, typer.Argument(help="The digest, as listed.")],
    *,
    minutes: Annotated[
        int, typer.Option(min=1, max=7 * 24 * 60, help="Minutes until the link expires.")
    ] = 15,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Print a temporary link to the media in its bucket. Anyone with the link can fetch it."""
    lasts = timedelta(minutes=minutes)
    with build_encryption(settings := Settings()) as encryption:
        store = build_sealed_media_store(settings, encryption.sealer)
        url = store.link(TenantId(tenant), digest, prefix=session, lasts=lasts)
    if url is None:
        raise LinksNotGiven
    if as_json:
        print_json({"url": url, "minutes": minutes})
        return
    out.print(url)


@app.command()
def notify(
    *,
    url: Annotated[
        str | None,
        typer.Option(help="Where this platform serves; KINELOG_BASE_URL by default."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Have a bucket of Ceph report uploads that arrived. Repeating it changes nothing."""
    settings = Settings()
    bucket, secret = settings.s3_bucket, settings.s3_notification_secret
    if bucket is None or secret is None or settings.s3_endpoint is None:
        raise NotificationsNotSet
    from adapters.content.bucket_notifications import request_notifications  # noqa: PLC0415  loads the S3 client

    target = f"{(url or settings.base_url).rstrip('/')}/v1/webhooks/object-storage"
    address = build_bucket_address(settings, bucket)
    request_notifications(address, target, secret.get_secret_value())
    if as_json:
        print_json({"bucket": bucket, "url": target})
    else:
        out.print(f"The bucket {bucket} reports uploads to {target}.")

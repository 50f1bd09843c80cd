"""`kinelog media`: list the stored videos and landmarks of a session, and link to them."""

from datetime import timedelta
from typing import Annotated

import typer

from application.kernel.ports import StoredMedia
from bootstrap.cli.output import JsonOption, TenantOption, out, print_json, table
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.platform import build_media_store, build_sealed_media_store
from domain.ids import DEFAULT_TENANT, TenantId
from domain.kernel import Rejected

app = typer.Typer(help="The stored videos and landmarks of sessions.", no_args_is_help=True)

SessionArgument = Annotated[str, typer.Argument(help="The session's id.")]


class LinksNotGiven(Rejected):
    """Only media in a bucket have links (KINELOG_S3_BUCKET), and only those of no person."""

    code = "media.no_links"
    kind = "conflict"


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
    store = build_media_store(Settings())
    media = store.list_media(TenantId(tenant), session, after=after, limit=first)
    following = media[-1].digest if len(media) == first else None
    if as_json:
        print_json({"media": media, "next": following})
        return
    result = table(None, "digest", "bytes", right=("bytes",))
    for each in media:
        result.add_row(*_cells(each))
    out.print(result)
    if following is not None:
        out.print(f"More: kinelog media list {session} --after {following}", markup=False)


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
    out.print(url, markup=False)

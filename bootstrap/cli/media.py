"""`kinelog media`: the films and landmarks of a session, where they are kept."""

from datetime import timedelta
from typing import Annotated

import typer

from application.kernel.ports import StoredMedia
from bootstrap.cli.output import JsonOption, TenantOption, out, print_json, table
from bootstrap.settings import Settings
from bootstrap.wiring.platform import build_media_store
from domain.ids import DEFAULT_TENANT, TenantId
from domain.kernel import Rejected

app = typer.Typer(help="The films and landmarks of sessions.", no_args_is_help=True)

SessionArgument = Annotated[str, typer.Argument(help="The session's id.")]


class LinksNotGiven(Rejected):
    """Only media in a bucket can be reached by a link: set KINELOG_S3_BUCKET."""

    code = "media.no_links"
    kind = "conflict"


@app.command("list")
def list_(
    session: SessionArgument,
    *,
    first: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    after: Annotated[str, typer.Option(help="Go on after this digest.")] = "",
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """List what is kept of a session, by the SHA-256 of its content."""
    store = build_media_store(Settings())
    found = store.list_media(TenantId(tenant), session, after=after, limit=first)
    following = found[-1].digest if len(found) == first else None
    if as_json:
        print_json({"media": found, "next": following})
        return
    made = table(None, "digest", "bytes", right=("bytes",))
    for each in found:
        made.add_row(*_cells(each))
    out.print(made)
    if following is not None:
        out.print(f"More: kinelog media list {session} --after {following}", markup=False)


def _cells(each: StoredMedia) -> tuple[str, str]:
    return each.digest, f"{each.size:,}"


@app.command()
def link(
    session: SessionArgument,
    digest: Annotated[str, typer.Argument(help="What of it, as listed.")],
    *,
    minutes: Annotated[int, typer.Option(min=1, max=7 * 24 * 60, help="How long it lasts.")] = 15,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Give a link to a bucket under which whoever has it can fetch this, for a while."""
    lasts = timedelta(minutes=minutes)
    url = build_media_store(Settings()).link(TenantId(tenant), digest, prefix=session, lasts=lasts)
    if url is None:
        raise LinksNotGiven
    if as_json:
        print_json({"url": url, "minutes": minutes})
        return
    out.print(url, markup=False)

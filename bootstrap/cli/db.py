"""`kinelog db`: upgrade the PostgreSQL database of a cluster."""

import typer
from psycopg.conninfo import conninfo_to_dict

from adapters.migrations import upgrade as upgrade_database
from application.kernel.ports import StorageUnavailable
from bootstrap.cli.output import JsonOption, err, out, print_json
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing, log_url
from bootstrap.wiring.knowledge import index_knowledge

app = typer.Typer(help="The PostgreSQL database of a cluster.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Make the application a group although it has only one command so far."""


@app.command()
def upgrade(*, as_json: JsonOption = False) -> None:
    """Upgrade the database of KINELOG_POSTGRES_URL to this version. Safe to run again.

    With KINELOG_POSTGRES_OWNER_URL, that login upgrades it and owns the event log; the login of
    KINELOG_POSTGRES_URL owns the tables that running processes change. Where PostgreSQL has
    pgvector, it also gets the passages about exercises of this version.
    """
    settings = Settings()
    url = log_url(settings)
    if settings.postgres_owner_url is None:
        upgrade_database(url)
    else:
        owner_url = settings.postgres_owner_url.get_secret_value()
        upgrade_database(owner_url, run_time_login=_login(url))
    is_indexed, problem = _index(settings)
    if as_json:
        print_json({"upgraded": True, "knowledge_indexed": is_indexed})
    else:
        out.print("The database is up to date.")
    if problem is not None:
        err.print(f"Each process keeps its own index of the passages about exercises. {problem}")


def _login(url: str) -> str:
    login = conninfo_to_dict(url).get("user")
    if login is None:
        raise SettingMissing("Name the user in KINELOG_POSTGRES_URL.")
    return str(login)


def _index(settings: Settings) -> tuple[bool, str | None]:
    """Index the knowledge; return whether it is in PostgreSQL, and what prevents it.

    The search works without: a login that may not create a schema can upgrade all the same.
    """
    try:
        is_indexed = index_knowledge(settings)
    except StorageUnavailable as refused:
        return False, refused.detail
    return is_indexed, None if is_indexed else "PostgreSQL has no pgvector."

"""Types of settings that are addresses of servers.

An error does not repeat the address, because it can contain a password.
"""

import re
from collections.abc import Callable
from typing import Annotated, Final, TypeVar
from urllib.parse import SplitResult, unquote, urlencode, urlsplit

from pydantic import AfterValidator, Field, SecretStr

from bootstrap.network_settings import separated

BROKER: Final = re.compile(r"(?:\[[^\s\[\]]+\]|[^\s:/\[\]]+):(\d{1,5})")
PORTS: Final = range(1, 65_536)
UNREADABLE: Final = "check the host of the URL, and its port, if any: from 1 to 65535"

LOST_SERVER: Final = {
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
"""Parameters of libpq that end a connection within 15 s if the server stops responding.
With the defaults of Linux, a query waits for 15 minutes, and an idle connection for two hours."""

Url = TypeVar("Url", str, SecretStr)


def _require_scheme(*schemes: str) -> Callable[[SecretStr], SecretStr]:
    """Return a check of a URL: it begins with one of these schemes."""

    def check(url: SecretStr) -> SecretStr:
        beginning, separator, _ = url.get_secret_value().partition("://")
        if not separator or beginning not in schemes:
            raise ValueError(f"the URL must begin with {' or '.join(f'{it}://' for it in schemes)}")
        return url

    return check


def _require_readable(url: Url) -> Url:
    """Return a URL whose parts can be read. Raises ValueError."""
    _split(url if isinstance(url, str) else url.get_secret_value())
    return url


def _require_host(url: SecretStr) -> SecretStr:
    """Return a secret URL that has a host. Raises ValueError."""
    if not _split(url.get_secret_value()).hostname:
        raise ValueError("the URL must have a host")
    return url


def _require_ascii_sign_in(url: SecretStr) -> SecretStr:
    """Return the URL of a mail server whose sign-in Python's client can send. Raises ValueError."""
    parts = _split(url.get_secret_value())
    if not unquote((parts.username or "") + (parts.password or "")).isascii():
        raise ValueError("the user and the password must have ASCII characters only")
    return url


def _split(url: str) -> SplitResult:
    """Return the parts of a URL. Raises ValueError, also for a port that cannot exist."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its text contains a part of the URL
        raise ValueError(UNREADABLE) from None
    if port == 0:
        raise ValueError(UNREADABLE)
    return parts


def _to_connection_string(url: SecretStr) -> SecretStr:
    """Return a URL that the client of PostgreSQL can read, and that detects a lost server.

    Raises ValueError.
    """
    text = url.get_secret_value()
    own = _parameters(text)
    if own is None:
        raise ValueError("check the host, the parameters and the % of the URL")
    added = {name: value for name, value in LOST_SERVER.items() if name not in own}
    for separator in ("?", "&", "") if added else ():
        longer = f"{text}{separator}{urlencode(added)}"
        if _parameters(longer) == {**own, **added}:  # a ? can be part of the password
            return SecretStr(longer)
    return url


def _parameters(text: str) -> dict[str, object] | None:
    """Return the parameters in a connection string of PostgreSQL, None if it cannot be read."""
    from psycopg import ProgrammingError  # noqa: PLC0415  slow to import
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  slow to import

    try:
        return {**conninfo_to_dict(text)}
    except ProgrammingError:
        return None


def _require_brokers(text: str) -> str:
    """Return the brokers, without spaces. Raises ValueError."""
    brokers = separated(text)
    found = [BROKER.fullmatch(each) for each in brokers]
    if not brokers or not all(each and int(each[1]) in PORTS for each in found):
        raise ValueError("name each broker as host:port, separated by commas")
    return ",".join(brokers)


PostgresUrl = Annotated[
    SecretStr,
    AfterValidator(_require_scheme("postgresql", "postgres")),
    AfterValidator(_to_connection_string),
]
RedisUrl = Annotated[
    SecretStr,
    AfterValidator(_require_scheme("redis", "rediss", "unix")),
    AfterValidator(_require_readable),
]
MailUrl = Annotated[
    SecretStr,
    AfterValidator(_require_scheme("smtp", "smtps", "smtp+plain")),
    AfterValidator(_require_host),
    AfterValidator(_require_ascii_sign_in),
]
PublicUrl = Annotated[
    str, Field(pattern=r"^https?://[^/]+(/[^/]+)*$"), AfterValidator(_require_readable)
]
Brokers = Annotated[str, AfterValidator(_require_brokers)]

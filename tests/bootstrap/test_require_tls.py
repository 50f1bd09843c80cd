"""PostgreSQL and Redis by TLS: real servers, whose certificate only one authority signed."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import redis
from pydantic import ValidationError

from adapters.rate_limit.token_bucket import TokenBuckets
from bootstrap.settings import Settings
from tests.certificates import certificate
from tools.local_services import binaries
from tools.local_services.ports import LOOPBACK, Port
from tools.local_services.postgres import UNSAFE_BUT_FAST, LocalPostgres

PATIENCE_S = 120.0
POSTGRES_TLS = "postgresql://kinelog:s3cret@db.example/kinelog?sslmode=verify-full"
REDIS_TLS = "rediss://cache.example:6379/0"
MYSQL_TLS = "mysql://kinelog:s3cret@db.example:3306/pose_coach?ssl_ca=/run/ca.pem"


def settings(**changes: object) -> Settings:
    encrypted: dict[str, object] = {
        "home": Path("/nowhere"),
        "require_tls": True,
        "postgres_url": POSTGRES_TLS,
        "redis_url": REDIS_TLS,
        "pose_coach_mysql_url": MYSQL_TLS,
        "pose_coach_firestore_project": "project",
        "pose_coach_firestore_key_file": Path("/run/key.json"),
        "kafka": "broker.example:9093",
        "kafka_tls": True,
        "s3_endpoint": "https://s3.example",
    }
    return Settings(**encrypted | changes)  # type: ignore[arg-type]  # of many types


def test_servers_by_verified_tls_are_accepted() -> None:
    """R-TEN-11"""
    assert settings().require_tls
    nothing = dict.fromkeys(("postgres_url", "redis_url", "kafka", "s3_endpoint"))
    assert settings(**nothing).require_tls, "an embedded installation has no servers"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("postgres_url", "postgresql://db.example/kinelog"),
        ("postgres_url", "postgresql://db.example/kinelog?sslmode=require"),
        ("postgres_url", "postgresql://db.example/kinelog?sslmode=verify-fully"),
        ("redis_url", "redis://cache.example:6379/0"),
        ("redis_url", f"{REDIS_TLS}?ssl_cert_reqs=none"),
        ("redis_url", f"{REDIS_TLS}?ssl_check_hostname=false"),
        ("pose_coach_mysql_url", "mysql://u:p@db.example/pose"),
        ("pose_coach_mysql_url", f"{MYSQL_TLS}&ssl_check_hostname=false"),
        ("pose_coach_firestore_url", "http://127.0.0.1:8085"),
        ("speech_recognition_url", "http://speech.example"),
        ("kafka_tls", False),
        ("s3_endpoint", "http://s3.example"),
    ],
)
def test_a_server_without_verified_tls_is_refused(name: str, value: object) -> None:
    """R-TEN-11: the message names the setting, and never a password."""
    with pytest.raises(ValidationError, match="KINELOG_REQUIRE_TLS is set") as refused:
        settings(**{name: value})
    assert name.removesuffix("_tls").upper() in str(refused.value)
    assert "s3cret" not in str(refused.value)
    assert settings(**{name: value, "require_tls": False})


@dataclass(frozen=True)
class TlsServer:
    """The URL of a server, and the certificate of its authority."""

    url: str
    authority: Path


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Path, Path]]:
    """A key and its certificate in a folder that the user of PostgreSQL can read.

    Those of pytest are closed to other users, each time that a run begins.
    """
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        yield certificate(Path(folder))


@pytest.fixture(scope="module")
def other_authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("other"))[1]


@pytest.fixture(scope="module")
def tls_postgres(pair: tuple[Path, Path]) -> Iterator[TlsServer]:
    key, shown = pair
    server_key = key.with_name("postgres.pem")
    server_key.write_bytes(key.read_bytes())
    server_key.chmod(0o600)
    if os.geteuid() == 0:
        shutil.chown(server_key, "postgres")
    tls = {"ssl": "on", "ssl_cert_file": str(shown), "ssl_key_file": str(server_key)}
    with LocalPostgres(settings={**UNSAFE_BUT_FAST, **tls}) as server:
        yield TlsServer(server.url, shown)


@pytest.fixture(scope="module")
def tls_redis(
    pair: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TlsServer]:
    key, shown = pair
    port = Port()
    words = ["--port", "0", "--tls-port", str(port.number), "--bind", LOOPBACK, "--save", ""]
    words += ["--tls-cert-file", str(shown), "--tls-key-file", str(key)]
    words += ["--tls-ca-cert-file", str(shown), "--tls-auth-clients", "no"]
    process = subprocess.Popen(
        [binaries.redis_server(), *words],
        cwd=tmp_path_factory.mktemp("redis"),
        stdout=subprocess.DEVNULL,
    )
    url = f"rediss://localhost:{port.number}/0?ssl_ca_certs={shown}"
    try:
        until = time.monotonic() + PATIENCE_S
        while not _responds(url):
            assert time.monotonic() < until, "Redis does not respond"
            time.sleep(0.05)
        yield TlsServer(url, shown)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _responds(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def test_postgresql_is_used_by_tls_with_its_authority_only(
    tls_postgres: TlsServer, other_authority: Path
) -> None:
    """R-TEN-11"""
    joint = "&" if "?" in tls_postgres.url else "?"
    url = f"{tls_postgres.url}{joint}sslmode=verify-full&sslrootcert="
    assert settings(postgres_url=f"{url}{tls_postgres.authority}")
    with psycopg.connect(f"{url}{tls_postgres.authority}") as connection:
        ssl = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        assert connection.execute(ssl).fetchone() == (True,)
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        psycopg.connect(f"{url}{other_authority}")


def test_redis_is_used_by_tls_with_its_authority_only(
    tls_redis: TlsServer, other_authority: Path
) -> None:
    """R-TEN-11: by the cache and the rate limits."""
    assert settings(redis_url=tls_redis.url)
    buckets = TokenBuckets("tls", 1, window_s=3600, redis_url=tls_redis.url)
    assert [buckets.consume("ada").granted for _ in range(2)] == [True, False]
    with redis.Redis.from_url(tls_redis.url) as client:
        assert client.exists("kinelog:rate:tls:ada")
    wrong = tls_redis.url.replace(str(tls_redis.authority), str(other_authority))
    with redis.Redis.from_url(wrong) as client, pytest.raises(redis.ConnectionError):
        client.ping()

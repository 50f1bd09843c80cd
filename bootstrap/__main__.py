"""The `kinelog` command, also as `python -m bootstrap`."""

import sys

from adapters.pose.system_libraries import SystemLibraryMissing, require_libraries
from bootstrap.exit_codes import exit_code


def main() -> None:
    """Run the command, if the system has the libraries that drawing and pose estimation link to.

    They are looked for first: without them the commands could not even be imported.
    """
    try:
        require_libraries()
    except SystemLibraryMissing as missing:
        sys.stderr.write(f"kinelog: {missing.detail}\n")
        sys.exit(exit_code(missing))
    from bootstrap.cli.main import main as command  # noqa: PLC0415  needs what was just looked for

    command()


if __name__ == "__main__":
    main()

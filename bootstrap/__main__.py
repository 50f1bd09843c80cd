"""The `kinelog` command, also as `python -m bootstrap`."""

import sys

from adapters.pose.system_libraries import SystemLibraryMissing, require_libraries
from bootstrap.exit_codes import INTERRUPTED, exit_code


def main() -> None:
    """Run the command. Ctrl-C ends it without a stack trace, also while modules are imported."""
    try:
        _run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _run() -> None:
    """Check the system libraries of pose estimation and drawing, then run the command.

    The check comes first: without the libraries, the commands cannot even be imported.
    """
    try:
        require_libraries()
    except SystemLibraryMissing as missing:
        sys.stderr.write(f"kinelog: {missing.detail}\n")
        sys.exit(exit_code(missing))
    from bootstrap.cli.main import main as command  # noqa: PLC0415  needs the libraries

    command()


if __name__ == "__main__":
    main()

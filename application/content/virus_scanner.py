"""Port of the virus scanner, and the policies where none is set."""

from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

import structlog

from domain.kernel import Rejected

logger: Any = structlog.get_logger()


class ScannerUnavailable(Rejected):
    """The virus scanner is not available. The file is scanned when it is."""

    code = "content.scanner_unavailable"
    kind = "unavailable"


class DefinitionsOutdated(Rejected):
    """The virus definitions of the scanner are too old. The file is scanned with newer ones."""

    code = "content.virus_definitions_outdated"
    kind = "unavailable"


class VirusScanner(Protocol):
    """Scans untrusted files."""

    def require_ready(self) -> None:
        """Require that files can be scanned. Raises ScannerUnavailable and DefinitionsOutdated."""
        ...

    def scan(self, file: BinaryIO, proceed: Callable[[], None]) -> str | None:
        """Return the name of malware in a file, or None.

        Calls `proceed` between parts; it ends the scan by raising. Raises ScannerUnavailable and
        DefinitionsOutdated: a file that was not scanned does not pass.
        """
        ...


class NoScanner:
    """Scans nothing: for one process on a machine of its own, which `kinelog doctor` reports."""

    def require_ready(self) -> None:
        """Nothing is required."""

    def scan(self, file: BinaryIO, proceed: Callable[[], None]) -> str | None:  # noqa: ARG002  a port
        proceed()
        logger.warning("content.not_scanned", advice="Set KINELOG_CLAMD.")
        return None


class ScannerRequired:
    """Lets no file pass, as the scanner that the platform requires is not set."""

    def scan(self, file: BinaryIO, proceed: Callable[[], None]) -> str | None:  # noqa: ARG002  a port
        self.require_ready()
        return None

    def require_ready(self) -> None:
        raise ScannerUnavailable(
            "No virus scanner is set, so no file is published. Set KINELOG_CLAMD."
        )

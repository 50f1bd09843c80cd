"""Health check of the virus scanner for trainers' videos."""

from adapters.content.clamd import ClamdScanner
from application.operations.readiness import Check, Degraded
from domain.kernel import Rejected


def virus_scanner(scanner: ClamdScanner | None, *, required: bool) -> Check:
    """Check that the scanner answers and that its definitions are current.

    `required`: without a scanner, no video is published.
    """

    def probe() -> str:
        if scanner is None:
            raise Degraded(
                "No virus scanner is set (KINELOG_CLAMD), so no video of a trainer is published."
                if required
                else "Videos of trainers are not scanned for viruses: KINELOG_CLAMD is not set."
            )
        try:
            return f"The virus scanner answers: {scanner.check_definitions()}."
        except Rejected as obstacle:
            raise Degraded(obstacle.detail) from obstacle

    return Check("virusScanner", probe, needed=False)

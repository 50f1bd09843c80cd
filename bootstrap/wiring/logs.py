"""Logging: JSON lines on standard error; only results go to standard output."""

import logging
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, cast

import structlog

from adapters.telemetry.redaction import hidden
from application.kernel.tracing import current_correlation_id

TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""Tracebacks without local variables, which may hold personal data."""

Report = Callable[[Mapping[str, Any]], None]
Line = MutableMapping[str, Any]


def hide_secrets(_logger: Any, _method: str, line: Line) -> Line:
    """Redact secrets and personal data."""
    return cast("Line", hidden(line))


def add_correlation_id(_logger: Any, _method: str, line: Line) -> Line:
    """Add the correlation id of the current request or message, which is that of its trace."""
    correlation_id = current_correlation_id()
    if correlation_id is not None:
        line.setdefault("correlation_id", str(correlation_id))
    return line


def configure_logs(report: Report | None = None) -> None:
    """Configure logging of this process, including the libraries' (warnings and above).

    A line has the time (UTC), the level, the event and the correlation id (R-LIV-12, R-OPS-04).
    `report` receives each error line.
    """
    shared: list[structlog.typing.Processor] = [
        add_correlation_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([_reporting(report)] if report is not None else []),
        TRACEBACKS,
    ]
    rendering: list[structlog.typing.Processor] = [
        hide_secrets,
        structlog.processors.JSONRenderer(),
    ]
    structlog.configure(
        processors=[*shared, *rendering],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _reporting(report: Report) -> structlog.typing.Processor:
    def processor(_logger: Any, _method: str, line: Line) -> Line:
        if line.get("level") in {"error", "critical"}:
            report(line)
        return line

    return processor

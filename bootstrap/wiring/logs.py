"""Logging: JSON lines on standard error; only results go to standard output."""

import logging
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, cast

import structlog

from adapters.telemetry.redaction import hidden
from application.kernel.cache import LruCache
from application.kernel.tracing import current_correlation_id

TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""Tracebacks without local variables, which may hold personal data."""

REPEATED_AFTER_S: Final = 10.0
"""How often a library may log the same line. Kafka's client logs each of hundreds of attempts a
second while a topic is missing."""
RECENT_LINES: Final = 1000

Report = Callable[[Mapping[str, Any]], None]
Line = MutableMapping[str, Any]


@dataclass
class _RecentLine:
    """A line that was logged `at` a time, and how often it was dropped since."""

    at: float
    dropped: int = 0


class RepeatedLines(logging.Filter):
    """Drops a line that a library has logged within the last seconds, with the same exception.

    The next one that is logged has the number of those dropped, as `repeated`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._recent = LruCache[tuple[str, int, str, str, str], _RecentLine](RECENT_LINES)

    def filter(self, record: logging.LogRecord) -> bool:
        # Not getMessage(): it raises if the arguments do not fit, which the handler reports.
        error = repr(record.exc_info[1]) if record.exc_info else ""
        line = (record.name, record.levelno, str(record.msg), repr(record.args), error)
        now, before = time.monotonic(), self._recent.get(line)
        if before is not None and now - before.at < REPEATED_AFTER_S:
            before.dropped += 1
            return False
        if before is not None and before.dropped:
            record.repeated = before.dropped
        self._recent.put(line, _RecentLine(now))
        return True


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
    handler.addFilter(RepeatedLines())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
            foreign_pre_chain=[
                structlog.stdlib.ExtraAdder(allow=["repeated"]),
                *shared,
                structlog.stdlib.add_logger_name,
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _reporting(report: Report) -> structlog.typing.Processor:
    def processor(_logger: Any, _method: str, line: Line) -> Line:
        if line.get("level") in {"error", "critical"}:
            report(line)
        return line

    return processor

"""Instrumented command handler: counts by outcome, and a span in the trace of the request."""

from collections.abc import Callable
from uuid import UUID

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, EventLog
from application.kernel.telemetry import Metrics, Telemetry, TraceParent, current_trace
from domain.kernel import Origin, Rejected


def _beneath(origin: Origin) -> TraceParent | None:
    """Return the parent span: this thread's span if it is in the origin's trace, else its cause."""
    here = current_trace()
    if here is not None and here.trace_id == origin.correlation_id:
        return None
    if origin.causation_id is None:
        return TraceParent(origin.correlation_id)
    return TraceParent.of(origin.correlation_id, origin.causation_id)


class InstrumentedCommands(CommandHandler):
    """A `CommandHandler` that records a span and a count for each execution."""

    def __init__(
        self, log: EventLog, *, settled: Callable[[int], object], telemetry: Telemetry
    ) -> None:
        super().__init__(log, settled=settled)
        self._tracing = telemetry.tracing
        self._metrics = telemetry.metrics

    def execute(self, *requests: Request, origin: Origin, command_id: UUID) -> AppendResult:
        categories = sorted({request.decider.category for request in requests})
        with self._tracing.span(
            f"command {' '.join(categories)}", beneath=_beneath(origin)
        ) as span:
            span.tell({"kinelog.tenant": origin.tenant_id, "kinelog.command_id": str(command_id)})
            try:
                appended = super().execute(*requests, origin=origin, command_id=command_id)
            except Rejected as refused:
                _count(self._metrics, categories, refused.code)
                raise
            except Exception as failed:
                _count(self._metrics, categories, type(failed).__name__)
                raise
        _count(self._metrics, categories, "repeated" if appended.repeated else "done")
        return appended


def _count(metrics: Metrics, categories: list[str], outcome: str) -> None:
    for category in categories:
        metrics.carried_out(category, outcome)

"""Build telemetry: traces, metrics, logs and error reports of a process."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from typing import Any

from adapters.clock import utc_now
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.telemetry import gauges
from adapters.telemetry.instrumented_commands import InstrumentedCommands
from adapters.telemetry.instrumented_log import InstrumentedEventLog
from adapters.telemetry.instrumented_projections import TracedFilling, TracedReader, TracedTables
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog, LogReader
from application.kernel.telemetry import OFF, Telemetry, Tracing
from application.operations.readiness import Check
from bootstrap.settings import Settings
from bootstrap.wiring.logs import configure_logs
from domain.kernel import Projection, Rejected


class MetricsUnavailable(Rejected):
    """The metrics port is in use, or its address does not belong to this machine."""

    code = "metrics.unavailable"
    kind = "unavailable"


@contextmanager
def build_telemetry(
    settings: Settings, process: str, *, serves_http: bool = False
) -> Generator[Telemetry]:
    """Set up the telemetry of a process, and flush it at the end.

    A process that does not serve HTTP exposes metrics on KINELOG_METRICS_PORT. Raises
    MetricsUnavailable.
    """
    from adapters.telemetry.metrics import PrometheusMetrics  # noqa: PLC0415  for servers only

    release = version("kinelog")
    with ExitStack() as opened:
        if settings.sentry_dsn is not None:
            from adapters.telemetry import sentry  # noqa: PLC0415  slow to import

            flush = sentry.report_errors(
                settings.sentry_dsn.get_secret_value(),
                release=release,
                environment=settings.environment,
                process=process,
            )
            opened.callback(flush)
            configure_logs(sentry.report)
        metrics = PrometheusMetrics(process=process, version=release)
        if settings.metrics_port is not None and not serves_http:
            opened.callback(_expose(metrics.show, settings.host, settings.metrics_port))
        tracing = _tracing(settings, process, release, opened)
        yield Telemetry(tracing, metrics, metrics.exposed)


def _expose(
    show: Callable[[str, int], Callable[[], None]], host: str, port: int
) -> Callable[[], None]:
    try:
        return show(host, port)
    except OSError as error:
        raise MetricsUnavailable(
            f"Cannot expose metrics on {host}:{port}: {error.strerror}."
        ) from error


def _tracing(settings: Settings, process: str, release: str, opened: ExitStack) -> Tracing:
    if settings.otlp_endpoint is None:
        return OFF.tracing
    from adapters.telemetry.tracing import OpenTelemetryTracing, otlp  # noqa: PLC0415  same

    tracing = OpenTelemetryTracing(
        otlp(settings.otlp_endpoint),
        share=settings.trace_sample_ratio,
        process=process,
        version=release,
    )
    opened.callback(tracing.close)
    return tracing


def instrument_log(log: EventLog, telemetry: Telemetry) -> EventLog:
    """Return the log, instrumented unless telemetry is off."""
    return log if telemetry is OFF else InstrumentedEventLog(log, telemetry)


def instrument_commands(
    log: EventLog, settled: Callable[[int], object], telemetry: Telemetry
) -> CommandHandler:
    """Return a command handler, instrumented unless telemetry is off."""
    if telemetry is OFF:
        return CommandHandler(log, settled=settled)
    return InstrumentedCommands(log, settled=settled, telemetry=telemetry)


def instrument_projection_store(
    log: LogReader, database: Database, telemetry: Telemetry
) -> tuple[LogReader, SqlProjectionStore]:
    """Return the log reader and the tables of a projection runner, traced if tracing is on."""
    if telemetry.tracing is OFF.tracing:
        return log, SqlProjectionStore(database)
    filling = TracedFilling(telemetry.tracing)
    return TracedReader(log, filling), TracedTables(database, filling)


def watch(
    telemetry: Telemetry,
    *,
    log: LogReader,
    tables: SqlProjectionStore,
    projections: Sequence[Projection[Any]],
    pools: Mapping[str, Any],
) -> None:
    """Register gauges of the log, the read models and the connection pools."""
    metrics = telemetry.metrics
    metrics.watch("log", gauges.log_head(log))
    metrics.watch("read_models", gauges.read_models(log, tables, projections, utc_now))
    metrics.watch("pools", gauges.pools(pools))


def build_readiness_checks(settings: Settings) -> tuple[Check, ...]:
    """Return the checks of /readyz in addition to log, read models and media."""
    from adapters.health_checks import dependencies  # noqa: PLC0415  slow to import
    from bootstrap.wiring.bus import kafka_config  # noqa: PLC0415  same

    checks = [dependencies.pose_model(settings.cache, settings.pose_model)]
    if settings.kafka is not None:
        checks.append(dependencies.kafka(kafka_config(settings)))
    if settings.redis_url is not None:
        checks.append(dependencies.redis(settings.redis_url.get_secret_value()))
    return tuple(checks)

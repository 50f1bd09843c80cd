"""Set up telemetry: traces, metrics, logs and error reports of a process."""

import platform
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from typing import Any

from prometheus_client import start_http_server

from adapters.clock import utc_now
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.telemetry import gauges
from application.kernel.metrics import BUILD, watch
from application.kernel.ports import LogReader
from application.kernel.tracing import tracing
from application.operations.readiness import Check
from bootstrap.settings import Settings
from bootstrap.wiring.logs import configure_logs
from domain.kernel import Rejected
from projections.registry import ALL


class MetricsUnavailable(Rejected):
    """The metrics port is in use, or its address does not belong to this machine."""

    code = "metrics.unavailable"
    kind = "unavailable"


class SentryDsnInvalid(Rejected):
    """KINELOG_SENTRY_DSN must be a DSN of Sentry, such as https://key@sentry.example.org/1."""

    code = "settings.sentry_dsn_invalid"
    kind = "invalid"


@contextmanager
def build_telemetry(
    settings: Settings, process: str, *, serves_http: bool = False
) -> Generator[None]:
    """Set up the telemetry of a process, and flush it at the end.

    A process that does not serve HTTP exposes metrics on KINELOG_METRICS_PORT. Raises
    MetricsUnavailable and SentryDsnInvalid.
    """
    release = version("kinelog")
    BUILD.info({"version": release, "process": process, "python": platform.python_version()})
    with ExitStack() as opened:
        if settings.sentry_dsn is not None:
            from adapters.telemetry import sentry  # noqa: PLC0415  slow to import

            try:
                flush = sentry.report_errors(
                    settings.sentry_dsn.get_secret_value(),
                    release=release,
                    environment=settings.environment,
                    process=process,
                )
            except ValueError as unusable:
                raise SentryDsnInvalid from unusable
            opened.callback(flush)
            configure_logs(sentry.report)
        if settings.metrics_port is not None and not serves_http:
            _expose_metrics(settings.host, settings.metrics_port, opened)
        if settings.otlp_endpoint is not None:
            from adapters.telemetry import tracing as sdk  # noqa: PLC0415  slow to import

            exporter = sdk.otlp_exporter(settings.otlp_endpoint)
            provider = sdk.build_tracer_provider(exporter, process=process, version=release)
            opened.callback(provider.shutdown)
            tracing.tracer = provider.get_tracer("kinelog", release)
            tracing.ratio = settings.trace_sample_ratio
        try:
            yield
        finally:
            tracing.ratio = 0.0


def _expose_metrics(host: str, port: int, opened: ExitStack) -> None:
    try:
        server, thread = start_http_server(port, host)
    except OSError as error:
        raise MetricsUnavailable(
            f"Cannot expose metrics on {host}:{port}: {error.strerror}."
        ) from error
    opened.callback(server.server_close)
    opened.callback(thread.join)
    opened.callback(server.shutdown)


def watch_storage(log: LogReader, tables: SqlProjectionStore, pools: Mapping[str, Any]) -> None:
    """Register gauges of the log, the read models and the connection pools."""
    watch("log", gauges.log_head(log))
    watch("read_models", gauges.read_models(log, tables, ALL, utc_now))
    watch("pools", gauges.pools(pools))


def build_readiness_checks(settings: Settings) -> tuple[Check, ...]:
    """Return the checks of /readyz in addition to log, read models and media."""
    from adapters.health_checks import dependencies  # noqa: PLC0415  slow to import
    from adapters.pose.model_choice import find_model  # noqa: PLC0415  same
    from bootstrap.wiring.bus import kafka_config  # noqa: PLC0415  same

    checks = [dependencies.pose_model(find_model(settings.cache, settings.pose_model))]
    if settings.kafka is not None:
        checks.append(dependencies.kafka(kafka_config(settings)))
    if settings.redis_url is not None:
        checks.append(dependencies.redis(settings.redis_url.get_secret_value()))
    return tuple(checks)

"""OpenTelemetry SDK: spans sent over OTLP, in batches from a background thread."""

from typing import Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from application.kernel.tracing import requested_span_id

EXPORT_S: Final = 5.0
"""Timeout of one batch to the collector; at the end of the process it is waited for once."""
EXPORT_EVERY_MS: Final = 1000
TRACES_PATH: Final = "/v1/traces"
"""Of OTLP over HTTP: https://opentelemetry.io/docs/specs/otlp/#otlphttp-request"""


class CorrelationIds(RandomIdGenerator):
    """Id generator: the trace id of a root span is the correlation id of the current context."""

    def generate_trace_id(self) -> int:
        return trace.get_current_span().get_span_context().trace_id or super().generate_trace_id()

    def is_trace_id_random(self) -> bool:
        return False  # a client may have chosen it

    def generate_span_id(self) -> int:
        return requested_span_id() or super().generate_span_id()


def build_tracer_provider(exporter: SpanExporter, *, process: str, version: str) -> TracerProvider:
    """Build a provider that exports spans in batches; `process` is this process's name in them."""
    named = {
        "service.name": f"kinelog-{process}",
        "service.namespace": "kinelog",
        "service.version": version,
    }
    provider = TracerProvider(
        sampler=ALWAYS_ON,  # unsampled traces start no spans (application.kernel.tracing)
        resource=Resource.create(named),
        id_generator=CorrelationIds(),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=EXPORT_EVERY_MS))
    return provider


def otlp_exporter(endpoint: str) -> SpanExporter:
    """Export to a collector: its base URL, such as `http://collector:4318`, or a full one."""
    address = endpoint if endpoint.endswith(TRACES_PATH) else endpoint.rstrip("/") + TRACES_PATH
    return OTLPSpanExporter(endpoint=address, timeout=EXPORT_S)

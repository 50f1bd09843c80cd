"""Error reports to Sentry: the error and its location, without personal data.

The log decides what is an error: a line logged as an error, with its exception, is reported, from
any process. Sentry's own integrations, which inspect requests, frameworks and queries, are off.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

import sentry_sdk
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.transport import Transport
from sentry_sdk.types import Event, Hint

from adapters.telemetry.redaction import hidden_text

FLUSH_S: Final = 2.0
"""Longest wait at the end of the process for pending reports."""

KEPT: Final = frozenset(
    {
        "contexts", "environment", "event_id", "exception", "fingerprint", "level", "logentry",
        "message", "platform", "release", "sdk", "tags", "timestamp",
    }
)  # fmt: skip
"""Event fields that may leave. `request`, `user`, `extra`, `breadcrumbs`, `modules` and fields of
newer versions are removed."""

CONTEXTS: Final = frozenset({"runtime", "os", "trace"})


def report_errors(
    dsn: str,
    *,
    release: str,
    environment: str,
    process: str,
    transport: type[Transport] | None = None,
) -> Callable[[], None]:
    """Start reporting; the result flushes pending reports at the end."""
    sentry_sdk.init(
        dsn=dsn,
        release=f"kinelog@{release}",
        environment=environment,
        server_name=process,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[ExcepthookIntegration(), ThreadingIntegration(), DedupeIntegration()],
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        send_client_reports=False,
        auto_session_tracking=False,
        before_send=stripped,
        transport=transport,
    )
    sentry_sdk.set_tag("process", process)
    return lambda: sentry_sdk.flush(FLUSH_S)


def stripped(event: Event, _hint: Hint) -> Event:
    """Remove everything but the location of the error."""
    kept: dict[str, Any] = {name: part for name, part in event.items() if name in KEPT}
    kept["contexts"] = {
        name: part for name, part in kept.get("contexts", {}).items() if name in CONTEXTS
    }
    values: list[dict[str, Any]] = kept.get("exception", {}).get("values", [])
    for each in values:
        each["value"] = hidden_text(str(each.get("value", "")))
        stack: dict[str, list[dict[str, Any]]] = each.get("stacktrace") or {}
        for frame in stack.get("frames", []):
            frame.pop("vars", None)
    event.clear()  # type: ignore[attr-defined]  # a dictionary, in spite of its type
    event.update(kept)  # type: ignore[typeddict-item]  # parts of what it was
    return event


def report(line: Mapping[str, Any]) -> None:
    """Report a log line that has an exception."""
    failure = line.get("exc_info")
    if failure is True:
        failure = sys.exc_info()
    if not failure:
        return
    with sentry_sdk.new_scope() as scope:
        scope.set_tag("event", str(line.get("event")))
        if "correlation_id" in line:
            scope.set_tag("correlation_id", str(line["correlation_id"]))
        scope.capture_exception(failure)

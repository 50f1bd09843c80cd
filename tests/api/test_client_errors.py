"""Reports of errors in web pages."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from adapters.rate_limit.token_bucket import TokenBuckets
from api.app import build_app
from api.config import ApiConfig
from application.kernel.tracing import current_correlation_id
from application.platform import Platform
from tests.api.conftest import WEB

TRACE = "0af7651916cd43dd8448eb211c80319c"
HEADERS = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
REPORT = {
    "kind": "camera", "name": "NotAllowedError", "page": "/pose_realtime.html",
    "script": "/static/assets/pose_realtime-DNvVItte.js", "line": 12, "column": 3456,
}  # fmt: skip


def identified(_logger: Any, _method: str, line: Any) -> Any:
    """Add the correlation id, as the configured log does."""
    line["correlation_id"] = str(current_correlation_id())
    return line


@pytest.fixture
def guest(platform: Platform) -> TestClient:
    limiters = {"client_errors": TokenBuckets("client_errors", 3, redis_url=None)}
    config = ApiConfig(sign_in_required=True, limiters=limiters)  # type: ignore[arg-type]
    return TestClient(build_app(platform, web=WEB, config=config))


def test_a_report_is_logged_with_the_correlation_id_of_the_page(guest: TestClient) -> None:
    """R-LIV-12, R-OPS-04: without signing in, as the sign-in page can fail, too."""
    with capture_logs(processors=[merge_contextvars, identified]) as lines:
        assert guest.post("/v1/client-errors", json=REPORT, headers=HEADERS).status_code == 204
    (line,) = [each for each in lines if each["event"] == "client.failed"]
    assert line["log_level"] == "warning"
    assert line["correlation_id"].replace("-", "") == TRACE
    assert {name: line[name] for name in REPORT} == REPORT


@pytest.mark.parametrize(
    "change",
    [
        {"name": "ada@example.org"},
        {"name": "Ada has a bad knee"},
        {"page": "/sessions/ada"},
        {"page": "/session_replay.html?share=secret"},
        {"script": "https://example.org/x.js"},
        {"column": -1},
        {"message": "free text"},
        {"kind": "other"},
    ],
    ids=["address", "sentence", "id", "query", "other site", "column", "message", "kind"],
)
def test_a_report_cannot_hold_personal_data(guest: TestClient, change: dict[str, str]) -> None:
    """R-LIV-12, R-TEN-09: there is no field for it, and the others take only their own form."""
    with capture_logs() as lines:
        answer = guest.post("/v1/client-errors", json=REPORT | change)
    assert answer.status_code == 422
    assert [each for each in lines if each["event"] == "client.failed"] == []


def test_reports_of_one_address_are_limited(guest: TestClient) -> None:
    """R-API-08, R-LIV-12: nobody can fill the log."""
    statuses = [guest.post("/v1/client-errors", json=REPORT).status_code for _ in range(5)]
    assert statuses == [204, 204, 204, 429, 429]

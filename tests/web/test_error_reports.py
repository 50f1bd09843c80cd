"""Pages send a trace context with each request, and report their errors to the log."""

import json
import re
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Request

from bootstrap.pages import SOURCES as WEB
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer

TRACEPARENT: Final = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-01")

PAGES: Final = sorted(path.name for path in WEB.glob("*.html"))

REFERENCE: Final = "0af76519-16cd-43dd-8448-eb211c80319c"

FAIL: Final = "() => { setTimeout(() => { throw new TypeError('Ada has a bad knee'); }); }"
REJECT: Final = f"""() => {{
  const facts = {{ code: "value.invalid", reference: "{REFERENCE}" }};
  Promise.reject(Object.assign(new Error("x"), facts));
}}"""


def to_api(request: Request) -> bool:
    path = request.url.partition("//")[2].partition("/")[2]
    return path.startswith(("v1/", "graphql")) and request.resource_type in {"fetch", "xhr"}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_loads_the_error_reports_before_its_own_script(name: str) -> None:
    """R-LIV-12, R-OPS-04: they work even if a page's own script cannot be loaded."""
    scripts = re.findall(r'<script type="module" src="([^"]+)"', (WEB / name).read_text())
    assert scripts[0] == "/src/api/error-reports.ts"


def test_scripts_send_requests_with_a_trace_context_only() -> None:
    """R-OPS-04: `fetch` is called in the modules that add it, and for files of other origins.

    The service worker passes on what pages send.
    """
    callers = {
        str(path.relative_to(WEB / "src"))
        for path in (WEB / "src").rglob("*.ts")
        if re.search(r"(?<![\w.#])fetch\(", path.read_text())
    }
    assert callers == {
        "api/tracing.ts",
        "api/error-reports.ts",
        "live/pose-engine.ts",
        "offline/service-worker.ts",
    }


@pytest.mark.slow
def test_each_request_of_a_page_has_its_own_trace(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-OPS-04: the id is that of the server's log lines.

    All pages are opened in one tab, because a browser context of their own takes longer than most.
    """
    page = new_page(server.url, service_workers="block")
    sent: list[str] = []

    def note(request: Request) -> None:
        if to_api(request):
            sent.append(str(request.headers.get("traceparent")))

    page.on("request", note)
    for name in PAGES:
        sent.clear()
        page.goto(f"/{name}")
        page.wait_for_load_state("networkidle")
        traces = [TRACEPARENT.fullmatch(each) for each in sent]
        assert all(traces), (name, sent)
        assert len({each[1] for each in traces if each}) == len(sent), name


def reported(page: Page, script: str) -> tuple[dict[str, Any], str]:
    """Run a script in a page; gives the report that follows and its trace id."""
    with page.expect_response("**/v1/client-errors") as answer:
        page.evaluate(script)
    assert answer.value.status == 204, answer.value.text()
    request = answer.value.request
    trace = TRACEPARENT.fullmatch(request.headers["traceparent"])
    assert trace is not None
    return json.loads(str(request.post_data)), trace[1]


def test_an_unhandled_error_is_reported_without_its_message(
    server: PlatformServer, browser: Browser
) -> None:
    """R-LIV-12, R-TEN-09: under the trace of the page, or of the request that failed."""
    with browser.new_context(base_url=server.url) as context:
        page = context.new_page()
        page.goto("/session_list.html")
        report, _ = reported(page, FAIL)
        assert report == {"kind": "unhandled", "name": "TypeError", "page": "/session_list.html"}
        report, trace = reported(page, REJECT)
        assert report["name"] == "value.invalid"
        assert trace == REFERENCE.replace("-", "")


REFUSED: Final = """() => {
  const busy = new DOMException("x", "NotReadableError");
  navigator.mediaDevices.getUserMedia = () => Promise.reject(busy);
  import("/static/src/coach/camera.js").then(({ openCamera }) => openCamera()).catch(() => {});
}"""

UNSTORED: Final = """() => {
  indexedDB.open = () => { throw new DOMException("x", "SecurityError"); };
  import("/static/src/live/storage.js").then(({ openStorage }) => openStorage());
}"""

NO_MODEL: Final = """() => {
  const options = { modelUrl: "/models/none", onFrame() {}, onError() {} };
  import("/static/src/live/pose-source.js").then(({ openPoseSource }) =>
    openPoseSource(document.createElement("video"), options));
}"""


@pytest.mark.parametrize(
    ("script", "kind", "name"),
    [
        (REFUSED, "camera", "NotReadableError"),
        (UNSTORED, "storage", "SecurityError"),
        (NO_MODEL, "model", "http.404"),
    ],
    ids=["camera", "storage", "model"],
)
def test_a_handled_error_is_reported_as_well(
    server: PlatformServer, browser: Browser, script: str, kind: str, name: str
) -> None:
    """R-LIV-12: of the camera, of the browser's storage, and of the pose model."""
    with browser.new_context(base_url=server.url) as context:
        page = context.new_page()
        page.goto("/pose_realtime.html")
        report, _ = reported(page, script)
        assert report == {"kind": kind, "name": name, "page": "/pose_realtime.html"}

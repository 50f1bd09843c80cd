"""Loading of the pages in Chromium: first paint, interactive, requests and transferred bytes.

Each page is opened with an empty cache, on an emulated network like a slow 4G (150 ms, 1.6 Mbit/s).
`interactive_ms`: until all scripts of the page have run. `later_*`: the page is opened again by the
same browser. The camera is not turned on, so the pose model is not loaded.

With KINELOG_BESIDE=FOLDER, another checkout is measured in the same run, such as one of an older
commit (`git worktree add FOLDER COMMIT`, with links to `.venv` and `web/node_modules`).

Run `python -m benchmarks.pages [--rounds 5] [--json]`.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks._report import Row, print_report

HERE: Final = Path(__file__).parents[1]

CHROMIUM: Final = Path("/usr/bin/chromium")

SLOW_4G: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
"""Lighthouse's network for phones."""

TIMES: Final = """() => ({
  paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  interactive: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
})"""


@contextmanager
def served(checkout: Path) -> Generator[dict[str, str]]:
    """Serve a checkout with one analyzed session; yield the URLs of its pages by name."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "KINELOG_HOME": home,
            "KINELOG_PORT": "0",
            "PYTHONPATH": str(checkout),
        }

        def kinelog(*words: str) -> "subprocess.Popen[str]":
            return subprocess.Popen(
                [sys.executable, "-m", "bootstrap", *words, "--json"],
                cwd=checkout,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )

        with kinelog("demo", "--no-serve") as demo:
            session = json.loads(demo.communicate()[0])["session_id"]
        with kinelog("serve") as server:
            assert server.stdout is not None
            url = json.loads(server.stdout.readline())["url"]
            yield {
                "home": url,
                "coach": f"{url}pose_realtime.html",
                "result": f"{url}sessions/{session}",
            }
            server.terminate()


def load(page: Page, url: str) -> dict[str, float]:
    """Open a page, and return its figures once it sends no more requests."""
    figures = {"requests": 0.0, "kB": 0.0}

    def sent(_: Any) -> None:
        figures["requests"] += 1

    def received(event: Any) -> None:
        figures["kB"] += event["encodedDataLength"] / 1000

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", received)
    page.goto("about:blank")
    page.goto(url, wait_until="networkidle")
    times = page.evaluate(TIMES)
    session.detach()
    return {"paint_ms": times["paint"], "interactive_ms": times["interactive"], **figures}


def measure(browser: Browser, url: str) -> dict[str, float]:
    """Return the figures of one page in a new browser context, the first time and later."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        first = load(page, url)
        later = load(page, url)
    return first | {f"later_{name}": later[name] for name in ("interactive_ms", "kB")}


def run(rounds: int) -> list[Row]:
    """Open each page of each checkout in turn; return the medians."""
    checkouts = {"here": HERE}
    if "KINELOG_BESIDE" in os.environ:
        checkouts["beside"] = Path(os.environ["KINELOG_BESIDE"]).resolve()
    found: dict[tuple[str, str], list[dict[str, float]]] = {}
    with ExitStack() as opened:
        urls = {name: opened.enter_context(served(path)) for name, path in checkouts.items()}
        chromium = opened.enter_context(sync_playwright()).chromium
        path = CHROMIUM if CHROMIUM.exists() else None
        browser = chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(rounds):
            for page in next(iter(urls.values())):
                for name, pages in urls.items():
                    found.setdefault((page, name), []).append(measure(browser, pages[page]))
        browser.close()
    return [
        {
            "page": page,
            "checkout": name,
            **{key: round(median(each[key] for each in all_rounds)) for key in all_rounds[0]},
        }
        for (page, name), all_rounds in found.items()
    ]


if __name__ == "__main__":
    print_report(__doc__, run, rounds=5)

"""Twenty uploads while processes and servers of the platform are killed."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import urljoin

import pytest

from application.content.orphans import OrphanedObjects
from bootstrap.platform import open_platform
from bootstrap.wiring.content import build_content_objects
from domain.content.events import ContentReady, ContentRejected
from domain.ids import DEFAULT_TENANT
from domain.kernel import Recorded
from tests.adapters.content.videos import lesson
from tests.journeys.content_site import ContentSite, running
from tools.local_services.clamd import EICAR

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

GOOD, INFECTED, DAMAGED = 14, 3, 3
UPLOADERS: Final = 4
BLOWS: Final = {3: "encoder", 7: "api", 11: "kafka", 14: "clamd", 17: "encoder"}
"""Target that is killed when so many files have been uploaded."""

LATER: Final = datetime(2100, 1, 1, tzinfo=UTC)

MAP: Final = re.compile(r'#EXT-X-MAP:URI="([^"]+)",BYTERANGE="(\d+)@(\d+)"')
RANGE: Final = re.compile(r"#EXT-X-BYTERANGE:(\d+)@(\d+)\n([^\n#]+)")
LIST: Final = re.compile(r'(?:URI="|\n)([\w.-]+\.m3u8)')


class Blows:
    """Kills a target each time so many uploads are done."""

    def __init__(self, site: ContentSite) -> None:
        self._site = site
        self._lock = Lock()
        self.done = 0

    def count(self) -> None:
        """Count an upload; a killed target starts again at once."""
        with self._lock:
            self.done += 1
            name = BLOWS.get(self.done)
        if name is not None:
            self._site.restart(name)


def files(folder: Path) -> dict[str, bytes]:
    """Return the files to upload by the end that they should come to."""
    video = lesson(folder / "video.mp4", size=(160, 120), seconds=1.0).read_bytes()
    return {"ready": video, "malware_found": EICAR, "damaged": video[: len(video) * 2 // 3]}


def end(item: Any) -> str:
    """Return the end of an item: `ready`, or the reason for which it was rejected."""
    return str(item["rejection"] or item["status"])


def fetch_segments(site: ContentSite, key: str) -> int:
    """Fetch all bytes of all renditions of a video, and return the number of segments."""
    opened = site.ask("GET", f"/v1/content/{key}/playback").json()
    master = site.ask("GET", opened["hlsUrl"])
    names = set(LIST.findall(master.text))
    assert len(names) == 3, master.text
    count = 0
    for name in names:
        base = urljoin(opened["hlsUrl"], name)
        playlist = site.ask("GET", base).text
        found = MAP.search(playlist)
        assert found is not None
        ranges = [(found[1], int(found[2]), int(found[3]))]
        ranges += [(file, int(size), int(start)) for size, start, file in RANGE.findall(playlist)]
        for file, size, start in ranges:
            span = {"Range": f"bytes={start}-{start + size - 1}"}
            part = site.ask("GET", urljoin(base, file), headers=span)
            assert (part.status_code, len(part.content)) == (206, size)
        count += len(ranges) - 1
    return count


def ends_of(history: list[Recorded[Any]]) -> int:
    return sum(isinstance(each.event, ContentReady | ContentRejected) for each in history)


def test_each_upload_comes_to_one_end_whatever_is_killed(tmp_path: Path) -> None:
    """R-CON-01, R-CON-02, R-CON-04, R-CON-05, R-CON-06, R-EVT-13, R-EVT-18.

    No segment is missing, and no object is left.
    """
    content = files(tmp_path)
    wanted = ["ready"] * GOOD + ["malware_found"] * INFECTED + ["damaged"] * DAMAGED
    wanted = [wanted[number * 7 % len(wanted)] for number in range(len(wanted))]  # mixed
    with running(tmp_path / "site", "distributed") as site:
        blows = Blows(site)

        def upload(outcome: str) -> str:
            key = site.upload(content[outcome])
            blows.count()
            return key

        with ThreadPoolExecutor(UPLOADERS) as uploaders:
            keys = list(uploaders.map(upload, wanted))
        assert blows.done == len(wanted)
        assert [end(site.settled(key)) for key in keys] == wanted
        live = [key for key, outcome in zip(keys, wanted, strict=True) if outcome == "ready"]
        assert [fetch_segments(site, key) for key in live] == [3] * len(live)
        with open_platform(site.settings()) as platform:
            histories = [list(platform.log.load(DEFAULT_TENANT, f"content-{key}")) for key in keys]
            assert [ends_of(history) for history in histories] == [1] * len(keys)
            objects = build_content_objects(site.settings())
            remove = OrphanedObjects(platform.log, platform.media, objects)
            assert remove(DEFAULT_TENANT, LATER, dry_run=True) == 0

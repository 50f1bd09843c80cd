"""The studio of a trainer, and uploads on its page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from application.content.upload_store import MIN_PART_BYTES
from application.kernel.command_handler import Request
from domain.content import commands, events
from domain.content.item import CONTENT
from domain.ids import DEFAULT_TENANT, ContentId
from domain.kernel import Origin
from tests.web.lessons import TRAINER, analyze_lesson, publish_lesson
from tests.web.server import PlatformServer, opened

AT: Final = datetime(2030, 1, 1, tzinfo=UTC)
VIDEO: Final = b"kinelog!" * (2 * MIN_PART_BYTES // 8) + b"the end"
"""Three parts."""


TITLE: Final = "Squats for beginners"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    """A server with the folder store."""
    folder = tmp_path_factory.mktemp("studio")
    more = {"max_content_mb": 40, "max_content_gb_per_trainer": 1}
    with opened(folder / "home", folder / "none.mp4", more=more) as server:
        yield server


@pytest.fixture(scope="module")
def lesson(studio: PlatformServer) -> str:
    """The id of a published video that plays, whose exercises were found."""
    key = publish_lesson(studio.platform, TITLE)
    analyze_lesson(studio.platform)
    return key


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "Front_squats.mp4"
    path.write_bytes(VIDEO)
    return path


def execute(server: PlatformServer, key: str, *wanted: commands.ContentCommand) -> None:
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=TRAINER, correlation_id=uuid4())
    request = Request(CONTENT, ContentId(key), wanted)
    server.platform.commands.execute(request, origin=origin, command_id=uuid4())


def begun(title: str) -> commands.RequestUpload:
    file = events.DeclaredFile(len(VIDEO), "video/mp4", sha256(VIDEO).hexdigest())
    return commands.RequestUpload(trainer_id=TRAINER, title=title, description="", file=file, at=AT)


def uploaded() -> commands.NoteUploaded:
    return commands.NoteUploaded(number=1, size=len(VIDEO), at=AT)


def shown(page: Page, title: str) -> Any:
    """Return the newest row with a title."""
    return page.locator(".studio-row-item", has_text=title).first


def choose(page: Page, file: Path) -> None:
    expect(page.locator("#usage-text")).to_contain_text("used")
    page.locator("#file").set_input_files(file)


def press_upload(page: Page) -> None:
    page.locator("#upload-form [type=submit]").click()


def is_part(url: str) -> bool:
    """Return whether a URL is that of a part, in the folder or the bucket."""
    return "/v1/content-uploads/" in url or "partNumber=" in url

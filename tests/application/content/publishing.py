"""A publisher with its stores in memory, and an encoder that fails on demand."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO
from weakref import finalize

import sqlalchemy as sa

from adapters.clock import new_id
from adapters.event_log.memory import MemoryEventLog
from adapters.jobs.content import CONTENT_JOBS, SqlContentJobs
from adapters.media.filesystem import FolderMediaStore
from adapters.sql.engines import open_engine
from application.content.encoding import (
    EncodingUnit,
    Pictures,
    Report,
    Segment,
    SourceVideo,
    Storyboard,
    Track,
)
from application.content.jobs import ContentJob, ContentQueue
from application.content.publishing import ContentPublisher
from application.content.upload_store import UploadKey
from application.content.workers import content_worker
from application.kernel.cloud_events import encoded
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.leased_jobs import JobWorker
from domain.content import commands, events
from domain.content.encoding import CONTENT_ENCODING, UnitDone
from domain.content.item import CONTENT, Item
from domain.ids import DEFAULT_TENANT, ContentId, UserId
from domain.kernel import Origin
from tests.golden.examples import CODEC

NOW = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
ADA = UserId("ada")
SQUATS = ContentId("squats")
FILE = events.DeclaredFile(5_000_000, "video/mp4", "ab" * 32)
SOURCE = SourceVideo(width=1280, height=720, rate=Fraction(30), duration_s=10.0, has_audio=True)
UNITS = ("pictures", "audio", "h264-480", "h264-720", "av1-480", "av1-720")


class CrashError(BaseException):
    """The process ends: nothing catches it."""


@dataclass
class StubEncoder:
    """Encoder that gives a few bytes for each unit; `before` is called with its name."""

    done: list[str] = field(default_factory=list)
    before: Any = lambda _name: None
    source: SourceVideo = SOURCE

    def inspect(self, video: Path) -> SourceVideo:
        assert video.exists()
        self._do("inspect")
        return self.source

    @contextmanager
    def encode_track(
        self, video: Path, unit: EncodingUnit, progress: Report
    ) -> Iterator[tuple[BinaryIO, Track]]:
        assert video.exists()
        progress(0.5)
        self._do(unit.name)
        content = unit.name.encode()
        size = len(content) - 2
        yield (
            io.BytesIO(content),
            Track(
                unit=unit.name,
                codecs="mp4a.40.2" if unit.codec is None else "avc1.64001f",
                init_size=2,
                segments=(Segment(2, size, 10.0),),
                width=unit.width,
                height=unit.height,
                rate=unit.rate,
            ),
        )

    @contextmanager
    def make_pictures(
        self, video: Path, source: SourceVideo, progress: Report
    ) -> Iterator[tuple[BinaryIO, Pictures]]:
        assert video.exists()
        progress(0.5)
        self._do("pictures")
        board = Storyboard(
            tile_width=160, tile_height=90, columns=10, count=1, every_s=source.duration_s
        )
        files = {"poster.jpg": (0, 4), "storyboard.jpg": (4, 5)}
        yield io.BytesIO(b"posterboard"[:9]), Pictures(files=files, storyboard=board)

    def _do(self, name: str) -> None:
        self.before(name)
        self.done.append(name)


@dataclass
class PublishingFixture:
    """A publisher, and what it works on."""

    folder: Path
    encoder: Any
    log: MemoryEventLog = field(
        default_factory=lambda: MemoryEventLog(clock=lambda: NOW, new_id=new_id, codec=CODEC)
    )
    video: Path | None = None

    def __post_init__(self) -> None:
        if self.video is None:
            self.video = self.folder / "video"
            self.video.write_bytes(b"video")
        database = sa.URL.create("sqlite", database=str(self.folder / "jobs.sqlite3"))
        self.engine = open_engine(database, schema="")
        finalize(self, self.engine.dispose)
        self.jobs = SqlContentJobs(self.engine)
        self.commands = CommandHandler(self.log, settled=lambda _: None)
        self.media = FolderMediaStore(self.folder / "media")
        self.publisher = ContentPublisher(
            log=self.log,
            commands=self.commands,
            media=self.media,
            uploads=self,
            encoder=self.encoder,
            clock=lambda: NOW,
        )

    @contextmanager
    def local(self, key: UploadKey) -> Iterator[Path]:
        assert (key.tenant_id, key.content_id) == (DEFAULT_TENANT, SQUATS)
        assert key.number >= 1
        assert self.video is not None
        yield self.video

    def execute(self, *wanted: commands.ContentCommand) -> None:
        """Execute commands of the item."""
        self.execute_in(Request(CONTENT, SQUATS, wanted))

    def execute_in(self, request: Request) -> None:
        """Execute the commands of a stream."""
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=ADA, correlation_id=new_id())
        self.commands.execute(request, origin=origin, command_id=new_id())

    def upload(self, number: int = 1) -> None:
        """Let a version pass its checks."""
        assert self.video is not None
        file = replace(FILE, digest=sha256(self.video.read_bytes()).hexdigest())
        if number == 1:
            self.execute(
                commands.RequestUpload(
                    trainer_id=ADA, title="Squats", description="", file=file, at=NOW
                )
            )
        else:
            self.execute(commands.ReplaceFile(file=file, at=NOW))
        self.execute(
            commands.NoteUploaded(number=number, size=FILE.size, at=NOW),
            commands.PassChecks(number=number, media_type="video/mp4", duration_ms=10_000, at=NOW),
        )

    def work(self, stop: Event | None = None, **settings: Any) -> None:
        """Deliver all events of the log, as the queue does, and run the jobs of encodings."""
        self.run(self.worker(**settings), stop or Event())

    def run(self, worker: JobWorker[ContentJob], stop: Event) -> None:
        """Deliver all events, and run the jobs of a worker. Leases of others have expired."""
        queue = ContentQueue(self.log, self.jobs, lambda: NOW)
        for recorded in self.log.scan(after=0, limit=1000):
            queue.submit(encoded(recorded, CODEC.encode))
        self.expire()
        while not stop.is_set() and worker.run_next(stop):
            pass

    def worker(self, **settings: Any) -> JobWorker[ContentJob]:
        """Return a worker of encodings."""
        publisher = self.publisher
        given = {"give_up": publisher.give_up, "abandon": publisher.abandon, **settings}
        return content_worker("encode", self.jobs, self.log, publisher.encode_video, **given)

    def expire(self) -> None:
        """End all leases, as time does."""
        with self.engine.begin() as connection:
            connection.execute(sa.update(CONTENT_JOBS).values(until=0.0))

    def job(self) -> ContentJob:
        """Return the newest job."""
        return self.jobs.newest(DEFAULT_TENANT, [SQUATS])[SQUATS]

    def events(self) -> list[Any]:
        """Return the events of the item."""
        return [
            each.event for each in self.log.load(DEFAULT_TENANT, f"{CONTENT.category}-{SQUATS}")
        ]

    def item(self) -> Item:
        item = CONTENT.fold(self.events())
        assert isinstance(item, Item)
        return item

    def units(self, number: int = 1) -> list[str]:
        """Return the units that the log has as done."""
        stream = f"{CONTENT_ENCODING.category}-{SQUATS}.{number}"
        history = self.log.load(DEFAULT_TENANT, stream)
        return [each.event.unit for each in history if isinstance(each.event, UnitDone)]

"""Build the workers that check, encode, analyze and transcribe trainers' videos."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import Final

from application.content.jobs import ContentJob
from application.content.workers import content_worker
from application.kernel.leased_jobs import JobWorker
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.threads import keep_running, running

LESSON_TURN_S: Final = 1800.0
"""Turn of an analysis; the next turn decodes the video again up to where this one ended."""


@contextmanager
def working_on_content(settings: Settings, platform: Platform) -> Generator[None]:
    """Check, encode, analyze and transcribe uploaded videos on threads until the end of the block.

    Each step has threads of its own, so none waits for an encoding. A job in progress at
    the end is continued by the next process.
    """
    workers = {"content-check": build_checks(platform)}
    for index in range(settings.content_encoders):
        workers[f"content-encode-{index}"] = build_encodings(platform)
    workers["content-analyze"] = build_lessons(platform)
    workers["content-transcribe"] = build_transcriptions(platform)
    work = {
        name: partial(keep_running, "content_jobs", worker.run) for name, worker in workers.items()
    }
    with running(work, settings.shutdown_s):
        yield


def build_checks(platform: Platform) -> JobWorker[ContentJob]:
    """Build a worker that checks files which arrived."""
    checker = platform.checker
    return content_worker(
        "check",
        platform.content_queue.jobs,
        platform.log,
        checker.check_file,
        checker.give_up,
        checker.abandon,
    )


def build_encodings(platform: Platform) -> JobWorker[ContentJob]:
    """Build a worker that encodes videos which passed their checks."""
    publisher = platform.publisher
    return content_worker(
        "encode",
        platform.content_queue.jobs,
        platform.log,
        publisher.encode_video,
        publisher.give_up,
        publisher.abandon,
    )


def build_lessons(platform: Platform) -> JobWorker[ContentJob]:
    """Build a worker that analyzes the exercises of published videos."""
    lessons = platform.lessons
    return content_worker(
        "analyze",
        platform.content_queue.jobs,
        platform.log,
        lessons.analyze_lesson,
        lessons.give_up,
        lessons.abandon,
        turn_s=LESSON_TURN_S,
    )


def build_transcriptions(platform: Platform) -> JobWorker[ContentJob]:
    """Build a worker that drafts captions of published videos."""
    transcriber = platform.transcriber
    return content_worker(
        "transcribe",
        platform.content_queue.jobs,
        platform.log,
        transcriber.draft_captions,
        transcriber.give_up,
        transcriber.abandon,
    )

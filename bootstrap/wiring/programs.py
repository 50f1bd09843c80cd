"""Build the program worker, for processes that serve and for `kinelog worker programs`."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from threading import Event

from adapters.clock import utc_now
from application.kernel.command_handler import CommandHandler
from application.kernel.consumer import consumer_subscription
from application.platform import Platform
from application.programs.plan_requests import GROUP, ProgramWorker
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus, draw
from bootstrap.wiring.threads import keep_running, running


@contextmanager
def planning_programs(settings: Settings, platform: Platform) -> Generator[None]:
    """Plan weeks requested on `program.plan` until the end of the block, if there is Kafka."""
    if not settings.queues_on_bus:
        yield
        return
    work = partial(keep_running, "programs", partial(_consume, settings, platform))
    with running({GROUP.name: work}, settings.shutdown_s):
        yield


def _consume(settings: Settings, platform: Platform, stop: Event) -> None:
    commands = CommandHandler(platform.log, settled=lambda _: None)
    worker = ProgramWorker(replace(platform.programs, commands=commands), utc_now)
    with build_kafka_bus(settings) as bus:
        consumer_subscription(
            bus, GROUP, worker.handle, draw=draw, clock=utc_now, waits_for_outages=True
        ).run(stop)
